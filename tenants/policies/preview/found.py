"""What a preview finds about the cases under way: how many feel what, and the first of them by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec

CONSEQUENCES = {
    "closes": "将终止办理",
    "fails": "将有环节不再通过",
    "blocks": "正在办理的环节将被挡住，须先办别的环节",
    "waits": "将要等期限届满",
    "asks": "将有环节要补办或重新办理",
    "changes": "只是要求有变化，现在的办理不受影响",
    "frees": "将有环节不再需要办理",
}
"""Effect of a change of policies on a case → in words, the gravest first."""

HOLDING = frozenset({"closes", "fails", "blocks", "waits"})
"""The effects by which a case that could go on cannot."""

MOST_LISTED = 20
"""Of each effect so many cases are listed: what one reads before he decides. All that feel it are counted."""


class Affected(msgspec.Struct, frozen=True):
    """A case that stands otherwise after the change: effect → titles of the steps concerned, and what they will say."""

    case_id: UUID
    name: str
    path: str
    effects: Mapping[str, tuple[str, ...]]
    sentences: Mapping[str, tuple[str, ...]]

    @property
    def effect(self) -> str:
        """The gravest effect."""
        return gravest(self)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that feel the gravest effect."""
        return self.effects[self.effect]


class Danger(msgspec.Struct, frozen=True):
    """A deadline that can be met now and no more after the change: due on `due`, possible from `soonest` on."""

    case_id: UUID
    name: str
    step: str
    step_title: str
    due: date
    soonest: date


class CaseChanges(msgspec.Struct, frozen=True):
    """`under_way` cases were looked at; `counts` says how many have each effect (a case may have several).

    `held` cannot go on as they could: they end, fail, are blocked or wait. `ahead` stand as they did, but steps that they have
    still to begin will ask for something else, or fall away; `endangered` deadlines can be met no more.
    `listed` has, of each effect, the first MOST_LISTED cases, the gravest first; `danger` the first deadlines.
    """

    under_way: int
    affected: int
    held: int
    ahead: int
    endangered: int
    counts: Mapping[str, int]
    listed: tuple[Affected, ...]
    danger: tuple[Danger, ...]

    def with_more(self, more: CaseChanges) -> CaseChanges:
        """Both together, of different cases."""
        listed = sorted((*self.listed, *more.listed), key=lambda one: rank(one, one.name, one.case_id))
        return CaseChanges(
            under_way=self.under_way + more.under_way,
            affected=self.affected + more.affected,
            held=self.held + more.held,
            ahead=self.ahead + more.ahead,
            endangered=self.endangered + more.endangered,
            counts={effect: self.counts[effect] + more.counts[effect] for effect in CONSEQUENCES},
            listed=tuple(first(listed)),
            danger=soonest((*self.danger, *more.danger)),
        )


NOBODY = CaseChanges(0, 0, 0, 0, 0, dict.fromkeys(CONSEQUENCES, 0), (), ())
"""Before any case has been looked at."""


class Felt(Protocol):
    """A case that stands otherwise after the change."""

    @property
    def effects(self) -> Mapping[str, tuple[str, ...]]:
        """Effect → the steps that feel it."""
        ...


Felts = TypeVar("Felts", bound=Felt)


def gravest(one: Felt) -> str:
    """The gravest effect on a case."""
    return next(effect for effect in CONSEQUENCES if effect in one.effects)


def rank(one: Felt, name: str, case_id: UUID) -> tuple[int, str, str]:
    """By what cases are listed: the gravest effect, then the name."""
    return list(CONSEQUENCES).index(gravest(one)), name, str(case_id)


def first(affected: Iterable[Felts]) -> Iterator[Felts]:
    """Those that are among the first MOST_LISTED of one of their effects."""
    seen = dict.fromkeys(CONSEQUENCES, 0)
    for one in affected:
        if any(seen[effect] < MOST_LISTED for effect in one.effects):
            yield one
        for effect in one.effects:
            seen[effect] += 1


def soonest(danger: Iterable[Danger]) -> tuple[Danger, ...]:
    """The first MOST_LISTED by the day on which they are due."""
    return tuple(sorted(danger, key=lambda one: (one.due, one.name, str(one.case_id)))[:MOST_LISTED])
