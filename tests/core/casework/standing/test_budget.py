"""Deadlines that cannot be met any more are said while there is still something to be done. Source: local-variants B5, N30."""

from __future__ import annotations

from datetime import date

import pytest

from core.casework.standing.budget import Late, late
from dangwu import Adoption, Case, Regime, judged, least, read_record
from tests.floor import INSTALLED, STEPS

GIVEN = dict.fromkeys(STEPS[: STEPS.index("admission-form")], date(2026, 9, 1)) | {
    "admission-form": date(2026, 9, 10)
}
DUE = date(2026, 10, 1)
"""The last day for the branch's meeting: a month after the pre-review (细则第十九条)."""


@pytest.fixture(scope="module")
def fifteen() -> Regime:
    """National and Yakeshi, which posts a notice for fifteen days before the meeting."""
    plugins = INSTALLED
    return plugins.compose([Adoption(plugins.policies["yakeshi"])])


def told(regime: Regime, case: Case, day: date) -> dict[str, Late]:
    return late(judged(regime, case, day))


def test_a_notice_not_posted_in_time_makes_the_meeting_late(fifteen: Regime) -> None:
    case = Case(given=GIVEN)
    assert told(fifteen, case, date(2026, 9, 15)) == {}, "posted today it runs out on the last day but one"
    meeting = told(fifteen, case, date(2026, 9, 16))["admission-meeting"]
    assert (meeting.due, meeting.soonest) == (DUE, date(2026, 10, 2))


def test_a_posted_notice_counts_as_it_runs(fifteen: Regime) -> None:
    posted = date(2026, 9, 15)
    case = Case(given=GIVEN)
    for evidence in least(fifteen, case, "admission-notice", posted):
        case = case.with_entry(read_record("admission-notice", posted, evidence))
    assert told(fifteen, case, date(2026, 9, 20)) == {}


def test_the_floor_alone_leaves_room(fifteen: Regime) -> None:
    assert told(INSTALLED.compose([]), Case(given=GIVEN), DUE) == {}


def test_a_deadline_that_has_passed_is_not_said_again(fifteen: Regime) -> None:
    assert told(fifteen, Case(given=GIVEN), date(2026, 10, 2)) == {}
