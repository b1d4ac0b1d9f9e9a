"""Composition: the policies in force at one unit, as one policy with its history.

Joining is associative, commutative and idempotent (values/lattice.py), so the order of adopting never matters; every parameter
can be traced to the rules that attain it, and a rule that changes nothing is reported as absorbed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date
from functools import cached_property, lru_cache
from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from dangwu.errors import PolicyError
from dangwu.facets.registry import FACETS, is_foreign
from dangwu.policy.fill import added, misfits, settled
from dangwu.policy.floor import Floor
from dangwu.policy.known import Known
from dangwu.policy.policy import Blank, Policy, Rule
from dangwu.regime.adoption import Adoption, Bound, bound
from dangwu.regime.checks import Check, TimedCheck, timed
from dangwu.regime.duty import Duties, duties
from dangwu.regime.effective import Effective
from dangwu.regime.plan import Plan
from dangwu.regime.scheme import Scheme, schemes
from dangwu.regime.step import Step
from dangwu.regime.turns import Turns
from dangwu.regime.yearly import YearPlan, joined
from dangwu.values.families import FAMILY_TITLES
from dangwu.values.version import VERSION
from dangwu.values.vocabulary import TAGS, TERMS


class Regime:
    """The policy in force at a unit, day by day; `checks` are `(plugin, since, until, dangwu_check)`. Build it with `compose`."""

    def __init__(
        self, floor: Floor, adoptions: Sequence[Adoption], checks: Iterable[TimedCheck] = ()
    ) -> None:
        self.floor = floor
        self.adoptions = tuple(adoptions)
        self.checks = tuple(checks)
        self.bound = tuple(bound(floor, adoptions))
        self.turns = Turns(self.bound)
        self._plans: dict[str, Plan] = {}
        self._following = date.max
        self._read = {self._following: self}

    def read_on(self, day: date) -> Regime:
        """The same, read as of a day: plugins, steps and words are called, and blanks open, as in the texts of then."""
        begins = (one.since for one in self.adoptions if one.since is not None and one.since > day)
        following = min(begins, default=date.max)
        if following not in self._read:
            found = self._read[following] = copy(self)
            for name in ("policies", "terms", "open_blanks", "steps"):
                vars(found).pop(name, None)
            found._following = following
        return self._read[following]

    def _begun(self, one: Adoption) -> bool:
        return one.since is None or one.since < self._following

    def _by_day(self) -> list[Adoption]:
        """The adoptions as they are read: those to come, then one after the other as they begin."""
        return sorted(self.adoptions, key=lambda one: (self._begun(one), one.since or date.min))

    @cached_property
    def strange(self) -> bool:
        """Whether plugins' own code is asked when a case is judged."""
        return bool(self.checks) or any(is_foreign(name) for one in self.bound for name in one.facets)

    @property
    def breaks(self) -> tuple[date, ...]:
        """The days on which the rules change."""
        return self.turns.days

    def plan(self, procedure: str = "") -> Plan:
        """The steps of a procedure (the floor's default one) with their order.

        Raises ConflictError if the orders cannot be reconciled.
        """
        procedure = procedure or self.floor.default
        if procedure not in self._plans:
            added = self.checks or procedure in self._added_to
            self._plans[procedure] = (
                Plan(procedure, self.bound, self.floor, self.turns)
                if added
                else _ground_plan(self.floor, procedure)
            )
        return self._plans[procedure]

    @cached_property
    def _added_to(self) -> frozenset[str]:
        """The procedures about whose steps there is a rule beyond the floor's."""
        return frozenset(one.rule.procedure for one in self.bound if not one.floor and one.rule.steps)

    def alike(self, other: Regime, procedure: str) -> bool:
        """Whether every case of a procedure stands by the other as by this one: nothing that it is judged by differs."""
        same = self.floor is other.floor and self.checks == other.checks
        return same and self.plan(procedure).alike(other.plan(procedure))

    @cached_property
    def mark(self) -> str:
        """Tells one regime from another, in whatever process: the texts of its policies, how each is adopted, by what code."""
        adopted = [
            (one.policy, one.since, one.until, one.without, one.also, one.fill, one.held)
            for one in self.adoptions
        ]
        told = (VERSION, sorted(FACETS), self.floor.policies, adopted, [one[:3] for one in self.checks])
        encoded = msgspec.json.encode(told, order="deterministic", enc_hook=repr)
        return blake2b(encoded, digest_size=16).hexdigest()

    @cached_property
    def steps(self) -> dict[str, Step]:
        """The steps of all procedures by id: no two procedures have steps of one name."""
        titles: dict[str, str] = {}
        for one in self.bound if self._following < date.max else ():
            if one.rule.kind == "add" and not one.floor and one.since < self._following:
                titles.setdefault(one.rule.steps[0], one.rule.step.title)
        return {
            name: replace(one, title=titles[name]) if name in titles else one
            for each in self.floor.procedures
            for name, one in self.plan(each).by_id.items()
        }

    def on(self, day: date, tags: frozenset[str] = frozenset(), procedure: str = "") -> Effective:
        """The effective policy on a day for a case with these tags: an `Effective`."""
        return self.plan(procedure).on(day, tags)

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """All adopted rules by id (the first entry of each id, in the newest text that has it)."""
        return {name: listed[0].rule for name, listed in self._entries.items()}

    @cached_property
    def _entries(self) -> dict[str, list[Bound]]:
        """By rule id every entry, those of the newest text first."""
        found: dict[str, list[Bound]] = {}
        for one in self.bound:
            found.setdefault(one.rule.id, []).append(one)
        return found

    def entry(self, rule_id: str, day: date | None = None, rule: Rule | None = None) -> Bound:
        """A rule as adopted: the entry in force on `day`, or `rule` itself; the newest where none is."""
        listed = self._entries[rule_id]
        fitting = (
            one
            for one in listed
            if (day is None or one.since <= day < one.until) and rule in (None, one.rule)
        )
        return next(fitting, listed[0])

    @cached_property
    def begins(self) -> dict[str, date]:
        """The first day of each rule by id; `date.min` for one that has held as long as its source."""
        found: dict[str, date] = {}
        for one in self.bound:
            found[one.rule.id] = min(found.get(one.rule.id, one.since), one.since)
        return found

    @cached_property
    def policies(self) -> dict[str, Policy]:
        """The floor's and the adopted ones, by id; of each the newest text."""
        return {one.id: one for one in (*self.floor.policies, *(one.policy for one in self._by_day()))}

    @cached_property
    def terms(self) -> dict[str, str]:
        """Every word's Chinese title; where several policies name one word, the floor's and then the first by id."""
        found: dict[str, str] = {}
        adopted = sorted((one.policy for one in reversed(self._by_day())), key=lambda policy: policy.id)
        for policy in (*self.floor.texts, *adopted):
            for word, title in (*policy.terms.items(), *policy.tags.items()):
                found.setdefault(word, title)
        titles = {**FAMILY_TITLES, **TERMS, **TAGS, **found}
        for one in self.adoptions:
            for _, word, title in added(one.policy, one.fill):
                titles.setdefault(word, title)
        return titles

    @cached_property
    def open_blanks(self) -> dict[str, Blank]:
        """Blanks not filled yet that some adopted rule waits for, as `plugin.blank`."""
        found: dict[str, Blank] = {}
        for adoption in self.adoptions:
            to_come = not self._begun(adoption) and self._follows(adoption)
            for rule in () if to_come or self._replaced(adoption) else adoption.policy.rules:
                if adoption.takes(rule):
                    for blank in rule.blanks:
                        if blank not in adoption.fill:
                            found[f"{adoption.policy.id}.{blank}"] = adoption.policy.blanks[blank]
        return found

    def _replaced(self, one: Adoption) -> bool:
        """Whether the same plugin has gone on with other choices or another text."""
        return any(self._begun(other) and _goes_on(one, other) for other in self.adoptions)

    def _follows(self, one: Adoption) -> bool:
        """Whether the same plugin goes on with this."""
        return any(_goes_on(other, one) for other in self.adoptions)

    @cached_property
    def duties(self) -> tuple[Duties, ...]:
        """The duties of all days, by family and who owes them."""
        return duties(self.bound)

    def ratings(self, day: date, tags: frozenset[str] = frozenset()) -> dict[str, Scheme]:
        """The rating schemes in force, side by side, by id."""
        return schemes(
            (one, one.rating) for one in self.bound if one.rating is not None and one.holds(day, tags)
        )

    def plans(self, day: date) -> dict[str, YearPlan]:
        """What the rules in force ask of each yearly plan, joined."""
        return joined(one.rule for one in self.bound if one.holds(day, frozenset()))


def _goes_on(one: Adoption, other: Adoption) -> bool:
    return other.policy.id == one.policy.id and one.until is not None and other.since == one.until


@lru_cache(maxsize=128)
def _ground_plan(floor: Floor, procedure: str) -> Plan:
    """The plan of a procedure to which nothing is added: the floor's, worked out once for all units."""
    alone = tuple(bound(floor, ()))
    return Plan(procedure, alone, floor, Turns(alone))


def compose(
    floor: Floor, adoptions: Iterable[Adoption] = (), *, checks: Iterable[tuple[str, Check]] = ()
) -> Regime:
    """The regime of a unit that has adopted these policies on top of the floor; `checks` are `(plugin, dangwu_check)`.

    Raises ConflictError in words when they cannot be in force together, PolicyError for a blank filled wrongly.
    """
    listed = [_settled(floor, one) for one in adoptions if not one.policy.floor]
    wrong = [f"政策“{one.policy.title}”的{said}" for one in listed for said in misfits(one.policy, one.fill)]
    if wrong:
        raise PolicyError(wrong)
    regime = Regime(floor, listed, timed(listed, checks))
    for procedure in floor.procedures:
        regime.plan(procedure)
    for day in {one.since for one in regime.bound if one.rating is not None}:
        schemes(
            (one, one.rating)
            for one in regime.bound
            if one.rating is not None and one.since <= day < one.until
        )
    return regime


def _settled(floor: Floor, adoption: Adoption) -> Adoption:
    """The adoption with the words of its fill by their ids."""
    if not adoption.fill:
        return adoption
    known = Known([*floor.policies, adoption.policy])
    return replace(adoption, fill=settled(adoption.policy, adoption.fill, known))


__all__ = ["Regime", "compose"]
