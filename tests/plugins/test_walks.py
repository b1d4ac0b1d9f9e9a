"""Whole cases with the least evidence only: under every practice and all of them together a person can become a full member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from dangwu import (
    COMPLETED,
    DONE,
    FAILED,
    OPEN,
    RUNNING,
    WAITING,
    Adoption,
    Blank,
    Case,
    Judged,
    Policy,
    Record,
    Regime,
    StepStanding,
    Subject,
    compose,
    evaluate,
    judged,
    least_by,
    read_record,
    tried,
)
from tests.contract.judge.test_least import listed
from tests.floor import FLOOR, STEPS
from tests.plugins.policies import policy, ruled

BEGIN = date(2025, 6, 2)
TAGS = (
    "rural", "student", "mobile", "off-site", "private-entrepreneur", "primary-education", "village-cadre-relative",
    "past-violation", "social-organization-head",
)  # fmt: skip
VALUES: Mapping[str, Any] = {"text": "按本地规定", "number": 14, "share": ">=2/3", "list": ["one", "two"]}
SOON = timedelta(days=10)
"""How long before it is due somebody is assessed again."""


def value(blank: Blank) -> Any:
    """Something plausible for a blank: days that several notices together can take in the month that there is, else months."""
    return 5 if "天数" in blank.title else VALUES[blank.type]


def adopted(plugin: Policy, *, filled: bool) -> Adoption:
    """A plugin, with all of its blanks filled and all that is off by default, or with none of it."""
    fill = {name: value(blank) for name, blank in plugin.blanks.items()} if filled else {}
    also = frozenset(rule.id for rule in plugin.rules if rule.off) if filled else frozenset()
    return Adoption(plugin, fill=fill, also=also)


@cache
def regime(*plugins: str, filled: bool = False) -> Regime:
    """The floor with these plugins: made once, and asked by many tests."""
    return compose(FLOOR, [adopted(policy(one), filled=filled) for one in plugins])


def walk(rules: Regime, tags: frozenset[str]) -> tuple[Case, list[str]]:
    """One case done with the least evidence, each step the day after the last; and whatever went wrong on the way."""
    now, wrong = judged(rules, Case(Subject(date(1990, 3, 2), tags), (listed(rules, BEGIN),)), BEGIN), []
    for _ in range(500):
        standing = now.standing
        if standing.status != RUNNING:
            break
        wrong += [f"{step} {now.day}: {one.code}" for step, one in standing.findings() if _late(one.code)]
        step = next((one for one in standing.open if _can(now, standing.steps[one])), None)
        if step is None:
            assert standing.turns is not None, f"{now.day}: {standing.open} {standing.findings()}"
            day = min(standing.turns, now.day + timedelta(days=5))
        else:
            now, day = done(now, step), now.day + timedelta(days=1)
        now = judged(rules, now.case, day, now.settled)
    return now.case, wrong


def _late(code: str) -> bool:
    return code in ("timing.overdue", "timing.void", "assessment.overdue", "recording.late")


def _can(now: Judged, found: StepStanding) -> bool:
    if found.id == "cultivation" and found.began is not None and now.day < _next(now) - SOON:
        return False
    return found.state == OPEN and not tried(now, read_record(found.id, now.day)).refusals


def _next(now: Judged) -> date:
    """By when he has to be assessed again, as often as these rules ask for it."""
    assessment = now.regime.on(now.day, now.case.tags_on(now.day)).steps["cultivation"].facets["assessment"]
    last = max(one.day for one in now.case.entries if isinstance(one, Record) and one.step == "cultivation")
    due: date = assessment.every.soonest(last)  # type: ignore[attr-defined]
    return due


def done(now: Judged, step: str) -> Judged:
    """The case with the step done by the least evidence (for cultivation one assessment at a time)."""
    for evidence in least_by(now, step)[: 1 if step == "cultivation" else None]:
        refused, after = tried(now, read_record(step, now.day, evidence))
        assert refused == ()
        assert after is not None
        now = after
    return now


ALL = ruled(admission=True)
SETS = [(), *((one,) for one in ALL), ALL]


@pytest.mark.parametrize("filled", [False, True], ids=["blanks open", "blanks filled"])
@pytest.mark.parametrize("plugins", SETS, ids=lambda plugins: "+".join(plugins) or "national")
def test_a_person_can_become_a_full_member(plugins: tuple[str, ...], filled: bool) -> None:
    rules = regime(*plugins, filled=filled)
    each = [frozenset({tag}) for tag in TAGS] if plugins == ALL else []
    for tags in (frozenset[str](), *each, frozenset(TAGS)):
        case, wrong = walk(rules, tags)
        end = evaluate(rules, case, date(2032, 1, 1))
        assert (end.status, end.membership) == (COMPLETED, "full"), (tags, end.open, end.findings()[:3])
        assert wrong == [], tags


@pytest.mark.parametrize("plugins", SETS, ids=lambda plugins: "+".join(plugins) or "national")
@pytest.mark.parametrize("through", STEPS)
def test_a_case_can_be_taken_over_after_any_step_of_the_floor(plugins: tuple[str, ...], through: str) -> None:
    rules = regime(*plugins)
    floor = STEPS
    taken = floor[: floor.index(through) + 1]
    case = Case(Subject(date(1990, 3, 2), frozenset(TAGS)), given=dict.fromkeys(taken, BEGIN))
    standing = evaluate(rules, case, BEGIN)
    assert all(standing.steps[step].state == DONE for step in taken)
    assert not {standing.steps[step].state for step in standing.open} & {FAILED}
    assert standing.status == (COMPLETED if through == "archiving" else RUNNING), standing.open
    assert all(standing.steps[step].state in (OPEN, WAITING) for step in standing.open)
