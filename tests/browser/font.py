"""A web font as a font of the system: browsers take only the latter for pages that name no font of their own."""

from __future__ import annotations

import struct
import zlib

_WOFF_HEAD, _WOFF_ENTRY, _ENTRY = 44, struct.Struct(">4s4I"), struct.Struct(">4s3I")


def unwoff(woff: bytes) -> bytes:
    """The TrueType or OpenType font within a WOFF 1.0 file (W3C): the same tables, unpacked."""
    if woff[:4] != b"wOFF":
        raise ValueError("not a WOFF 1.0 file")
    flavor, count = woff[4:8], int.from_bytes(woff[12:14])
    power = 1 << (count.bit_length() - 1)
    head = flavor + struct.pack(">4H", count, power * 16, power.bit_length() - 1, (count - power) * 16)
    start = len(head) + count * _ENTRY.size
    entries, body = b"", b""
    for number in range(count):
        tag, at, packed, size, checksum = _WOFF_ENTRY.unpack_from(
            woff, _WOFF_HEAD + number * _WOFF_ENTRY.size
        )
        table = woff[at : at + packed]
        entries += _ENTRY.pack(tag, checksum, start + len(body), size)
        body += zlib.decompress(table) if packed < size else table
        body += bytes(-len(body) % 4)
    return head + entries + body
