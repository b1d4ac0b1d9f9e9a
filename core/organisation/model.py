"""What a unit is: its kinds, where each may stand, the level at which it acts, its path."""

from __future__ import annotations

import secrets
from datetime import date
from uuid import UUID

import msgspec

KINDS = {
    "department": "组织部",
    "committee": "党委",
    "general-branch": "党总支",
    "branch": "党支部",
    "temporary-branch": "临时党支部",
    "group": "党小组",
}

# 党的工作委员会下可再设党委；党总支、党支部都可以直属党委。
MAY_STAND_UNDER: dict[str, frozenset[str]] = {
    "department": frozenset(),
    "committee": frozenset({"department", "committee"}),
    "general-branch": frozenset({"department", "committee"}),
    "branch": frozenset({"department", "committee", "general-branch"}),
    "temporary-branch": frozenset({"department", "committee", "general-branch"}),
    "group": frozenset({"branch"}),
}


TEMPORARY = "temporary-branch"
"""Set up for a task: it acts as a branch does; nobody is registered there, so that nobody is counted twice (branches.yaml)."""
WITHIN_BRANCHES = frozenset({TEMPORARY, "group"})
"""Kinds that act as a branch does and are none: what branches owe and have is not theirs."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
SEGMENT_LENGTH = 5


class UnitView(msgspec.Struct, frozen=True, kw_only=True):
    """A unit as it is read. `path` is '/seg/seg/'; a unit's path is a prefix of the paths of all below it. A temporary branch has
    a `task`, and is there `until` that is done; a joint branch `covers` several workplaces."""

    id: UUID
    parent_id: UUID | None
    kind: str
    name: str
    short_name: str
    code: str | None
    path: str
    founded: date | None
    dissolved: date | None
    successor_id: UUID | None
    flags: tuple[str, ...]
    version: int
    task: str = ""
    until: date | None = None
    covers: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        """The level at which this unit acts."""
        return level_of(self.kind)


def level_of(kind: str) -> str:
    """The level at which a unit of this kind acts: a group acts as its branch does; a general branch is a level of its own, which
    reviews and does not approve (细则第二十二条)."""
    return "branch" if kind in WITHIN_BRANCHES else kind


def has_members(kind: str) -> bool:
    """Whether people are registered at units of this kind: at branches and their groups, and directly at a general branch."""
    return kind != TEMPORARY and level_of(kind) in ("branch", "general-branch")


def with_members() -> tuple[str, ...]:
    """The kinds of units at which people are registered."""
    return tuple(kind for kind in KINDS if has_members(kind))


def kinds_below(kind: str) -> tuple[str, ...]:
    """The kinds of units that may stand directly under one of this kind."""
    return tuple(below for below, above in MAY_STAND_UNDER.items() if kind in above)


def new_segment() -> str:
    """A path segment for a new unit; random, so that it tells nothing and never has to change."""
    return "".join(secrets.choice(_DIGITS) for _ in range(SEGMENT_LENGTH))


def last_segment(path: str) -> str:
    """The unit's own segment of its path."""
    return path.rstrip("/").rsplit("/", 1)[-1]
