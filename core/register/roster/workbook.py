"""Opening an uploaded workbook without trusting it: its kind, its real size, how far its cells reach.

Only `check_upload` belongs in our own processes; `sheets` runs apart (`reading.py`).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from core.errors import Invalid
from core.files.harmful import refuse_test_string
from core.register.roster.extent import MOST_CELLS, SAVE_AGAIN, TOO_FAR, Extent

LARGEST_FILE = 15 * 1024 * 1024
LARGEST_UNPACKED = 160 * 1024 * 1024
MOST_PARTS = 500
MOST_SHEETS = 50
_AT_ONCE = 1 << 16


def check_upload(content: bytes) -> None:
    """Raise Invalid when the file is empty, too large, harmful or no .xlsx at all; cheap enough for a request."""
    if not content:
        raise Invalid("上传的文件是空的。请重新选择名册文件。", code="empty")
    if len(content) > LARGEST_FILE:
        size = len(content) // 1024 // 1024
        raise Invalid(f"名册文件有 {size} MB，最大 15 MB。请分成几个党组织分别导入。", code="too-large")
    refuse_test_string(io.BytesIO(content), "名册文件")
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Invalid(f"这是旧格式（.xls）或加了密码的文件。{SAVE_AGAIN}", code="old-format")
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise Invalid(f"这不是 Excel 工作簿。{SAVE_AGAIN}", code="wrong-type")


def sheets(content: bytes) -> Iterator[list[list[Any]]]:
    """The worksheets as rows of cells, from A1 on, one at a time. Raises Invalid for what is damaged or made to do harm."""
    check_upload(content)
    try:
        yield from _tables(CalamineWorkbook.from_filelike(_honest_copy(content)))
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


def _tables(book: CalamineWorkbook) -> Iterator[list[list[Any]]]:
    if len(book.sheet_names) > MOST_SHEETS:
        count = len(book.sheet_names)
        raise Invalid(f"工作簿里有 {count} 张表，最多 {MOST_SHEETS} 张。{SAVE_AGAIN}", code="bomb")
    room = MOST_CELLS
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        # The same part may be named as a sheet many times.
        room -= len(rows) * len(rows[0]) if rows else 0
        if room < 0:
            raise Invalid(TOO_FAR, code="too-many-rows")
        yield rows


def _honest_copy(content: bytes) -> io.BytesIO:
    # A hostile file may declare sizes that are not true. The reader only gets to see this copy, measured while unpacking.
    packed, copy, extent = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO(), Extent()
    if len(packed.infolist()) > MOST_PARTS:
        raise Invalid(f"名册文件里的部件太多。{SAVE_AGAIN}", code="bomb")
    room = LARGEST_UNPACKED
    with zipfile.ZipFile(copy, "w") as honest:
        for part in packed.infolist():
            if not part.is_dir() and part.filename.endswith((".xml", ".rels")):
                room -= _copied(packed, part, honest, extent, room)
    extent.check()
    copy.seek(0)
    return copy


def _copied(
    packed: zipfile.ZipFile, part: zipfile.ZipInfo, honest: zipfile.ZipFile, extent: Extent, room: int
) -> int:
    """Copy one part, measured as it streams by; its bytes. A sheet may lie under any name, so each part is measured."""
    size, measured = 0, extent.part()
    with packed.open(part) as source, honest.open(part.filename, "w", force_zip64=True) as target:
        while data := source.read(_AT_ONCE):
            size += len(data)
            if size > room:
                raise Invalid("名册文件解开后超过 160 MB。请分成几个党组织分别导入。", code="bomb")
            measured.feed(data)
            target.write(data)
        measured.feed(b"", last=True)
    return size
