"""What an old office file is (DOC, WPS; MS-CFB, a file system in a file): a text without macros. Nothing is run or unpacked."""

from __future__ import annotations

import mmap
from pathlib import Path

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
# The names of parts stand in their directory, in UTF-16 (MS-CFB 2.6.1; MS-DOC 2.1; MS-OVBA 2.2.1).
_TEXT, _MACROS = "WordDocument".encode("utf-16-le"), "_VBA_PROJECT".encode("utf-16-le")


def is_text(path: Path) -> bool:
    """Whether it is a text without macros."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return whole[: len(MAGIC)] == MAGIC and whole.find(_TEXT) >= 0 and whole.find(_MACROS) < 0
