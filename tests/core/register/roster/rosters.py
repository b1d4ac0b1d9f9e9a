"""Workbooks for the tests: rosters with given rows, and files made to do harm."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

from core.register.roster.columns import COLUMNS
from tests.core.conftest import resident_id

TITLES = [column.title for column in COLUMNS]


def roster(
    rows: Iterable[Sequence[Any]], headings: Sequence[str] = tuple(TITLES), above: Sequence[str] = ()
) -> bytes:
    """A workbook with these rows under the headings."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in above:
        sheet.append([line])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def row(name: str, number: str, unit: str = "东街社区第一党支部", **cells: Any) -> list[Any]:
    """A row of the 19 columns; `cells` by field."""
    given = {"name": name, "national_id": number, "membership": "正式党员", "unit": unit, **cells}
    return [given.get(column.field) for column in COLUMNS]


def member(serial: int, **cells: Any) -> list[Any]:
    """A full member, different by serial, right in every cell."""
    born = date(1950 + serial % 50, 1 + serial % 12, 1 + serial % 28)
    number = resident_id(born, serial % 999 + 1)
    return row(f"党员{serial}", number, joined="2001-07-01", converted="20020701", **cells)


def repacked(content: bytes, part: str, change: Any) -> bytes:
    """The same file with one part of it changed by `change(bytes) -> bytes`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            new.writestr(item.filename, change(data) if item.filename == part else data)
    return out.getvalue()


def with_rows(rows: bytes, strings: bytes = b"") -> bytes:
    """A workbook whose sheet has these `<row>` elements, and these shared `<si>` strings: XML as no spreadsheet writes it."""
    made = repacked(
        roster([member(1)]), "xl/worksheets/sheet1.xml",
        lambda data: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData>" + rows + b"</sheetData>", data, flags=re.S),
    )  # fmt: skip
    namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    out = io.BytesIO(made)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as grown:
        grown.writestr("xl/sharedStrings.xml", b'<sst xmlns="' + namespace + b'">' + strings + b"</sst>")
    return out.getvalue()
