"""What a roster would do, row by row."""

from __future__ import annotations

from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor
from core.database import fetch, fetchval
from core.register.roster.batch import batch
from core.register.roster.rows import SHEET, Fault
from core.register.roster.shown import Difference, differences


class PreviewRow(msgspec.Struct, frozen=True):
    """A row and what it would do: `action` new|changed|same|error, `changes` are fields of the person, `differences` their
    old and new values, `remarks` are to be known and stop nothing. `place` says where it stands: its sheet, where several
    were read, and its row there."""

    number: int
    place: str
    action: str
    name: str
    person_id: UUID | None
    changes: tuple[str, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[Fault, ...] = ()
    differences: tuple[Difference, ...] = ()


REMARKED = "remarked"
"""Asked for as an action: the rows that can be taken, of which something is to be known."""
_REMARKED = "action <> 'error' and errors <> '[]'"


async def count_remarked(actor: Actor, batch_id: UUID) -> int:
    """How many rows there are of which something is to be known."""
    await batch(actor, batch_id)
    return int(
        await fetchval(f"select count(*) from import_row where batch_id = $1 and {_REMARKED}", batch_id)
    )


async def preview(
    actor: Actor, batch_id: UUID, *, action: str | None = None, after: int = 0, limit: int = 100
) -> list[PreviewRow]:
    """Rows of a parsed batch in the order of the sheet, those numbered beyond `after`: all, of an action, or REMARKED."""
    found = await batch(actor, batch_id)
    rows = await fetch(
        f"""select number, action, name, person_id, changes, errors, unit_id, payload from import_row
            where batch_id = $1 and number > $2 and ($3::text is null or action = $3 or $3 = '{REMARKED}' and {_REMARKED})
            order by number limit {int(limit)}""",
        batch_id, after, action,
    )  # fmt: skip
    told = await differences(rows)
    return [_row(row, found.columns.sheets, told.get(row["number"], ())) for row in rows]


def _row(row: Record, sheets: tuple[str, ...], changed: tuple[Difference, ...]) -> PreviewRow:
    told = msgspec.json.decode(row["errors"], type=tuple[Fault, ...])
    sheet, number = divmod(row["number"], SHEET)
    return PreviewRow(
        row["number"], f"{sheets[sheet]} {number}" if len(sheets) > 1 else str(number), row["action"], row["name"],
        row["person_id"], tuple(row["changes"]), tuple(one for one in told if not one.mild),
        tuple(one for one in told if one.mild), changed,
    )  # fmt: skip
