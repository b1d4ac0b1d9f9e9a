"""Composition: the policies in force at one unit, as one policy with its history.

Joining is associative, commutative and idempotent (see lattice.py), so the order of adopting never matters; every parameter
can be traced to the rules that attain it, and a rule that changes nothing is reported as absorbed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import msgspec

from dangwu.errors import ConflictError, PolicyError
from dangwu.facets.base import Facet
from dangwu.policy import fill
from dangwu.policy.blanks import bind
from dangwu.policy.policy import Blank, Duty, Policy, Rating, Rule
from dangwu.regime.effective import Effective
from dangwu.regime.plan import Plan
from dangwu.values.vocabulary import TAGS, TERMS


class Adoption(msgspec.Struct, frozen=True):
    """A unit adopts a policy: from `since` (its first day) until `until` (the first day on which it no longer holds),
    `without` some rules, `also` with some that are off by default, with blanks filled."""

    policy: Policy
    since: date | None = None
    until: date | None = None
    without: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    fill: Mapping[str, Any] = msgspec.field(default_factory=dict)

    def takes(self, rule: Rule) -> bool:
        """Whether the rule is adopted: rules may be named with or without the plugin's prefix."""
        names = {rule.id, rule.id.removeprefix(f"{rule.plugin}.")}
        return not names & self.without and (not rule.off or bool(names & self.also))


class Bound(msgspec.Struct, frozen=True):
    """A rule as adopted: with its facets decoded, and its days in force."""

    rule: Rule
    facets: dict[str, Facet]
    since: date
    until: date
    floor: bool

    def holds(self, day: date, tags: frozenset[str]) -> bool:
        """Whether it is in force on a day for a case with these tags."""
        return self.since <= day < self.until and self.rule.when <= tags


class Regime:
    """The policy in force at a unit, day by day. Build it with `compose`."""

    def __init__(self, national: Policy, adoptions: Sequence[Adoption]) -> None:
        self.national = national
        self.adoptions = tuple(adoptions)
        self.bound = tuple(_bound(national, adoptions))
        self.breaks = tuple(
            sorted({day for one in self.bound for day in (one.since, one.until)} - {date.min, date.max})
        )
        self._plans: dict[str, Plan] = {}
        self.checks: tuple[tuple[str, date, date, Any], ...] = ()

    def plan(self, procedure: str = "admission") -> Plan:
        """The steps of a procedure with their order. Raises ConflictError if the orders cannot be reconciled."""
        if procedure not in self._plans:
            self._plans[procedure] = Plan(self, procedure)
        return self._plans[procedure]

    def on(self, day: date, tags: frozenset[str] = frozenset(), procedure: str = "admission") -> Effective:
        """The effective policy on a day for a case with these tags: an `Effective`."""
        return self.plan(procedure).on(day, tags)

    def interval(self, day: date) -> int:
        """Which stretch of the policy's history a day lies in: between two breaks nothing changes."""
        return bisect_right(self.breaks, day)

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """All adopted rules by id (the first entry of each id)."""
        found: dict[str, Rule] = {}
        for one in self.bound:
            found.setdefault(one.rule.id, one.rule)
        return found

    @cached_property
    def policies(self) -> dict[str, Policy]:
        """National and the adopted ones, by id."""
        return {self.national.id: self.national} | {one.policy.id: one.policy for one in self.adoptions}

    @cached_property
    def terms(self) -> dict[str, str]:
        """Every word's Chinese title; where several policies name one word, the floor's and then the first by id."""
        found: dict[str, str] = {}
        for policy in (
            self.national,
            *sorted((one.policy for one in self.adoptions), key=lambda policy: policy.id),
        ):
            for word, title in (*policy.terms.items(), *policy.tags.items()):
                found.setdefault(word, title)
        return {**TERMS, **TAGS, **found}

    @cached_property
    def open_blanks(self) -> dict[str, Blank]:
        """Blanks not filled yet that some adopted rule waits for, as `plugin.blank`."""
        found: dict[str, Blank] = {}
        for adoption in self.adoptions:
            for rule in adoption.policy.rules:
                if adoption.takes(rule):
                    for blank in rule.blanks:
                        if blank not in adoption.fill:
                            found[f"{adoption.policy.id}.{blank}"] = adoption.policy.blanks[blank]
        return found

    def duties(self, day: date, tags: frozenset[str] = frozenset()) -> dict[str, Duty]:
        """The duties in force, those of one id joined."""
        found: dict[str, Duty] = {}
        for one in self.bound:
            duty = one.rule.duty
            if duty is not None and one.holds(day, tags):
                found[duty.id] = found[duty.id].join(duty) if duty.id in found else duty
        return found

    def ratings(self, day: date, tags: frozenset[str] = frozenset()) -> dict[str, Rating]:
        """The rating schemes in force, side by side, by rule id."""
        return {
            one.rule.id: one.rule.rating
            for one in self.bound
            if one.rule.rating is not None and one.holds(day, tags)
        }


def _bound(national: Policy, adoptions: Sequence[Adoption]) -> Iterable[Bound]:
    for adoption in (Adoption(national), *adoptions):
        floor = adoption.policy.id == national.id
        for rule in adoption.policy.rules:
            if not floor and not adoption.takes(rule):
                continue
            since = max(adoption.since or date.min, rule.since or date.min)
            until = min(adoption.until or date.max, rule.until or date.max)
            if since < until:
                yield Bound(rule, bind(rule, adoption.fill), since, until, floor)


def compose(
    national: Policy, adoptions: Iterable[Adoption] = (), *, checks: Iterable[tuple[str, Any]] = ()
) -> Regime:
    """The regime of a unit that has adopted these policies on top of the floor; `checks` are `(plugin, dangwu_check)`.

    Raises ConflictError in words when they cannot be in force together, PolicyError for a blank filled wrongly.
    """
    listed = [one for one in adoptions if one.policy.id != national.id]
    if wrong := [problem for one in listed for problem in fill.problems(one.policy, one.fill)]:
        raise PolicyError(wrong)
    regime = Regime(national, listed)
    regime.checks = tuple(
        (plugin, since, until, check)
        for plugin, check in checks
        for since, until in _spans(one for one in listed if one.policy.id == plugin)
    )
    for procedure in sorted({rule.procedure for rule in regime.rules.values()} | set(national.procedures)):
        regime.plan(procedure)
    return regime


def _spans(adoptions: Iterable[Adoption]) -> list[tuple[date, date]]:
    """The times in which any of these adoptions holds, those that meet or overlap as one."""
    found: list[tuple[date, date]] = []
    for since, until in sorted((one.since or date.min, one.until or date.max) for one in adoptions):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        else:
            found.append((since, until))
    return found


__all__ = ["Adoption", "Bound", "ConflictError", "Regime", "compose"]
