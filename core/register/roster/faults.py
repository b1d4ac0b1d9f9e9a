"""The rows of a roster that cannot be taken, as a workbook to correct the original by."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from core.actor import Actor
from core.register.roster.batch import PreviewRow, preview
from core.register.roster.template import put_text, saved
from core.register.roster.workbook import MOST_ROWS

HEADINGS = {"行号": 8, "姓名": 14, "列": 18, "问题": 90}
"""Title → width in characters."""


async def faults_workbook(actor: Actor, batch_id: UUID) -> bytes:
    """A line for every fault, in the order of the sheet. Raises NotFound."""
    rows = await preview(actor, batch_id, action="error", limit=MOST_ROWS)
    return await asyncio.to_thread(_workbook, rows)


def _workbook(rows: Sequence[PreviewRow]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title, sheet.freeze_panes = "错误清单", "A2"
    for place, (title, width) in enumerate(HEADINGS.items(), start=1):
        cell = sheet.cell(1, place, title)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    faulty = [(row.number, row.name, fault) for row in rows for fault in row.faults]
    for line, (number, name, fault) in enumerate(faulty, start=2):
        sheet.cell(line, 1, number)
        for place, text in enumerate((name, fault.column, fault.sentence), start=2):
            put_text(sheet.cell(line, place), text)
    return saved(book)
