"""What a yearly table is: declared in yearly.yaml, counted for a unit and a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Literal

import msgspec

from core.statistics.dimensions import DIMENSIONS

Source = Literal[
    "flow",
    "members",
    "admitted",
    "stages",
    "organisations",
    "terms",
    "ratings",
    "disposal",
    "education",
    "reached",
]
Figures = Mapping[str, Mapping[str, int | float]]
"""What a query has counted: row → column → how many; a row that is missing has nothing."""


class Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table as yearly.yaml says it. `scheme`, `kinds`, `hours`: what its query asks for."""

    id: str
    title: str
    of: Source
    columns: dict[str, str]
    rows: dict[str, str] = {}
    by: str = ""
    without: tuple[str, ...] = ()
    total: bool = False
    source: str
    unverified: str = ""
    note: str = ""
    scheme: str = ""
    kinds: tuple[str, ...] = ()
    hours: float = 0

    def __post_init__(self) -> None:
        if bool(self.rows) == bool(self.by) and self.of != "flow":
            raise ValueError(f"yearly.yaml: {self.id} needs either rows or by")
        if self.by and self.by not in DIMENSIONS:
            raise ValueError(f"yearly.yaml: {self.id} is by an unknown dimension {self.by!r}")


class _Yearly(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: date
    tables: tuple[Declared, ...]


YEARLY = msgspec.yaml.decode(files(__package__).joinpath("yearly.yaml").read_bytes(), type=_Yearly)


def declared(of: Source) -> tuple[Declared, ...]:
    """The tables that one query fills."""
    return tuple(one for one in YEARLY.tables if one.of == of)


class Year(msgspec.Struct, frozen=True):
    """From `first` to the end of `last`: a calendar year, or this year up to today. `before` is the day before."""

    first: date
    last: date
    before: date


class Line(msgspec.Struct, frozen=True):
    """A row, its figures in the order of the columns; None where they are withheld."""

    title: str
    figures: tuple[int | float, ...] | None


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table as it is shown; `total` where its lines add up to one."""

    id: str
    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line | None
    source: str
    unverified: str
    note: str

    def sum(self, column: int) -> int | float:
        """Of a column's figures."""
        return sum(line.figures[column] for line in self.lines if line.figures is not None)


class Check(msgspec.Struct, frozen=True):
    """Something that must agree, and in words what does not ("" where it does)."""

    title: str
    wrong: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The tables of a unit (`unit` "": of all that one sees) and a year, with their checks. Before `begun` the register was not
    kept here. `withheld`: rows of few people are not shown to who does not see these people."""

    unit: str
    year: Year
    tables: tuple[Table, ...]
    checks: tuple[Check, ...]
    begun: date | None
    withheld: bool
