"""The font of papers that come as PDF, and the characters that it has (about 30 900: GB 18030 except the rarest)."""

from __future__ import annotations

import struct
from functools import cache

from pylopdf_fonts_zh_cn import serif_path

FONT, NAME = serif_path(), "Noto Serif SC"
_TABLE, _ENCODING, _GROUP = struct.Struct(">4s3I"), struct.Struct(">HHI"), struct.Struct(">3I")
_FULL_UNICODE = 12
"""The format of a character map that reaches beyond the first 65 536 (OpenType, cmap)."""


def has(letter: str) -> bool:
    """Whether the font can show a character."""
    return any(first <= ord(letter) <= last for first, last in _runs())


@cache
def _runs() -> tuple[tuple[int, int], ...]:
    """The runs of characters that it has, both ends included."""
    font = FONT.read_bytes()
    tables = (_TABLE.unpack_from(font, 12 + n * _TABLE.size) for n in range(int.from_bytes(font[4:6])))
    at = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    encodings = (
        _ENCODING.unpack_from(font, at + 4 + n * _ENCODING.size)
        for n in range(int.from_bytes(font[at + 2 : at + 4]))
    )
    starts = (at + offset for _, _, offset in encodings)
    start = next(one for one in starts if int.from_bytes(font[one : one + 2]) == _FULL_UNICODE)
    groups = int.from_bytes(font[start + 12 : start + 16])
    found = (_GROUP.unpack_from(font, start + 16 + n * _GROUP.size) for n in range(groups))
    return tuple((first, last) for first, last, _ in found)
