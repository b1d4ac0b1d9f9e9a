"""`least`: what a step needs at least. It fills the demo and the `do` of rehearsals, so it must satisfy every step."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from dangwu import (
    FACETS,
    Adoption,
    Case,
    Facet,
    Facts,
    Regime,
    Subject,
    compose,
    evaluate,
    least,
    read_record,
    refusals,
)
from dangwu.facets.finding import ADVISORY, CLOCK
from dangwu.judge.standing import DONE, OPEN, WAITING
from dangwu.plugins.plugins import Plugins

TAGS = ("", "rural mobile", "student past-violation", "private-entrepreneur village-cadre-relative")


def walk(regime: Regime, tags: frozenset[str], start: date) -> tuple[Case, date]:
    """A case taken through all its steps with the least evidence, looked at again whenever its standing says so."""
    case, day = Case(Subject(date(1990, 1, 1), tags), (listed(regime, start),)), start
    for _ in range(200):
        standing = evaluate(regime, case, day)
        if standing.status != "running":
            return case, day
        steps = (one for one in standing.open if standing.steps[one].state != WAITING)
        taken = next((later for one in steps if (later := _take(regime, case, one, day)) is not None), None)
        case = taken or case
        if taken is None:
            assert standing.turns is not None, standing.findings()
            day = standing.turns
    raise AssertionError(f"{day}: {evaluate(regime, case, day).findings()}")


def listed(regime: Regime, day: date) -> Facts:
    """That the person stands in every plan of the years that follow: no record says so, the plan does."""
    years = tuple(range(day.year, day.year + 12))
    return Facts(day, plans=dict.fromkeys(regime.plans(day), years))


def _take(regime: Regime, case: Case, step: str, day: date) -> Case | None:
    for evidence in least(regime, case, step, day):
        record = read_record(step, day, evidence)
        why = refusals(regime, case, record)
        if why:
            assert {one.code for one in why} <= {"timing.early", "timing.blackout"}, (step, day, why)
            return None
        case = case.with_entry(record)
    standing = evaluate(regime, case, day).steps[step]
    left = [one for one in standing.findings if one.kind not in (ADVISORY, CLOCK)]
    assert not left, (step, day, left)
    assert standing.state in (DONE, WAITING, OPEN)
    return case


@cache
def regimes(plugins: Plugins) -> dict[str, Regime]:
    """The floor alone, and with every rule of every installed practice."""
    everything = [
        Adoption(policy, also=frozenset(rule.id for rule in policy.rules if rule.off))
        for policy in plugins.policies.values()
    ]
    return {"national": compose(plugins.floor), "all": compose(plugins.floor, everything)}


@pytest.mark.parametrize("name", ["national", "all"])
@pytest.mark.parametrize("tags", TAGS)
@pytest.mark.parametrize("start", [date(2020, 1, 6), date(2025, 5, 26)], ids=["2014 rules", "2026 revision"])
def test_the_least_evidence_takes_a_case_through_all_steps(
    plugins: Plugins, name: str, tags: str, start: date
) -> None:
    regime = regimes(plugins)[name]
    case, day = walk(regime, frozenset(tags.split()), start)
    standing = evaluate(regime, case, day)
    assert (standing.status, standing.membership) == ("completed", "full")
    assert {step.state for step in standing.steps.values()} <= {"done", "waived"}


@pytest.mark.parametrize("name", sorted(FACETS))
def test_what_is_given_is_kept(name: str) -> None:
    """`do` supplies what is missing, and never changes what was said."""
    given: dict[str, Any] = {
        "vote": {"eligible": 9, "against": 2},
        "poll": {"masses": {"invited": 30, "for": 3}},
        "training": {"hours": 2},
        "assessment": {"mark": 1},
        "review": {"branch": {"conclusion": "return"}},
        "inquiry": {"tax": "object"},
        "notice": {"places": ["workplace"]},
        "talk": {"with": ["applicant"]},
        "visit": {"by": ["organizer"]},
        "consent": {"committee": "refused"},
        "appointment": [{"name": "甲"}],
        "documents": ["letter"],
        "signoff": {"secretary": "张三"},
        "serial": {"number": "7"},
    }
    facet: Facet = FACETS[name]()
    if name not in given:
        return
    found = facet.least(given[name], (), None)  # type: ignore[arg-type]
    assert _within(given[name], found), found


def _within(one: Any, two: Any) -> bool:
    if isinstance(one, dict):
        return all(key in two and _within(part, two[key]) for key, part in one.items())
    if isinstance(one, list):
        return len(one) == len(two) and all(
            _within(mine, theirs) for mine, theirs in zip(one, two, strict=True)
        )
    return bool(one == two)
