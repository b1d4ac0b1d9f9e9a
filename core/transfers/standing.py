"""A case of the procedure as its letters follow it: from the columns that casework keeps, and its records as they hold now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.casework.acts.going import ENTERING
from core.casework.acts.transfer import ARRIVED, LETTER, RECEIPT, RECEPTION, number_of
from core.casework.load import load_one
from core.casework.model import EntryView
from core.casework.stored import is_struck, valid
from core.database import fetchrow


class Stands(msgspec.Struct, frozen=True, kw_only=True):
    """Where a case stands, as far as a letter follows it."""

    case_id: UUID
    person_id: UUID
    path: str
    to_path: str
    status: str
    membership: str
    open_steps: tuple[str, ...]
    next_due: date | None
    tags: frozenset[str]
    beyond: str
    beyond_county: UUID | None
    entry_id: UUID | None
    number: str | None
    issued_on: date | None
    received_on: date | None
    refused: bool
    receipt_on: date | None
    last_note: str
    last_day: date

    @property
    def entering(self) -> bool:
        """Whether its person comes from another county."""
        return ENTERING in self.tags

    @property
    def arrived(self) -> bool:
        """Whether he has been received."""
        return self.membership == ARRIVED

    @property
    def waits(self) -> bool:
        """Whether a letter is out that can be answered."""
        return self.status == "running" and RECEPTION in self.open_steps and self.entry_id is not None


async def stands(case_id: UUID) -> Stands | None:
    """How a case stands in this transaction."""
    row = await fetchrow("select open_steps, next_due, beyond_county from case_file where id = $1", case_id)
    case = await load_one(case_id)
    if row is None or case is None:
        return None
    letter = next(reversed(_held(case.entries, LETTER)), None)
    since = letter.seq if letter else 0
    answers = [valid(case.entries, one) for one in _held(case.entries, RECEPTION) if one.seq > since]
    receipts = [valid(case.entries, one) for one in _held(case.entries, RECEIPT)]
    issued, last = valid(case.entries, letter) if letter else None, case.entries[-1]
    return Stands(
        case_id=case_id, person_id=case.person_id, path=case.path, to_path=case.to_path, status=case.status,
        membership=case.membership, open_steps=tuple(row["open_steps"]), next_due=row["next_due"],
        tags=case.case.subject.tags, beyond=case.beyond, beyond_county=row["beyond_county"],
        entry_id=issued.id if issued else None, number=number_of(issued.evidence) if issued else None,
        issued_on=issued.day if issued else None, received_on=max((one.day for one in answers), default=None),
        refused=bool(answers) and _refuses(answers[-1]), receipt_on=receipts[-1].day if receipts else None,
        last_note=last.note, last_day=last.day,
    )  # fmt: skip


def _held(entries: Sequence[EntryView], step: str) -> list[EntryView]:
    """The records of a step that were not struck out, of a letter those that give it a number; what holds of one is `valid`."""
    return [
        one
        for one in entries
        if (one.step, one.kind) == (step, "record")
        and not is_struck(entries, one.id)
        and (step != LETTER or number_of(valid(entries, one).evidence))
    ]


def _refuses(answer: EntryView) -> bool:
    """Whether some level there does not agree."""
    return any(
        "refused" in given.values() for given in answer.evidence.values() if isinstance(given, Mapping)
    )
