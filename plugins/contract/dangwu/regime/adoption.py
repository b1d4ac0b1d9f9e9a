"""What a unit adopts, and the rules that come of it: each with its facets and its days in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import msgspec

from dangwu.facets.base import Facet
from dangwu.facets.held import held
from dangwu.policy.blanks import bind, bind_rating
from dangwu.policy.duty import Duty
from dangwu.policy.floor import Floor
from dangwu.policy.policy import Policy, Rule
from dangwu.policy.rating import Rating
from dangwu.policy.stated import bound as stated
from dangwu.regime.order import Edge


class Adoption(msgspec.Struct, frozen=True):
    """A unit adopts a policy: from `since` (its first day) until `until` (the first day on which it no longer holds),
    `without` some rules, `also` with some that are off by default, with blanks filled.

    `held`: what is there of its author's code is another than was adopted; it is asked from this day on (facets/held.py).
    """

    policy: Policy
    since: date | None = None
    until: date | None = None
    without: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    fill: Mapping[str, Any] = msgspec.field(default_factory=dict)
    held: date | None = None

    def takes(self, rule: Rule) -> bool:
        """Whether the rule is adopted: rules may be named with or without the plugin's prefix."""
        names = {rule.id, rule.id.removeprefix(f"{rule.plugin}.")}
        return not names & self.without and (not rule.off or bool(names & self.also))


class Bound(msgspec.Struct, frozen=True, dict=True):
    """A rule as adopted: with its facets decoded, and its days in force."""

    rule: Rule
    policy: Policy
    """The very text that it stands in: a unit may go from one to the next."""
    facets: dict[str, Facet]
    since: date
    until: date
    rating: Rating | None = None
    """What it says of a rating scheme."""
    rated: Mapping[str, Facet] = msgspec.field(default_factory=dict)
    """The facets of that, as `propose.poll`, `decide.notice`."""
    open_blanks: tuple[str, ...] = ()
    """Its blanks that are not filled in."""
    stated: Duty | None = None
    """What it says, if it is about no step and the blanks that it cannot do without are filled."""

    @property
    def floor(self) -> bool:
        """Whether it is one of the floor's."""
        return self.policy.floor

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """What it says of the order: `after`, `before`, and that what it counts `earliest` from comes first."""
        rule = self.rule
        counted = [first for facet in self.facets.values() for first in facet.after()]
        return tuple(
            edge
            for step in rule.steps
            for edge in (
                *(Edge(first, step, rule.id) for first in rule.step.after),
                *(Edge(step, second, rule.id) for second in rule.step.before),
                *(Edge(first, step, rule.id) for first in counted),
            )
        )

    def holds(self, day: date, tags: frozenset[str]) -> bool:
        """Whether it is in force on a day for a case with these tags."""
        return self.since <= day < self.until and self.rule.when <= tags


def bound(ground: Floor, adoptions: Iterable[Adoption]) -> Iterator[Bound]:
    """The floor's rules, then those that are adopted, in each case those of the newest text first.

    Raises PolicyError for a blank filled wrongly.
    """
    yield from _ground(ground)
    yield from _bound(sorted(adoptions, key=lambda one: one.since or date.min, reverse=True))


# Every regime of a unit stands on it.
@lru_cache(maxsize=16)
def _ground(floor: Floor) -> tuple[Bound, ...]:
    return tuple(_bound(Adoption(one.policy, one.since, one.until) for one in floor.held))


def _bound(adoptions: Iterable[Adoption]) -> Iterator[Bound]:
    for adoption in adoptions:
        for rule in adoption.policy.rules:
            if not adoption.policy.floor and not adoption.takes(rule):
                continue
            since = max(adoption.since or date.min, rule.since or date.min)
            until = min(adoption.until or date.max, rule.until or date.max)
            if since < until:
                facets = held(bind(rule, adoption.fill), adoption.held)
                rating, rated = bind_rating(rule, adoption.fill) if rule.scheme else (None, {})
                blanks = tuple(one for one in rule.blanks if one not in adoption.fill)
                said = stated(rule, adoption.fill)
                yield Bound(rule, adoption.policy, facets, since, until, rating, rated, blanks, said)


def spans(adoptions: Iterable[Adoption]) -> list[tuple[date, date]]:
    """The times in which any of these adoptions holds, those that meet or overlap as one."""
    return merged((one.since or date.min, one.until or date.max) for one in adoptions)


def merged(times: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """(first day, day after the last) of times, those that meet or overlap as one."""
    found: list[tuple[date, date]] = []
    for since, until in sorted(times):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        else:
            found.append((since, until))
    return found


__all__ = ["Adoption", "Bound", "bound", "merged", "spans"]
