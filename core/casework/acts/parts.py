"""What of a step a person may record, level by level: what a page offers him. The record itself is checked by levels.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from core.actor import LEVELS, Actor
from core.casework.levels import BY_LEVEL, CONCLUSIVE, levels_before, own_level, platform_level
from core.casework.model import EntryView
from dangwu import StepRules, rank


class Part(msgspec.Struct, frozen=True):
    """What one level may give in a step: `own` everything but reviews, consents, filings; and of those the `keys` by facet."""

    level: str
    own: bool
    keys: dict[str, tuple[str, ...]]

    @property
    def facets(self) -> frozenset[str]:
        """The facets by level in which it has something to say."""
        return frozenset(facet for facet, keys in self.keys.items() if keys)


def may_act(actor: Actor, entries: Sequence[EntryView], path: str, rules: StepRules) -> tuple[Part, ...]:
    """The levels at which he could record something in a step of the case with these `entries`, lowest first.

    Empty when it is not his to do: no level of his has a part in it, or he has acted in this case at another level.
    """
    before = levels_before(actor, entries)
    records, reviews = actor.levels(path, "case.record"), actor.levels(path, "case.review")
    parts = (
        _part(rules, level, level in records, level in reviews)
        for level in LEVELS
        if level in records | reviews and before <= {level}
    )
    return tuple(part for part in parts if part.own or part.facets)


def _part(rules: StepRules, level: str, records: bool, reviews: bool) -> Part:
    return Part(
        level,
        own=records and level == own_level(rules),
        keys={
            facet: tuple(_keys(rules, facet, level)) if (reviews if facet in CONCLUSIVE else records) else ()
            for facet in BY_LEVEL
        },
    )


def _keys(rules: StepRules, facet: str, level: str) -> Iterator[str]:
    asked: frozenset[str] = getattr(rules.facets.get(facet), "levels", frozenset())
    for key in sorted({part for one in asked for part in one.split("|")}, key=rank):
        if platform_level(key) == level:
            yield key
