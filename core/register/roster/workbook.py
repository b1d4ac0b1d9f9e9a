"""Opening an uploaded workbook without trusting it: its kind, its real size, how far its cells reach."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from core.errors import Invalid

LARGEST_FILE = 15 * 1024 * 1024
LARGEST_UNPACKED = 160 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS = 50_000
MOST_COLUMNS = 100
MOST_SHEETS = 50
SAVE_AGAIN = "请在 Excel 或 WPS 中打开名册，另存为“.xlsx 工作簿”后重新上传。"
_TOO_FAR = f"名册超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列（也可能是表格末尾有多余的格式）。请删去多余的行列，或分批导入。"

_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})(\d{1,9})["']""")


def check_upload(content: bytes) -> None:
    """Raise Invalid when the file is empty, too large or no .xlsx at all; cheap enough for a request."""
    if not content:
        raise Invalid("上传的文件是空的。请重新选择名册文件。", code="empty")
    if len(content) > LARGEST_FILE:
        size = len(content) // 1024 // 1024
        raise Invalid(f"名册文件有 {size} MB，最大 15 MB。请分成几个党组织分别导入。", code="too-large")
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Invalid(f"这是旧格式（.xls）或加了密码的文件。{SAVE_AGAIN}", code="old-format")
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise Invalid(f"这不是 Excel 工作簿。{SAVE_AGAIN}", code="wrong-type")


def sheets(content: bytes) -> list[list[list[Any]]]:
    """The worksheets as rows of cells, from A1 on. Raises Invalid for what is damaged or made to exhaust the machine."""
    check_upload(content)
    try:
        return _tables(CalamineWorkbook.from_filelike(io.BytesIO(_honest_copy(content))))
    except (
        CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise Invalid(f"名册文件已损坏或不是 Excel 工作簿。{SAVE_AGAIN}", code="damaged") from error


def _tables(book: CalamineWorkbook) -> list[list[list[Any]]]:
    if len(book.sheet_names) > MOST_SHEETS:
        count = len(book.sheet_names)
        raise Invalid(f"工作簿里有 {count} 张表，最多 {MOST_SHEETS} 张。{SAVE_AGAIN}", code="bomb")
    found, room = [], MOST_ROWS * MOST_COLUMNS
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        # The same part may be named as a sheet many times.
        room -= len(rows) * len(rows[0]) if rows else 0
        if room < 0:
            raise Invalid(_TOO_FAR, code="too-many-rows")
        found.append(rows)
    return found


def _honest_copy(content: bytes) -> bytes:
    # A hostile file may declare sizes that are not true. The reader only gets to see this copy, measured while unpacking.
    packed, copy, room = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO(), LARGEST_UNPACKED
    if len(packed.infolist()) > MOST_PARTS:
        raise Invalid(f"名册文件里的部件太多。{SAVE_AGAIN}", code="bomb")
    with zipfile.ZipFile(copy, "w") as honest:
        for part in packed.infolist():
            if part.is_dir() or not part.filename.endswith((".xml", ".rels")):
                continue
            if part.file_size > room:
                raise Invalid("名册文件解开后超过 160 MB。请分成几个党组织分别导入。", code="bomb")
            data = packed.read(part)
            room -= len(data)
            # A sheet may lie under any name; the reader knows it by this element.
            if b"sheetData" in data:
                _check_extent(data)
            honest.writestr(part.filename, data)
    return copy.getvalue()


def _check_extent(sheet: bytes) -> None:
    # The reader allocates every cell up to the furthest one.
    for letters, row in _CELL.findall(sheet):
        if int(row) > MOST_ROWS or _number(letters.upper()) > MOST_COLUMNS:
            raise Invalid(_TOO_FAR, code="too-many-rows")


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
