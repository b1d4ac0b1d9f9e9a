"""A table that a plugin adds to the statistics (`dangwu_reports`), and the figures that it is given: of a unit and all below it,
never of one person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

Heading = Annotated[str, Meta(min_length=1, max_length=40)]
Cell = Annotated[str, Meta(max_length=100)]


class PlanUse(msgspec.Struct, frozen=True):
    """This year's plans of that name together: how many are planned, named, and admitted by now of those named."""

    total: int = 0
    named: int = 0
    admitted: int = 0


class Figures(msgspec.Struct, frozen=True):
    """How many there are today: people by membership; grades by scheme, as they are decided by now in the rounds of this
    year and the last; plans of this year by name; units that are behind by family of duties."""

    unit: str = ""
    people: Mapping[str, int] = {}
    grades: Mapping[str, Mapping[str, int]] = {}
    plans: Mapping[str, PlanUse] = {}
    behind: Mapping[str, int] = {}


class Report(msgspec.Struct, frozen=True):
    """A table with a heading; each row has a cell for each column; `note` stands below it in small print."""

    title: Heading
    columns: Annotated[tuple[Heading, ...], Meta(min_length=1, max_length=8)]
    rows: Annotated[tuple[tuple[Cell, ...], ...], Meta(max_length=60)] = ()
    note: Annotated[str, Meta(max_length=300)] = ""

    def __post_init__(self) -> None:
        """Raise ValueError for a row of another length than the columns."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("each row of a report has a cell for each column")


__all__ = ["Figures", "PlanUse", "Report"]
