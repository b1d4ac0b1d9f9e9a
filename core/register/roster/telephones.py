"""The numbers in one or two cells, each put where it belongs: a mobile number, a fixed line, and what is left over."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from core.errors import Invalid
from core.register.numbers import landline_number, mobile_number

_BETWEEN = re.compile(r"[/、,，;；|和或\n]+|(?<=\d)\s+(?=1[3-9]\d{9}(?!\d))")


class Telephones(NamedTuple):
    """A number that is neither stays where it was written, to be told as a fault there."""

    phone: str | None
    landline: str | None
    left: tuple[str, ...]


def telephones(phone: str, landline: str = "") -> Telephones:
    """The numbers written in the column for mobiles (or for either) and in that for fixed lines."""
    found: dict[str, list[str]] = {"phone": [], "landline": []}
    for written, own in ((phone, "phone"), (landline, "landline")):
        for number in filter(None, _BETWEEN.split(written)):
            kind, plain = _kind(number, own)
            if plain not in found[kind]:
                found[kind].append(plain)
    mobiles, lines = found["phone"], found["landline"]
    return Telephones(next(iter(mobiles), None), next(iter(lines), None), (*mobiles[1:], *lines[1:]))


def _kind(number: str, own: str) -> tuple[str, str]:
    readers: dict[str, Callable[[str], str]] = {"phone": mobile_number, "landline": landline_number}
    for kind, reader in readers.items():
        try:
            return kind, reader(number)
        except Invalid:
            continue
    return own, number.strip()
