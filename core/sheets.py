"""Workbooks as they leave the platform: one sheet of headings, below them texts that stay texts, figures and dates.

A long one is written apart (`written`): openpyxl would keep everybody else in the process waiting.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.apart import Exhausted, Limits, apart
from core.errors import Invalid

LIMITS = Limits(memory=640 << 20, seconds=60, wall=120, answer=64 << 20, file=256 << 20)
"""20,000 people in 19 columns need half of this (tests/core/test_sheets.py); openpyxl writes each sheet into a `file`."""


class Day(msgspec.Struct, array_like=True):
    """A date in a cell, which a workbook can sort and reckon with."""

    on: date


class Table(msgspec.Struct, array_like=True):
    """One sheet: its title, heading → width in characters, the lines below."""

    title: str
    widths: dict[str, float]
    rows: list[list[str | int | float | Day]]
    cover: list[tuple[str, str]] = []
    """What a sheet of its own says about it: who, when, what for. The first line and the last stand below each printed page."""

    @classmethod
    def of(
        cls, title: str, widths: Mapping[str, float], rows: Iterable[Sequence[str | int | float | date]]
    ) -> Table:
        """From whatever yields rows."""
        return cls(
            title, dict(widths), [[Day(one) if isinstance(one, date) else one for one in row] for row in rows]
        )


def headed(title: str, widths: Mapping[str, float]) -> tuple[Workbook, Worksheet]:
    """A workbook with its sheet; `widths`: heading → width in characters. Headings and first column stay in view."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title, sheet.freeze_panes = title, "B2"
    for place, (heading, width) in enumerate(widths.items(), start=1):
        cell = sheet.cell(1, place, heading)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F2F3F5")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(place)].width = width
    return book, sheet


async def written(table: Table) -> bytes:
    """The table as a workbook, made apart. Raises Invalid for what is too long for one workbook."""
    try:
        return await apart(__name__, msgspec.msgpack.encode(table), LIMITS)
    except Exhausted as error:
        raise Invalid("这份表格太长，没有生成。请缩小名单的范围，分几次导出。", code="exhausted") from error


def work(given: bytes) -> bytes:
    """What runs apart."""
    asked = msgspec.msgpack.decode(given, type=Table)
    book, sheet = headed(asked.title, asked.widths)
    for number, row in enumerate(asked.rows, start=2):
        for place, value in enumerate(row, start=1):
            _put(sheet.cell(number, place), value)
    if asked.cover:
        _cover(book, sheet, asked.cover)
    return saved(book)


def _cover(book: Workbook, sheet: Worksheet, lines: Sequence[tuple[str, str]]) -> None:
    cover = book.create_sheet("导出说明")
    for number, (title, said) in enumerate(lines, start=1):
        _put(cover.cell(number, 1), title)
        _put(cover.cell(number, 2), said)
        cover.cell(number, 1).font = Font(bold=True)
        cover.cell(number, 2).alignment = Alignment(wrap_text=True, vertical="top")
    cover.column_dimensions["A"].width, cover.column_dimensions["B"].width = 14, 80
    # & begins a code of the page's foot.
    mark = "　".join(f"{title}：{said}" for title, said in (lines[0], lines[-1])).replace("&", "＆")
    foot = sheet.oddFooter
    assert foot is not None
    foot.center.text = mark


def saved(book: Workbook) -> bytes:
    """The workbook as a file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put(cell: object, value: str | float | Day) -> None:
    assert isinstance(cell, Cell)
    if isinstance(value, Day):
        cell.value, cell.number_format = value.on, "yyyy-mm-dd"
        return
    cell.value = value
    if isinstance(value, str):
        # A name that begins with = must stay a name, not become a formula on somebody's screen.
        cell.data_type = "s"
        cell.number_format = "@"
