"""Whether two texts of a policy come to the same beside the floor, whoever is cited for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec.structs import replace

from dangwu.author.check import FIRST
from dangwu.author.idle import outdone
from dangwu.facets.base import Facet
from dangwu.facets.held import joined
from dangwu.policy.policy import Policy, Rule
from dangwu.regime.adoption import Adoption
from dangwu.regime.excepting import Contribution
from dangwu.regime.plan import Plan
from dangwu.regime.regime import Regime, compose

Tags = frozenset[str]


def adopted(policy: Policy) -> list[Adoption]:
    """The policy with all its rules, those too that are off by default; the floor holds anyway."""
    return [] if policy.floor else [Adoption(policy, also=frozenset(policy.rule_ids()))]


def alike(one: Regime, two: Regime, rules: Iterable[Rule]) -> bool:
    """Whether both ask the same of everyone for whom one of these rules, before or after, can hold."""
    these = [*rules]
    days, tags = {FIRST, *one.breaks, *two.breaks}, {rule.when for rule in these}
    procedures = {rule.procedure for rule in these if rule.steps}
    return (
        all(_of_steps(one.plan(name), two.plan(name), days, tags) for name in procedures)
        and all([*_ratings(one, day, each)] == [*_ratings(two, day, each)] for day in days for each in tags)
        and all(_yearly(one, day) == _yearly(two, day) for day in days)
        and (_duties(one) == _duties(two) or _outdone(one, these, days))
    )


def _outdone(regime: Regime, rules: Iterable[Rule], days: Iterable[date]) -> bool:
    """Whether the floor demands as much as any of these duties, which are none of its own."""
    return bool(regime.adoptions) and all(outdone(compose(regime.floor), rule, days) for rule in rules)


def _of_steps(one: Plan, two: Plan, days: Iterable[date], tags: Iterable[Tags]) -> bool:
    return one.steps == two.steps and all(
        [*_told(one, day, each)] == [*_told(two, day, each)] for day in days for each in tags
    )


def _told(plan: Plan, day: date, tags: Tags) -> Iterator[object]:
    """All that a procedure asks on a day, without the rules behind it."""
    there = plan.on(day, tags)
    yield there.order.later
    for step, rules in there.steps.items():
        yield step, rules.facets, rules.firm, rules.on_failure, rules.records
        levels = {level for rule, _, _ in rules.made for level in rule.exceptions.values()}
        yield [(level, _excepting(rules.made, level)) for level in sorted(levels)]


def _excepting(made: Iterable[Contribution], level: str) -> dict[str, Facet]:
    """What is asked of somebody for whom a level has agreed to every exception that it can."""
    left: dict[str, Facet] = {}
    for rule, own, _ in made:
        for name, facet in own.items():
            if rule.exceptions.get(name) != level:
                left[name] = joined(left[name], facet) if name in left else facet
    return left


def _ratings(regime: Regime, day: date, tags: Tags) -> Iterator[object]:
    return (replace(one, rules={}) for one in regime.ratings(day, tags).values())


def _yearly(regime: Regime, day: date) -> list[object]:
    return [(one.plan, one.asks, one.gates) for one in regime.plans(day).values()]


def _duties(regime: Regime) -> list[object]:
    return [
        (one.family, one.owes, [(each.duty, each.when, each.spans) for each in (*one.claims, *one.showing)])
        for one in regime.duties
    ]


__all__ = ["adopted", "alike"]
