"""Whether what is asked for together can be done at all: each procedure is gone through as fast as its rules allow.

A requirement that nobody can meet, or a step that cannot be begun before its last day even where nothing is ever late, is said
before anybody begins: with all tags that some rule asks for, and without any.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

import msgspec
from msgspec.structs import replace

from dangwu.case.case import Case, Subject
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import FORBIDDEN
from dangwu.facets.registry import is_foreign
from dangwu.regime.effective import StepRules
from dangwu.regime.regime import Regime


class Infeasible(msgspec.Struct, frozen=True, order=True):
    """A step that cannot be met by those with all of `tags`: `why` as a clause; or, where the procedure begins on the day of the
    question and nothing is ever late, it is due on `due` and cannot be begun before `soonest`."""

    procedure: str
    step: str
    tags: tuple[str, ...] = ()
    why: str = ""
    due: date | None = None
    soonest: date | None = None
    rules: tuple[str, ...] = ()


def infeasible(regime: Regime, day: date, policies: Collection[str]) -> list[Infeasible]:
    """What cannot be met under the rules of a day in the procedures of which one of `policies` speaks, for everybody and for each
    group of tags that they name; what holds for everybody is said once."""
    found: dict[tuple[str, str, str], Infeasible] = {}
    theirs = [
        one.rule for one in regime.bound if one.rule.steps and one.rule.id.partition(".")[0] in policies
    ]
    for procedure in sorted({rule.procedure for rule in theirs}):
        groups = {frozenset[str](), *(rule.when for rule in theirs if rule.procedure == procedure)}
        for tags in sorted(groups, key=lambda one: (len(one), sorted(one))):
            for one in _walked(regime, procedure, day, tags):
                found.setdefault((one.procedure, one.step, one.why), one)
    return sorted(found.values())


def _walked(regime: Regime, procedure: str, day: date, tags: frozenset[str]) -> Iterator[Infeasible]:
    """As fast as can be: each step on the first day on which it may be begun after all that stand before it are over."""
    effective = regime.on(day, tags, procedure)
    case = Case(subject=Subject(tags=tags), procedure=procedure)
    over: list[date] = []
    done: dict[str, date] = {}
    for step in regime.plan(procedure).steps:
        start = max((over[earlier] for earlier in effective.order.before[step.index]), default=day)
        if rules := effective.steps.get(step.id):
            start = _begun(rules, Moment(case, start, done, done))
            due = _due(rules, Moment(case, start, done, done))
            told = Infeasible(procedure, step.id, tuple(sorted(tags)), rules=rules.attaining)
            yield from (replace(told, why=clause) for clause in _contradictions(rules))
            if due is not None and start > due:
                yield replace(told, due=due, soonest=start)
            start = max((one.soonest(start) for one in _asked(rules)), default=start)
            done[step.id] = start
        over.append(start)


def _asked(rules: StepRules) -> Iterator[Facet]:
    """What is asked for firmly, by our own kinds: what a plugin's code thinks of a case that is none, nobody asks."""
    yield from (one for name, one in rules.facets.items() if not one.advisory and not is_foreign(name))


def _contradictions(rules: StepRules) -> Iterator[str]:
    yield from (clause for one in _asked(rules) if (clause := one.contradiction()))


def _due(rules: StepRules, at: Moment) -> date | None:
    """The first of its last days."""
    found = (one.deadline(at) for one in _asked(rules))
    return min((day for day in found if day is not None), default=None)


def _begun(rules: StepRules, at: Moment) -> date:
    """The first day on which it may be begun, for what only waits for a day."""
    waits = (
        one.since
        for facet in _asked(rules)
        if not facet.timeless
        for one in facet.judge((), at)
        if one.kind == FORBIDDEN and one.since is not None
    )
    return max((at.today, *waits))


__all__ = ["Infeasible", "infeasible"]
