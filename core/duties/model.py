"""Values of duties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from dangwu import Act, Occurrence, Ower, Regime


class Unit(msgspec.Struct, frozen=True):
    """A unit that owes: `flags` its own and those of all above it."""

    id: UUID
    name: str
    path: str
    kind: str
    founded: date | None
    flags: frozenset[str] = frozenset()

    def ower(self, began: date) -> Ower:
        """As the contract has it; nobody owes anything of before `began`."""
        return Ower(self.kind, max(began, self.founded or began), self.flags)


class Calendar(msgspec.Struct, frozen=True):
    """What a unit owes by the policies in force there; `began`: since when its county records what is done (None: not yet)."""

    unit: Unit
    regime: Regime
    began: date | None
    owed: tuple[Occurrence, ...]


class Behind(msgspec.Struct, frozen=True):
    """A unit with what it has not done in time, the oldest first."""

    unit: Unit
    regime: Regime
    missed: tuple[Occurrence, ...]

    @property
    def first(self) -> date:
        """Since when."""
        return self.missed[0].due


class Board(msgspec.Struct, frozen=True):
    """The units that are behind, the furthest first; `began` as above."""

    began: date | None
    behind: tuple[Behind, ...]


def act_of(row: Mapping[str, Any]) -> Act:
    """An activity as the contract has it, from its row."""
    return Act(
        id=str(row["id"]), day=row["day"], kinds=frozenset((row["kind"], *row["also"])), eligible=row["eligible"],
        present=row["present"], hours=row["hours"], papers=frozenset(row["papers"]), themes=frozenset(row["themes"]),
        by=frozenset({row["led_by"]} if row["led_by"] else ()),
    )  # fmt: skip
