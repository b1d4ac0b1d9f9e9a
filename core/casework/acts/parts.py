"""What of a step a person may record, level by level: what a page offers him. The record itself is checked by levels.py."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from core.actor import LEVELS, Actor
from core.casework.levels import levels_asked, levels_before, own_level, platform_level
from core.casework.model import LoadedCase
from core.casework.standing.turns import turn
from dangwu import StepRules


class Part(msgspec.Struct, frozen=True):
    """What one level may give in a step: `own` everything that is not given level by level; and of that the `keys` by facet."""

    level: str
    own: bool
    keys: dict[str, tuple[str, ...]]
    turns: frozenset[str] = frozenset()
    """What he holds there, in the words of core.casework.standing.turns."""

    @property
    def facets(self) -> frozenset[str]:
        """The facets by level in which it has something to say."""
        return frozenset(facet for facet, keys in self.keys.items() if keys)


def may_act(actor: Actor, case: LoadedCase, rules: StepRules) -> tuple[Part, ...]:
    """The levels at which he could record something in a step of this case, lowest first.

    Empty when it is not his to do: it is about himself, no level of his has a part in it, or he has acted in this case at another
    level.
    """
    if actor.is_himself(case.person_id):
        return ()
    before = levels_before(actor, case.entries)
    return tuple(part for part in parts(actor, case.place(rules), rules) if before <= {part.level})


def parts(actor: Actor, path: str, rules: StepRules) -> tuple[Part, ...]:
    """What each level that he holds at a unit may give in a step, lowest first."""
    records, reviews = actor.levels(path, "case.record"), actor.levels(path, "case.review")
    found = (
        _part(rules, level, level in records, level in reviews)
        for level in LEVELS
        if level in records | reviews
    )
    return tuple(part for part in found if part.own or part.facets)


def _part(rules: StepRules, level: str, records: bool, reviews: bool) -> Part:
    rights = (("record", records), ("review", reviews))
    return Part(
        level,
        turns=frozenset(turn(level, right, rules.side) for right, held in rights if held),
        own=records and level == own_level(rules),
        keys={
            name: tuple(_keys(rules, name, level)) if (reviews if facet.concludes else records) else ()
            for name, facet in rules.facets.items()
            if facet.by_level
        },
    )


def _keys(rules: StepRules, facet: str, level: str) -> Iterator[str]:
    return (key for key in levels_asked(rules, facet) if platform_level(key) == level)
