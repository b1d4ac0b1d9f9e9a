"""Membership follows from the steps: what a person is, and since which day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dangwu import (
    Adoption,
    Case,
    Regime,
    Return,
    Standing,
    compose,
    evaluate,
    least,
    read_record,
    refusals,
)
from dangwu.case.case import Facts
from dangwu.plugins.plugins import Plugins

SIDE = ("admission-filing", "group-assignment", "oath")


def do(regime: Regime, case: Case, step: str, day: date, **given: Any) -> Case:
    """The case with the step done on that day."""
    for evidence in least(regime, case, step, day, given):
        record = read_record(step, day, evidence)
        assert refusals(regime, case, record) == ()
        case = case.with_entry(record)
    return case


@pytest.fixture
def regime(plugins: Plugins) -> Regime:
    return compose(plugins.floor)


@pytest.fixture
def admitted(regime: Regime) -> Case:
    """Through the meeting of 1 June and the approval of 20 August 2025."""
    days = {step: date(2025, 5, 1) for step in list(regime.on(date(2025, 5, 1)).steps)[:14]}
    case = do(regime, Case(given=days), "admission-meeting", date(2025, 6, 1))
    case = do(regime, case, "pre-approval-talk", date(2025, 6, 10))
    return do(regime, case, "admission-approval", date(2025, 8, 20))


def stood(regime: Regime, case: Case, day: date) -> tuple[str, date | None]:
    standing = evaluate(regime, case, day)
    return standing.membership, standing.membership_since


def test_each_state_begins_with_its_step(regime: Regime) -> None:
    day = date(2020, 3, 1)
    case = Case(given={"application": day, "applicant-talk": date(2020, 3, 5)})
    assert stood(regime, Case(), day) == ("none", None)
    assert stood(regime, case, date(2020, 3, 6)) == ("applicant", day)
    case = do(regime, case, "activist-decision", date(2020, 4, 1))
    assert stood(regime, case, date(2020, 4, 1)) == ("activist", date(2020, 4, 1))


def test_before_the_revision_a_prospect_needs_no_notice(regime: Regime) -> None:
    given = {step: date(2025, 5, 1) for step in list(regime.on(date(2025, 5, 1)).steps)[:7]}
    case = do(regime, Case(given=given), "prospect-consent", date(2025, 5, 2))
    assert stood(regime, case, date(2025, 5, 2)) == ("prospect", date(2025, 5, 2))


def test_since_the_revision_a_prospect_counts_from_the_day_after_the_notice(regime: Regime) -> None:
    given = {step: date(2026, 5, 20) for step in list(regime.on(date(2026, 5, 20)).steps)[:8]}
    case = do(regime, Case(given=given), "prospect-notice", date(2026, 6, 1))
    assert stood(regime, case, date(2026, 6, 8)) == ("activist", date(2026, 5, 20))
    assert stood(regime, case, date(2026, 6, 9)) == ("prospect", date(2026, 6, 9))


def test_probationary_counts_from_the_meeting_once_approved(regime: Regime, admitted: Case) -> None:
    assert stood(regime, admitted, date(2025, 8, 19))[0] == "prospect"
    assert stood(regime, admitted, date(2025, 8, 20)) == ("probationary", date(2025, 6, 1))


def test_a_vote_that_completes_the_approval_is_waited_for(trial: Plugins, admitted: Case) -> None:
    adoption = Adoption(trial.policies["trial"], also=frozenset({"organizers.vote"}))
    regime = compose(trial.floor, [adoption])
    assert stood(regime, admitted, date(2025, 8, 25))[0] == "prospect"
    case = do(regime, admitted, "organizer-vote", date(2025, 9, 1))
    assert stood(regime, case, date(2025, 9, 1)) == ("probationary", date(2025, 6, 1))


def converted(regime: Regime, case: Case, **vote: Any) -> Case:
    for step in SIDE:
        case = do(regime, case, step, date(2025, 9, 1))
    case = do(regime, case, "probation", date(2026, 3, 1))
    case = do(regime, case, "conversion-application", date(2026, 6, 1))
    case = do(regime, case, "conversion-meeting", date(2026, 6, 20), vote=vote)
    return do(regime, case, "conversion-approval", date(2026, 7, 10))


def test_full_counts_from_the_end_of_probation_once_approved(regime: Regime, admitted: Case) -> None:
    case = converted(regime, admitted)
    assert stood(regime, case, date(2026, 7, 9)) == ("probationary", date(2025, 6, 1))
    assert stood(regime, case, date(2026, 7, 10)) == ("full", date(2026, 6, 1))


def test_an_extension_moves_the_end_of_probation(regime: Regime, admitted: Case) -> None:
    case = converted(regime, admitted, motion="extend", months=6)
    standing: Standing = evaluate(regime, case, date(2026, 7, 10))
    assert (standing.membership, standing.extended_months) == ("probationary", 6)
    case = do(regime, case, "probation", date(2026, 8, 1))
    case = do(regime, case, "conversion-application", date(2026, 12, 1))
    case = do(regime, case, "conversion-meeting", date(2026, 12, 10))
    case = do(regime, case, "conversion-approval", date(2026, 12, 20))
    assert stood(regime, case, date(2026, 12, 20)) == ("full", date(2026, 12, 1))


def test_a_revocation_ends_it_on_the_day_of_the_approval(regime: Regime, admitted: Case) -> None:
    case = converted(regime, admitted, motion="revoke")
    assert stood(regime, case, date(2026, 7, 9))[0] == "probationary"
    assert stood(regime, case, date(2026, 7, 10)) == ("none", date(2026, 7, 10))
    assert evaluate(regime, case, date(2026, 7, 10)).status == "closed"


def test_going_back_takes_the_state_back(regime: Regime, admitted: Case) -> None:
    case = admitted.with_entry(Return("admission-meeting", date(2025, 9, 1)))
    assert stood(regime, case, date(2025, 8, 31))[0] == "probationary"
    assert stood(regime, case, date(2025, 9, 1))[0] == "prospect"


def test_facts_hold_from_their_day(regime: Regime) -> None:
    case = Case().with_entry(Facts(date(2026, 6, 1), frozenset({"rural"}), {"graduation": date(2026, 7, 1)}))
    case = case.with_entry(Facts(date(2026, 6, 10), None, {"departure": date(2026, 9, 1)}))
    assert case.tags_on(date(2026, 5, 31)) == frozenset()
    assert case.tags_on(date(2026, 6, 10)) == {"rural"}
    assert set(case.dates_on(date(2026, 6, 10))) == {"graduation", "departure"}
