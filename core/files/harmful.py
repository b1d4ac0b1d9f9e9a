"""What no file may hold. We are no virus scanner: of our own we know the standard test string, so that one can see us look."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import BinaryIO

from core.errors import Invalid
from core.files.packed import MOST_PARTS

Scan = Callable[[Path], Awaitable[str]]
"""What an operator's scanner finds in a file: the name of the finding, "" for nothing. Raises ScannerAway."""

# In two pieces, or scanners would find it in our own source.
TEST_STRING = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_HEAD = 4096
"""Bytes of each part of a zip; the string stands at the beginning of a file, or is none."""


class ScannerAway(Exception):
    """The operator's scanner does not answer."""


def refuse_test_string(stream: BinaryIO, filename: str) -> None:
    """Raise Invalid for a file, or a zip with a part, that holds the standard test string of virus scanners."""
    if TEST_STRING in stream.read() or any(TEST_STRING in head for head in _heads(stream)):
        refuse(filename, "EICAR")


def refuse(filename: str, found: str) -> None:
    """Raise Invalid: this was found in it."""
    raise Invalid(
        f"“{filename}”没有通过安全检查（{found}），没有保存。请先在本单位电脑上查杀病毒，再用原来的程序重新保存后上传。",
        code="file-harmful",
    )


async def refuse_findings(scan: Scan, path: Path, filename: str) -> None:
    """Raise Invalid for what the operator's scanner finds, and when it cannot be asked: unseen, nothing is taken."""
    try:
        found = await scan(path)
    except ScannerAway as error:
        raise Invalid(
            "平台的安全检查程序暂时没有应答，文件没有保存。请过几分钟重新上传；仍然不行时，请告诉平台运行维护人员。",
            code="scanner-away",
        ) from error
    if found:
        refuse(filename, found)


def _heads(stream: BinaryIO) -> list[bytes]:
    """How each part begins; none of what is no zip, or one that is taken by nobody (packed.py)."""
    try:
        with zipfile.ZipFile(stream) as packed:
            parts = packed.infolist()
            return [_head(packed, part) for part in parts] if len(parts) <= MOST_PARTS else []
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError):
        return []


def _head(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with packed.open(part) as opened:
        return opened.read(_HEAD)
