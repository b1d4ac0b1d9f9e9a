"""For every step and every role: who may record it. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core.actor import LEVELS, Actor, Holding
from core.casework.levels import acting_level, by_level, own_level, platform_level
from core.errors import Forbidden, Invalid
from dangwu import Adoption, Case, Regime, StepRules, Subject, compose, least
from tenants.accounts.capabilities import ROLES
from tests.floor import FLOOR, INSTALLED

DAY = date(2026, 11, 21)
PATH = "/d/c/g/b/"
PLACE = {"branch": "/d/c/g/b/", "general-branch": "/d/c/g/", "committee": "/d/c/", "department": "/d/"}
STEPS = [step.id for step in compose(FLOOR).plan().steps]


def holder(role: str, level: str) -> Actor:
    """Somebody with one role at the unit of that level above PATH."""
    return Actor(
        UUID(int=1), role, (Holding(role, level, UUID(int=2), PLACE[level], ROLES[role].capabilities),)
    )


HOLDERS = [holder(role.id, level) for role in ROLES.values() for level in LEVELS if role.at in (level, "any")]


def rules_of(regime: Regime, step: str) -> StepRules:
    """What a step requires."""
    return regime.on(DAY, frozenset()).steps[step]


def whole(regime: Regime, step: str) -> dict[str, Any]:
    """Evidence that satisfies a step."""
    return least(regime, Case(Subject(date(1990, 1, 1))), step, DAY)[0]


@pytest.mark.parametrize("step", STEPS)
def test_each_part_is_recorded_by_its_level_alone(national: Regime, step: str) -> None:
    """Every other role is refused in a sentence; some role can do it."""
    rules = rules_of(national, step)
    for level, part in by_level(rules, whole(national, step)):
        able: list[Holding] = []
        refused: list[str] = []
        for actor in HOLDERS:
            try:
                assert acting_level(actor, PATH, rules, part) == level
                able.append(actor.holdings[0])
            except Forbidden as refusal:
                refused.append(refusal.sentence)
        assert able
        assert all("请交由" in sentence for sentence in refused)
        assert {held.level for held in able} == {level}
        needed = "case.review" if part.keys() & {"review", "consent"} else "case.record"
        assert all(needed in held.capabilities for held in able)


def test_reviews_of_three_levels_are_three_records() -> None:
    """辽源三审查: cut by level, lowest first; a mixture is refused."""
    found = INSTALLED
    regime = compose(found.floor, [Adoption(found.policies["liaoyuan-1443"])])
    rules = rules_of(regime, "prospect-review")
    evidence = whole(regime, "prospect-review")
    parts = by_level(rules, evidence)
    assert [level for level, _ in parts] == ["branch", "committee", "department"]
    assert all(set(part.get("review", {level: 0})) == {level} for level, part in parts)
    with pytest.raises(Invalid, match="各级分别记录"):
        acting_level(
            holder("department-organizer", "department"), PATH, rules, {"review": evidence["review"]}
        )
    with pytest.raises(Invalid, match="其余内容由"):
        mixed = {"review": parts[-1][1]["review"], "documents": ["x"]}
        acting_level(holder("department-organizer", "department"), PATH, rules, mixed)


def test_an_opinion_that_nobody_asks_for_is_refused(national: Regime) -> None:
    """The department gives no consent where only the committee's is asked."""
    rules = rules_of(national, "prospect-consent")
    assert own_level(rules) == "committee"
    with pytest.raises(Invalid, match="不需要县委组织部的这项意见"):
        acting_level(
            holder("department-organizer", "department"), PATH, rules, {"consent": {"department": "granted"}}
        )


def test_levels_of_policies_are_levels_of_the_platform() -> None:
    """What the person does himself or a group is written down by the branch; a general branch by itself (细则第二十二条)."""
    assert [platform_level(level) for level in ("person", "group", "branch")] == ["branch"] * 3
    assert [platform_level(level) for level in LEVELS] == list(LEVELS)
    assert platform_level("some-plugin-s-own") == "department"


def test_the_review_of_a_general_branch_is_its_own(national: Regime) -> None:
    """Neither the branch below nor the committee above gives it."""
    rules = national.on(DAY, frozenset({"under-general-branch"})).steps["admission-approval"]
    parts = by_level(rules, {"review": {"general-branch": "pass"}, "consent": {"committee": "granted"}})
    assert [level for level, _ in parts] == ["general-branch", "committee"]
    general = holder("general-branch-secretary", "general-branch")
    assert acting_level(general, PATH, rules, parts[0][1]) == "general-branch"
    for role, level in (("branch-secretary", "branch"), ("committee-secretary", "committee")):
        with pytest.raises(Forbidden, match="由党总支办理"):
            acting_level(holder(role, level), PATH, rules, parts[0][1])
    with pytest.raises(Forbidden):
        acting_level(general, PATH, rules, parts[1][1])
