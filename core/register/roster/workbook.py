"""Opening an uploaded workbook without trusting it: its kind, its real size, how far its cells reach.

Only `check_upload` belongs in our own processes; `sheets` runs apart (`reading.py`).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from core.errors import Invalid
from core.files.harmful import refuse_test_string
from core.register.roster.extent import MOST_CELLS, SAVE_AGAIN, TOO_FAR, Extent, Marks
from core.register.roster.parts import begins_in_1904, hidden_by_sheet
from core.register.roster.plain import is_text, read_text
from core.register.roster.table import Table

LARGEST_FILE = 15 * 1024 * 1024
LARGEST_UNPACKED = 160 * 1024 * 1024
MOST_PARTS = 500
MOST_SHEETS = 50
OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD = "这是旧格式（.xls）的工作簿：隐藏的行也一并读取，公式错误的单元格按空白读取。要分清这两样，请另存为 .xlsx 后重新上传。"
FROM_1904 = 1462
"""Days between the two days from which workbooks count."""
_AT_ONCE = 1 << 16


def check_upload(content: bytes) -> None:
    """Raise Invalid when the file is empty, too large, harmful or of no kind we read; cheap enough for a request."""
    if not content:
        raise Invalid("上传的文件是空的。请重新选择名册文件。", code="empty")
    if len(content) > LARGEST_FILE:
        size = len(content) // 1024 // 1024
        raise Invalid(f"名册文件有 {size} MB，最大 15 MB。请分成几个党组织分别导入。", code="too-large")
    refuse_test_string(io.BytesIO(content), "名册文件")
    if (
        not content.startswith(OLD_FORMAT)
        and not zipfile.is_zipfile(io.BytesIO(content))
        and not is_text(content)
    ):
        raise Invalid(f"这不是 Excel 工作簿，也不是 csv 文件。{SAVE_AGAIN}", code="wrong-type")


def sheets(content: bytes) -> Iterator[Table]:
    """The worksheets, one at a time. Raises Invalid for what is damaged or made to do harm."""
    check_upload(content)
    try:
        if content.startswith(OLD_FORMAT):
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            yield from (table._replace(unknown=_OLD) for table in _tables(book, {}))
        elif zipfile.is_zipfile(io.BytesIO(content)):
            extent = Extent()
            copy = _honest_copy(content, extent)
            later = FROM_1904 if begins_in_1904(copy) else 0
            marks = hidden_by_sheet(copy, extent)
            yield from (
                table._replace(later=later) for table in _tables(CalamineWorkbook.from_filelike(copy), marks)
            )
        else:
            yield read_text(content)
    except (
        CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise Invalid(
            f"名册文件已损坏、加了密码，或不是 Excel 工作簿。{SAVE_AGAIN}", code="damaged"
        ) from error


def _tables(book: CalamineWorkbook, marks: Mapping[str, Marks]) -> Iterator[Table]:
    if len(book.sheet_names) > MOST_SHEETS:
        count = len(book.sheet_names)
        raise Invalid(f"工作簿里有 {count} 张表，最多 {MOST_SHEETS} 张。{SAVE_AGAIN}", code="bomb")
    room = MOST_CELLS
    for about in book.sheets_metadata:
        sheet = book.get_sheet_by_name(about.name)
        # The same part may be named as a sheet many times.
        room -= sheet.total_height * sheet.total_width
        if room < 0:
            raise Invalid(TOO_FAR, code="too-many-rows")
        marked = marks.get(about.name, Marks())
        cells = _cells(sheet, marked)
        del sheet  # its own copy of them is as large, and whoever takes the table is at work on it for long
        yield Table(
            about.name,
            cells,
            about.visible != SheetVisibleEnum.Visible,
            frozenset(marked.hidden),
            frozenset(number - 1 for number in marked.columns),
        )


def _cells(sheet: CalamineSheet, marked: Marks) -> list[list[Any]]:
    """The reader leaves out the errors of formulas, and shows what is merged downwards in the uppermost cell only."""
    rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right and bottom < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
    for (number, column), error in marked.errors.items():
        if number <= len(rows) and column <= len(rows[number - 1]):
            rows[number - 1][column - 1] = error
    return rows


def _honest_copy(content: bytes, extent: Extent) -> io.BytesIO:
    # A hostile file may declare sizes that are not true. The reader only gets to see this copy, measured while unpacking. It is
    # packed again: unpacked, the reader would hold a hundred megabytes twice.
    packed, copy = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    if len(packed.infolist()) > MOST_PARTS:
        raise Invalid(f"名册文件里的部件太多。{SAVE_AGAIN}", code="bomb")
    room = LARGEST_UNPACKED
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as honest:
        for part in packed.infolist():
            if not part.is_dir() and (
                part.filename.endswith((".xml", ".rels")) or part.filename == "mimetype"
            ):
                room -= _copied(packed, part, honest, extent, room)
    extent.check()
    copy.seek(0)
    return copy


def _copied(
    packed: zipfile.ZipFile, part: zipfile.ZipInfo, honest: zipfile.ZipFile, extent: Extent, room: int
) -> int:
    """Copy one part, measured as it streams by; its bytes. A sheet may lie under any name, so each part is measured."""
    size, measured = 0, extent.part(part.filename) if part.filename != "mimetype" else None
    with packed.open(part) as source, honest.open(part.filename, "w", force_zip64=True) as target:
        while data := source.read(_AT_ONCE):
            size += len(data)
            if size > room:
                raise Invalid("名册文件解开后超过 160 MB。请分成几个党组织分别导入。", code="bomb")
            if measured is not None:
                measured.feed(data)
            target.write(data)
        if measured is not None:
            measured.feed(b"", last=True)
    return size
