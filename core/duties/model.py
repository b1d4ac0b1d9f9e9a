"""Values of duties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from core.activities.model import KINDS
from dangwu import Act, Occurrence, Ower, Regime, occurrences

RECORDED = frozenset(name for name, family in KINDS.items() if family.held)
"""What is recorded as an activity: the other families are followed elsewhere, if at all."""

NONE: frozenset[str] = frozenset()


class Unit(msgspec.Struct, frozen=True):
    """A unit that owes: `flags` its own and those of all above it; `events`: what happened there that something is owed after."""

    id: UUID
    name: str
    path: str
    kind: str
    founded: date | None
    flags: frozenset[str] = frozenset()
    events: tuple[tuple[str, date], ...] = ()

    def ower(self, began: date) -> Ower:
        """As the contract has it; nobody owes anything of before `began`."""
        return Ower(self.kind, max(began, self.founded or began), self.flags, events=self.events)

    def owed(
        self, regime: Regime, began: date, acts: Sequence[Act], first: date, last: date, today: date
    ) -> tuple[Occurrence, ...]:
        """What it owes between two days, of what is recorded as an activity."""
        return recorded(occurrences(regime, self.ower(began), acts, first, last, today))


class Member(msgspec.Struct, frozen=True):
    """Somebody with what he owes now, and what of the period before he has not done."""

    id: UUID
    name: str
    owed: tuple[Occurrence, ...]


class Calendar(msgspec.Struct, frozen=True):
    """What a unit owes by the policies in force there; `began`: since when its county records what is done (None: not yet). Of a
    branch also its `members`, and its `groups` with what they have not done in time."""

    unit: Unit
    regime: Regime
    began: date | None
    owed: tuple[Occurrence, ...]
    members: tuple[Member, ...] = ()
    groups: tuple[Behind, ...] = ()


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


def recorded(found: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    """Those of which what shows that they were done is recorded as an activity."""
    return tuple(one for one in found if RECORDED & {*one.claim.duty.activities})


def act_of(row: Mapping[str, Any]) -> Act:
    """An activity as the contract has it, from its row."""
    also, led_by = row["also"], row["led_by"]
    return Act(
        id=str(row["id"]), day=row["day"], kinds=frozenset((row["kind"], *also)), eligible=row["eligible"],
        present=row["present"], hours=row["hours"], papers=_set(row["papers"]), themes=_set(row["themes"]),
        by=frozenset((led_by,)) if led_by else NONE,
    )  # fmt: skip


def _set(words: Sequence[str]) -> frozenset[str]:
    return frozenset(words) if words else NONE
