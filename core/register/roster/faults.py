"""The rows of a roster that cannot be taken, as a workbook to correct the original by."""

from __future__ import annotations

from uuid import UUID

from core.actor import Actor
from core.register.roster.extent import MOST_ROWS
from core.register.roster.preview import preview
from core.sheets import Table, written

HEADINGS = {"行号": 8, "姓名": 14, "列": 18, "问题": 90}
"""Title → width in characters."""


async def faults_workbook(actor: Actor, batch_id: UUID) -> bytes:
    """A line for every fault, in the order of the sheet. Raises NotFound."""
    rows = await preview(actor, batch_id, action="error", limit=MOST_ROWS)
    faulty = (
        (int(row.place) if row.place.isdecimal() else row.place, row.name, fault.column, fault.sentence)
        for row in rows
        for fault in row.faults
    )
    return await written(Table.of("错误清单", HEADINGS, faulty))
