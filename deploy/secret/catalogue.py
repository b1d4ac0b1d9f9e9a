"""What of the database is sealed, as `sealed.yaml` lists it, and one row of it under another secret."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from core.secrecy import Vault
from dangwu import read_yaml

Row = Mapping[str, object]
Values = dict[str, bytes]


class Index(msgspec.Struct, frozen=True):
    """A blind index of what is sealed in the column `of`."""

    of: str
    field: str = msgspec.field(name="as")
    last: int = 0


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of a table is sealed."""

    key: tuple[str, ...]
    sealed: dict[str, str] = {}
    blind: dict[str, Index] = {}
    at_once: int = 1000
    inside: str = ""
    like: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that another secret changes."""
        return (self.inside,) if self.inside else (*self.sealed, *self.blind)


@cache
def sealed() -> dict[str, Sealed]:
    """By table."""
    file = Path(__file__).with_name("sealed.yaml")
    return msgspec.convert(read_yaml(file.read_text("utf-8"), file.name), dict[str, Sealed])


class Turned(msgspec.Struct):
    """What becomes of a row: its columns that are others now, and those that open by neither secret."""

    values: Values = {}
    lost: list[str] = []


def turned(table: Sealed, row: Row, new: Vault, old: Vault | None = None) -> Turned:
    """A row as `new` seals it, which `old` has sealed, or `new` already; without `old` only what is not right yet is found."""
    made = Turned()
    for column, template in table.sealed.items():
        value = row[column]
        if not isinstance(value, bytes):
            continue
        field = template.format(**row)
        opened = _opened(new, field, value)
        plain = opened if opened is not None or old is None else _opened(old, field, value)
        if plain is None:
            made.lost.append(column)
            continue
        if opened is None:
            made.values[column] = new.seal(field, plain)
        for name, index in table.blind.items():
            blind = new.blind(index.field, plain.decode()[-index.last :]) if index.of == column else row[name]
            if blind != row[name]:
                assert isinstance(blind, bytes)
                made.values[name] = blind
    return made


def _opened(vault: Vault, field: str, value: bytes) -> bytes | None:
    try:
        return vault.open(field, value)
    except ValueError:
        return None


def taken_out(kept: Mapping[str, object], like: Sealed) -> dict[str, object]:
    """A row of `like` out of JSON, where PostgreSQL writes bytes as `\\\\x0102`."""
    return {
        name: bytes.fromhex(value[2:]) if isinstance(value := kept.get(name), str) else None
        for name in like.columns
    }


def put_in(values: Values) -> dict[str, str]:
    """The same the other way."""
    return {name: f"\\x{value.hex()}" for name, value in values.items()}
