"""What somebody sees of his own file: what is held, who has looked at it, and what has happened, on one line of time."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import fetch, fetchrow
from core.errors import NotFound
from core.ledger.note import note_reading
from core.register.access import NO_SUCH_PERSON
from core.register.history import PersonChangeView, changes_of
from core.register.model import PersonFile
from core.register.queries import file_of
from core.register.readings import Reading, looks_at
from core.register.rights.spans import Span, spans_of


class OwnCase(msgspec.Struct, frozen=True):
    """A procedure about him: `ended` is the day of its last record once it is over."""

    procedure: str
    started: date
    status: str
    ended: date | None


class OwnFile(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. `spans` are posts and sanctions; `changes` and `readings` are the latest, newest first."""

    file: PersonFile
    spans: tuple[Span, ...]
    cases: tuple[OwnCase, ...]
    changes: list[PersonChangeView]
    readings: list[Reading]


async def own_file(actor: Actor, person_id: UUID) -> OwnFile:
    """His file as he may see it himself; that he looked is written down as any look. Whether it is he is checked before.

    Of a case under way he sees those that make members of people: what is being looked into about somebody he is told by
    whoever does it, as its procedure says, and not by a page. Raises NotFound.
    """
    row = await fetchrow(
        "select *, now() at time zone 'Asia/Shanghai' as now from person where id = $1", person_id
    )
    if row is None:
        raise NotFound(NO_SUCH_PERSON)
    file = await file_of(row)
    spans = (await spans_of([person_id]))[person_id]
    found = OwnFile(
        file=file, spans=spans, cases=await _cases(person_id), changes=await changes_of(person_id, limits=True),
        readings=await looks_at(person_id),
    )  # fmt: skip
    await note_reading(actor, [person_id], "file", "本人查阅")
    return found


async def _cases(person_id: UUID) -> tuple[OwnCase, ...]:
    rows = await fetch(
        """select procedure, started, status, case when status <> 'running'
               then (select max(e.day) from case_entry e where e.case_id = c.id) end ended
           from case_file c where person_id = $1 and (status <> 'running' or confers = 'membership')
           order by started desc""",
        person_id,
    )
    return tuple(OwnCase(**dict(row)) for row in rows)
