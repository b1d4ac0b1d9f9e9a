"""What a zip is: an office document says so in its list of content types. Nothing but that list is ever unpacked."""

from __future__ import annotations

import re
import zipfile
import zlib
from html import unescape
from pathlib import Path
from typing import BinaryIO

MOST_PARTS = 5_000
LARGEST_UNPACKED = 400 * 1024 * 1024
LARGEST_LIST = 1024 * 1024
TYPES, OFD_ROOT = "[Content_Types].xml", "OFD.xml"

# ECMA-376-1 §15.2: the part, and the content type of a document without macros. (OFD.xml: GB/T 33190.)
_OFFICE = {
    "docx": ("word/document.xml", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}

_MACROS = re.compile("macroEnabled|vbaProject", re.IGNORECASE)


def extension_of(path: Path | BinaryIO) -> str | None:
    """docx, xlsx or ofd; None for any other zip, one with macros, or one that is made to exhaust who unpacks it."""
    try:
        with zipfile.ZipFile(path) as packed:
            return _told_by(packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError):
        return None


def _told_by(packed: zipfile.ZipFile) -> str | None:
    parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        return None
    names = {part.filename for part in parts}
    if OFD_ROOT in names:
        return "ofd" if TYPES not in names and b"OFD" in _head(packed, OFD_ROOT) else None
    types = _head(packed, TYPES)
    # Whatever the part with the macros is called: office runs what the list calls a VBA project, however its letters are written.
    if _MACROS.search(unescape(types.decode(errors="replace"))) or any(
        name.lower().endswith("vbaproject.bin") for name in names
    ):
        return None
    found = [extension for extension, (part, kind) in _OFFICE.items() if part in names and kind in types]
    return found[0] if len(found) == 1 else None


def _head(packed: zipfile.ZipFile, part: str) -> bytes:
    with packed.open(part) as stream:
        return stream.read(LARGEST_LIST)
