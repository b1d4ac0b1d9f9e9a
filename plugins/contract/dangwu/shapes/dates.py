"""The dates that evidence names, at any depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec


def days_in(given: object) -> Iterator[date]:
    """Every date in a value of structs, mappings and lists."""
    if isinstance(given, date):
        yield given
    elif isinstance(given, msgspec.Struct):
        for name in given.__struct_fields__:
            yield from days_in(getattr(given, name))
    elif isinstance(given, Mapping):
        for one in given.values():
            yield from days_in(one)
    elif isinstance(given, list | tuple):
        for one in given:
            yield from days_in(one)


__all__ = ["days_in"]
