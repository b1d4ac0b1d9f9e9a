"""Requests for a correction: what waits for the level above, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from core.actor import Actor
from core.casework.acts.entries import NewEntry
from core.casework.acts.write import write
from core.casework.matter import Matter
from core.casework.model import EntryView, Written
from core.database import execute

REQUESTS = ("correction-request", "strike-request")
ANSWERS = ("correction-granted", "correction-refused")


def pending(entries: Sequence[EntryView]) -> list[EntryView]:
    """The requests that nobody has answered, oldest first; none in a case that has ended."""
    ends = [one.kind for one in entries if one.kind in ("end", "reopening")]
    if ends and ends[-1] == "end":
        return []
    answered = {one.about for one in entries if one.kind in ANSWERS}
    return [one for one in entries if one.kind in REQUESTS and one.id not in answered]


async def ask(actor: Actor, matter: Matter, request: NewEntry, today: date) -> Written:
    """Write down a request; the case stands as it did."""
    written = await write(
        actor, matter, request, today, "correction-asked", step=request.step, asks=request.asks
    )
    await note_asked(
        matter.case.id, [*pending(matter.case.entries), Asking(written.entry_id, request.asks, actor.id)]
    )
    return written


class Asking(NamedTuple):
    """A request that has just been written: what the workbench must know of it."""

    id: UUID
    asks: str | None
    by_id: UUID


async def note_asked(case_id: UUID, waiting: Sequence[EntryView | Asking]) -> None:
    """The requests that wait, for the workbench: which entries, of which level, by whom; three columns side by side."""
    await execute(
        "update case_file set asked = $2, asked_by = $3, asked_in = $4 where id = $1",
        case_id, [one.asks for one in waiting], [one.by_id for one in waiting], [one.id for one in waiting],
    )  # fmt: skip
