"""“一般”: a demand of a rule that need not bind somebody, if the level that the rule names agreed in writing beforehand.

The demand is left out of the join, and nothing else: an equal or stronger one without exception stands (design §3.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dangwu.case.case import Exemption
from dangwu.facets.base import Facet
from dangwu.policy.policy import Rule
from dangwu.values.lattice import joins
from dangwu.values.vocabulary import rank

Contribution = tuple[Rule, Mapping[str, Facet], bool]
"""A rule on a step, its facets, and whether it is the floor's."""


class Lifted(NamedTuple):
    """A demand that does not bind this case."""

    rule: str
    facet: str
    param: str
    by: str
    """The level that the rule names."""


def without(
    made: Iterable[Contribution], granted: Iterable[Exemption]
) -> tuple[list[Contribution], tuple[Lifted, ...]]:
    """What is left of the demands on a step once these are agreed, and what is not."""
    agreed = list(granted)
    left: list[Contribution] = []
    lifted: list[Lifted] = []
    for rule, facets, floor in made:
        gone = {name: one for name in rule.exceptions if (one := _agreed(rule, name, facets, agreed))}
        lifted += [Lifted(rule.id, name, one.param, rule.exceptions[name]) for name, one in gone.items()]
        kept = {name: facet for name, facet in facets.items() if name not in gone}
        if kept or not gone or rule.kind == "add":
            left.append((rule, kept, floor))
    return left, tuple(sorted(lifted))


def _agreed(
    rule: Rule, name: str, facets: Mapping[str, Facet], agreed: Iterable[Exemption]
) -> Exemption | None:
    facet = facets.get(name)
    if facet is None:
        return None
    fitting = (one for one in agreed if one.facet == name and names(facet, one.param))
    return next((one for one in fitting if not one.by or rank(one.by) >= rank(rule.exceptions[name])), None)


def names(facet: Facet, param: str) -> bool:
    """Whether a facet asks for something by a parameter; "" names one that has none."""
    asked = [one.rstrip("_") for one, how in joins(type(facet)) if how.parts(getattr(facet, one))]
    return param in asked if param else not asked


def exceptable(made: Iterable[Contribution]) -> Iterator[tuple[str, str, str]]:
    """(facet, parameter, level) of each demand on a step that carries an exception."""
    for rule, facets, _ in made:
        for name, level in rule.exceptions.items():
            if name in facets:
                yield from ((name, param, level) for param in facets[name].demands() or ("",))


def level_for(made: Iterable[Contribution], name: str, param: str, key: str, value: object) -> str:
    """The level that can agree that this part of a parameter does not bind; empty if some rule asks for it without exception."""
    levels = []
    for rule, facets, _ in made:
        facet = facets.get(name)
        how = dict(joins(type(facet))).get(param) if facet is not None else None
        if how is not None and how.parts(getattr(facet, param)).get(key) == value:
            if name not in rule.exceptions:
                return ""
            levels.append(rule.exceptions[name])
    return max(levels, key=rank, default="")


def as_firm(rule: Rule, name: str, others: Iterable[Contribution]) -> list[Contribution]:
    """Of these rules those whose demand by a facet is not easier to be freed from than this rule's."""
    mine = rule.exceptions.get(name)
    return [
        one
        for one in others
        if (theirs := one[0].exceptions.get(name)) is None
        or (mine is not None and rank(theirs) >= rank(mine))
    ]


__all__ = ["Contribution", "Lifted", "as_firm", "exceptable", "level_for", "names", "without"]
