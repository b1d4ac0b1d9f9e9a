"""Whose turn it is: steps that nobody can record today, void ones, reviews in their order; and what of a step is whose."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from core.casework.acts.parts import parts
from core.casework.standing.columns import standing_columns
from core.casework.standing.steps import (
    is_held,
    is_void,
    possible_from,
    seen_state,
    telling,
    waiting_until,
    waits_for,
)
from dangwu import (
    ADVISORY,
    FAILED,
    FORBIDDEN,
    MISSING,
    NEGATIVE,
    OPEN,
    Finding,
    Regime,
    Standing,
    StepRules,
    StepStanding,
)
from tests.core.conftest import World, with_roles

MAY = date(2026, 5, 12)


def rules_of(national: Regime, step: str) -> StepRules:
    """What the national rules say of a step."""
    return national.on(date(2026, 11, 21), frozenset(), "admission").steps[step]


def at(national: Regime, step: str, findings: Iterable[Finding], state: str = OPEN) -> StepStanding:
    """A step at hand with these findings."""
    return StepStanding(step, state, tuple(findings), rules=rules_of(national, step))


def missing(code: str, *keys: str) -> Finding:
    """Something that has not been given."""
    return Finding(code, MISSING, "levels", keys)


EARLY = Finding("timing.early", FORBIDDEN, "earliest", since=MAY)
VOID = Finding("timing.void", NEGATIVE, "void")


def test_too_early_waits_for_nobody_until_its_day(national: Regime) -> None:
    step = at(national, "prospect-selection", [missing("vote.missing"), missing("step.record"), EARLY])
    assert (is_held(step), waits_for(step), seen_state(step)) == (True, frozenset(), "waiting")
    assert (possible_from(step), waiting_until(step)) == (MAY, date(2026, 5, 11))
    assert [one.code for one in telling(step)] == ["timing.early"]
    standing = Standing("prospect", "running", "activist", None, {step.id: step}, None, MAY)
    columns = standing_columns(standing, date(2026, 1, 1))
    assert (columns["open_states"], columns["waits_for"]) == (["waiting"], [])
    assert (columns["reasons"], columns["waiting_until"]) == (["timing.early"], date(2026, 5, 11))


@pytest.mark.parametrize("code", ["timing.blackout", "eligibility.barred"])
def test_what_is_forbidden_without_a_day_is_blocked(national: Regime, code: str) -> None:
    step = at(national, "prospect-selection", [EARLY, Finding(code, FORBIDDEN)])
    assert (seen_state(step), waits_for(step)) == ("blocked", frozenset())
    assert (possible_from(step), waiting_until(step)) == (None, None)


def test_a_void_step_waits_for_its_own_level_and_says_only_that(national: Regime) -> None:
    overdue = Finding("timing.overdue", ADVISORY, "due")
    step = at(national, "admission-approval", [missing("consent.missing", "branch"), VOID, overdue], FAILED)
    assert is_void(step)
    assert waits_for(step) == {"committee"}
    assert [one.code for one in telling(step)] == ["timing.void"]


@pytest.mark.parametrize(
    ("own", "findings", "whose"),
    [
        ("pre-review", [missing("review.missing", "branch", "committee", "county-organization")], {"branch"}),
        ("pre-review", [missing("review.missing", "committee"), missing("documents.missing")], {"committee"}),
        ("pre-review", [missing("review.missing", "branch"), missing("documents.missing")], {"branch"}),
        ("branch-review", [missing("review.missing", "committee"), missing("step.record")], {"committee"}),
        (
            "branch-review",
            [missing("review.missing", "committee"), missing("documents.missing")],
            {"branch", "committee"},
        ),
        (
            "prospect-consent",
            [missing("consent.missing", "committee"), missing("step.record")],
            {"committee"},
        ),
        ("branch-review", [missing("step.record")], {"branch"}),
    ],
)
def test_reviews_go_upwards_one_level_at_a_time(
    national: Regime, own: str, findings: list[Finding], whose: set[str]
) -> None:
    assert waits_for(at(national, own, findings)) == whose


def test_a_refusal_is_mended_below_and_decided_anew_by_who_refused(national: Regime) -> None:
    returned = Finding("review.returned", NEGATIVE, "levels", ("committee",), {"level": "committee"})
    assert waits_for(at(national, "branch-review", [returned], FAILED)) == {"branch", "committee"}
    aspect = Finding("review.aspect", MISSING, "aspects", ("history",), {"level": "committee"})
    assert waits_for(at(national, "branch-review", [aspect])) == {"committee"}


async def test_what_of_a_step_is_whose(world: World, national: Regime) -> None:
    path = world.east.path
    consent, talk = rules_of(national, "prospect-consent"), rules_of(national, "applicant-talk")
    [part] = parts(world.committee, path, consent)
    assert (part.level, part.keys["consent"], part.facets) == (
        "committee",
        ("committee",),
        frozenset({"consent"}),
    )
    assert parts(world.committee, path, talk) == ()
    [branch] = parts(world.secretary, path, talk)
    assert (branch.level, branch.own, branch.facets) == ("branch", True, frozenset())
    assert parts(world.secretary, world.far.path, talk) == ()
    recorder = with_roles("组织委员", ("committee-organizer", world.town))
    assert all(not part.keys["consent"] for part in parts(recorder, path, consent))
