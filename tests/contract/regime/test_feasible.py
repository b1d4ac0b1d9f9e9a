"""What can never be met together, or never in time, is said before anybody begins."""

from __future__ import annotations

from datetime import date

from dangwu import Adoption, Infeasible, compose, infeasible
from dangwu.policy.policy import Policy
from tests.contract.made import made
from tests.floor import FLOOR
from tests.plugins.policies import policy, ruled
from tests.plugins.test_walks import adopted

DAY = date(2026, 6, 1)
LATE = made(
    "late",
    """
    - id: talk.late
      tighten: admission/admission-meeting
      title: 预审满二十五天才开大会
      timing: {earliest: {pre-review: {days: 25}}}
    """,
)
SOON = made(
    "soon",
    """
    - id: talk.soon
      tighten: admission/admission-meeting
      title: 学生预审后二十天作废
      when: [student]
      timing: {void: {pre-review: {days: 20}}}
    """,
)


LONG = made(
    "long",
    """
    - id: notice.long
      tighten: admission/admission-form
      title: 填表时公示四十天
      notice: {days: 40, channels: [website]}
    """,
)


def found(*policies: Policy) -> list[Infeasible]:
    return infeasible(compose(FLOOR, [Adoption(one) for one in policies]), DAY, {one.id for one in policies})


def test_what_can_be_done_says_nothing() -> None:
    assert [*found(SOON), *found(LATE)] == []
    everything = compose(FLOOR, [adopted(policy(plugin), filled=True) for plugin in ruled()])
    assert infeasible(everything, DAY, {*ruled()}) == []


def test_two_policies_of_which_one_ends_before_the_other_begins() -> None:
    both = found(LATE, SOON)
    assert [(one.step, one.tags) for one in both if one.why] == [("admission-meeting", ("student",))]
    assert both == found(SOON, LATE)


def test_a_step_that_comes_too_late_however_fast_one_is() -> None:
    (one,) = found(LONG)
    assert one.step == "admission-meeting"
    assert one.due is not None
    assert one.soonest is not None
    assert one.soonest > one.due
