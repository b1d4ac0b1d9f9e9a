"""A case of the procedure as its letters follow it: from the columns that casework keeps, and its newest entries."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.casework.acts.going import ENTERING
from core.casework.acts.transfer import ARRIVED, LETTER, RECEIPT, RECEPTION
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
    row = await fetchrow(
        """select c.id case_id, c.person_id, c.path, coalesce(c.to_path, '') to_path, c.status, c.membership, c.open_steps,
                  c.next_due, c.tags, c.beyond, c.beyond_county, l.id entry_id, l.number, l.day issued_on,
                  r.day received_on, coalesce(r.refused, false) refused, b.day receipt_on, e.note last_note, e.day last_day
           from case_file c
           left join lateral (select id, seq, day, evidence -> 'serial' ->> 'number' number from case_entry
               where case_id = c.id and step = $2 and kind in ('record', 'correction')
                 and evidence -> 'serial' ->> 'number' <> '' order by seq desc limit 1) l on true
           left join lateral (select max(day) over () as day, evidence::text like '%"refused"%' refused from case_entry
               where case_id = c.id and step = $3 and kind in ('record', 'correction')
                 and seq > coalesce(l.seq, 0) order by seq desc limit 1) r on true
           left join lateral (select day from case_entry where case_id = c.id and step = $4
               and kind in ('record', 'correction') order by seq desc limit 1) b on true
           left join lateral (select note, day from case_entry where case_id = c.id order by seq desc limit 1) e on true
           where c.id = $1""",
        case_id, LETTER, RECEPTION, RECEIPT,
    )  # fmt: skip
    if row is None:
        return None
    lists = {"open_steps": tuple(row["open_steps"]), "tags": frozenset(row["tags"])}
    return Stands(**{**dict(row), **lists})
