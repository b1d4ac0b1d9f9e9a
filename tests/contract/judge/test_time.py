"""Time: what a standing says of the next day to look again, and nothing that happened changes by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dangwu import Adoption, Case, compose, evaluate
from dangwu.case.case import End
from dangwu.judge.standing import Standing
from dangwu.plugins.plugins import Plugins
from dangwu.policy.policy import Policy
from tests.contract.generated import DAYS, cases, composed, policies, put_right
from tests.examples import examples

pytestmark = pytest.mark.laws
thorough = examples(25)


def seen(standing: Standing) -> object:
    """What a list or a page shows of a standing."""
    steps = {
        step: (one.state, one.because(), one.until, one.due, one.concluded)
        for step, one in standing.steps.items()
    }
    return (
        standing.stage,
        standing.status,
        standing.membership,
        standing.membership_since,
        standing.due,
        steps,
    )


@thorough
@given(cases(), policies("one", dated=True), policies("two", dated=True), DAYS, st.integers(0, 400))
def test_until_the_next_turn_nothing_changes(
    plugins: Plugins, case: Case, one: Policy, two: Policy, today: date, more: int
) -> None:
    """The daily sweep looks at a case again on that day and on no other: nothing may change before."""
    regime = composed(plugins, Adoption(one, since=date(2026, 3, 1)), Adoption(two, until=date(2026, 9, 1)))
    now = evaluate(regime, case, today)
    later = today + timedelta(days=more)
    if now.turns is not None:
        assert now.turns > today
        later = min(later, now.turns - timedelta(days=1))
    assert evaluate(regime, case, later) == now


@thorough
@given(cases(), policies("one"), DAYS)
def test_a_case_that_was_ended_turns_with_its_rules(
    plugins: Plugins, case: Case, one: Policy, today: date
) -> None:
    """Its page still shows what each step asks for: that changes with the rules."""
    coming = date(2027, 1, 1)
    regime = composed(plugins, Adoption(one, since=coming))
    turns = evaluate(regime, case.with_entry(End("died", today)), today).turns
    assert turns is not None
    assert today < turns <= coming


@thorough
@given(cases(), policies("one"), DAYS)
def test_the_standing_is_a_pure_function(plugins: Plugins, case: Case, one: Policy, today: date) -> None:
    regime = composed(plugins, Adoption(one))
    first = evaluate(regime, case, today)
    evaluate(regime, case, today + timedelta(days=90))
    assert evaluate(regime, case, today) == first
    assert seen(evaluate(compose(plugins.floor, [Adoption(one)]), case, today)) == seen(first)


@thorough
@given(
    st.one_of(cases(), put_right()),
    policies("one", dated=True),
    DAYS,
    st.lists(DAYS, min_size=13, max_size=13),
)
def test_what_lies_after_a_day_is_not_seen_on_it(
    plugins: Plugins, case: Case, one: Policy, today: date, days: list[date]
) -> None:
    """What was entered since, or taken over from paper as done on a later day, changes nothing of how it stood."""
    given_ = dict(zip(case.given, days, strict=False))
    regime = composed(plugins, Adoption(one, since=date(2026, 3, 1)))
    until = replace(
        case,
        entries=tuple(entry for entry in case.entries if entry.day <= today),
        given={step: day for step, day in given_.items() if day <= today},
    )
    assert seen(evaluate(regime, replace(case, given=given_), today)) == seen(evaluate(regime, until, today))
