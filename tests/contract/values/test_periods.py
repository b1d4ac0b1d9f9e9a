"""What is said of periods without knowing from when they run holds from whatever day they do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dangwu import Period
from dangwu.values.days import (
    LAST_KNOWN_YEAR,
    add_months,
    add_workdays,
    is_workday,
    month_day,
    workdays_before,
)
from dangwu.values.period import UNITS
from tests.examples import examples

pytestmark = pytest.mark.laws
KNOWN = st.dates(date(2015, 1, 1), date(LAST_KNOWN_YEAR, 1, 1))
ONE = (
    st.builds(Period, months=st.integers(1, 36))
    | st.builds(Period, days=st.integers(1, 800))
    | st.builds(Period, workdays=st.integers(1, 90))
)
SOME = st.builds(
    Period, months=st.integers(0, 8), days=st.integers(0, 200), workdays=st.integers(0, 60)
).filter(lambda one: one != Period())
laws = examples(150)


@laws
@given(ONE, KNOWN)
def test_a_part_is_as_long_as_is_said_at_least_and_at_most(one: Period, start: date) -> None:
    ((few, most),) = one.lengths().values()
    assert few <= (one.latest(start) - start).days <= most


@laws
@given(SOME, KNOWN, st.booleans())
def test_what_never_decides_never_does(one: Period, start: date, longer: bool) -> None:
    """Without it the period ends on the same day."""
    for unit in one.outdone(by_longer=longer):
        without = Period(**{name: getattr(one, name) for name in UNITS if name != unit})
        end = (
            (without.latest(start), one.latest(start))
            if longer
            else (without.soonest(start), one.soonest(start))
        )
        assert end[0] == end[1]


@laws
@given(SOME, SOME, KNOWN)
def test_what_is_always_before_is_before(one: Period, two: Period, start: date) -> None:
    """Over before the other can begin: such rules are refused as leaving no day."""
    assume(one.always_before(two))
    first = one.soonest(start)
    assert first is not None
    assert first < two.latest(start) or start.year == LAST_KNOWN_YEAR - 1


@laws
@given(SOME | st.just(Period()), SOME | st.just(Period()), KNOWN)
def test_what_is_never_after_is_not(one: Period, two: Period, start: date) -> None:
    assume(one.never_after(two))
    assert one.latest(start) <= two.latest(start) or start.year == LAST_KNOWN_YEAR - 1


@pytest.mark.parametrize(("one", "two", "holds"), [
    (Period(days=30), Period(days=30), True), (Period(days=31), Period(days=30), False), (Period(), Period(days=1), True),
    (Period(days=30), Period(months=1), False), (Period(days=28), Period(months=1), True),  # February
    (Period(months=1), Period(days=31), False), (Period(months=1), Period(days=32), True), (Period(days=1), Period(), False),
    (Period(months=1), Period(months=1, days=40), True), (Period(days=5), Period(workdays=5), True),
    (Period(workdays=5), Period(days=5), False), (Period(months=2), Period(months=1, days=70), True),
])  # fmt: skip
def test_which_is_never_over_after_the_other(one: Period, two: Period, holds: bool) -> None:
    assert one.never_after(two) is holds


@pytest.mark.parametrize(("one", "two", "before"), [
    (Period(days=9), Period(days=10), True), (Period(days=10), Period(days=10), False), (Period(days=11), Period(days=10), False),
    (Period(months=1), Period(months=2), True), (Period(months=1), Period(days=31), False),
    (Period(months=1), Period(days=33), True),
    (Period(days=27), Period(months=1), True), (Period(days=28), Period(months=1), False),
    (Period(days=31), Period(months=1), False),
    (Period(workdays=4), Period(workdays=5), True), (Period(workdays=5), Period(days=5), False),
    (Period(workdays=5), Period(days=40), True), (Period(days=4), Period(workdays=5), True),
    (Period(), Period(days=3), False), (Period(days=3), Period(), False),
    (Period(months=3, days=10), Period(days=30), True), (Period(months=1), Period(months=1, days=10), False),
])  # fmt: skip
def test_which_is_over_before_the_other_from_whatever_day(one: Period, two: Period, before: bool) -> None:
    assert one.always_before(two) is before


@pytest.mark.parametrize(("period", "longer", "gone"), [
    (Period(days=5, workdays=5), True, {"days": "workdays"}), (Period(days=5, workdays=5), False, {"workdays": "days"}),
    (Period(days=7, workdays=5), True, {}), (Period(days=7, workdays=5), False, {}),
    (Period(days=40, workdays=5), True, {"workdays": "days"}), (Period(days=40, workdays=5), False, {"days": "workdays"}),
    (Period(months=1, days=31), True, {}), (Period(months=1, days=40), True, {"months": "days"}),
    (Period(months=1, days=40), False, {"days": "months"}), (Period(months=2, days=20), True, {"days": "months"}),
    (Period(days=5), True, {}), (Period(), True, {}), (Period(months=1), False, {}),
])  # fmt: skip
def test_which_part_never_decides(period: Period, longer: bool, gone: dict[str, str]) -> None:
    assert period.outdone(by_longer=longer) == gone


PARTS = st.builds(Period, months=st.integers(0, 5), days=st.integers(0, 50), workdays=st.integers(0, 30))


@laws
@given(PARTS, PARTS, PARTS)
def test_periods_join_part_by_part(one: Period, two: Period, three: Period) -> None:
    """The longer never ends sooner, the shorter never later; in whatever order they are put together."""
    start = date(2026, 3, 5)
    assert one.longer(two) == two.longer(one)
    assert one.shorter(two) == two.shorter(one)
    assert one.longer(two).longer(three) == one.longer(two.longer(three))
    assert one.shorter(two).shorter(three) == one.shorter(two.shorter(three))
    assert one.longer(two).latest(start) == max(one.latest(start), two.latest(start))
    ends = [end for each in (one, two) if (end := each.soonest(start)) is not None]
    assert one.shorter(two).soonest(start) == min(ends, default=None)
    assert one.longer(Period()) == one.shorter(Period()) == one


@laws
@given(KNOWN, st.integers(1, 120))
def test_workdays_back_are_workdays_on(day: date, count: int) -> None:
    """From the day so many workdays before, so many workdays lead to that day, if it is one."""
    start = workdays_before(day, count)
    assert is_workday(start)
    between = [start + timedelta(days=number) for number in range((day - start).days)]
    assert sum(map(is_workday, between)) == count
    if is_workday(day):
        assert add_workdays(start, count)[0] == day


@laws
@given(PARTS, KNOWN)
def test_the_window_before_a_day_ends_with_it(period: Period, event: date) -> None:
    first = period.before(event)
    parts = [
        add_months(event, -period.months),
        event - timedelta(days=period.days),
        workdays_before(event, period.workdays) if period.workdays else event,
    ]
    assert first == min(parts) <= event


@pytest.mark.parametrize(("text", "found"), [
    ("07-31", (7, 31)), ("01-01", (1, 1)), ("02-28", (2, 28)), ("02-29", None), ("13-01", None), ("00-10", None), ("04-31", None),
    ("7-31", None), ("07-031", None), ("", None), ("07/31", None), ("2026-07-31", None), ("０７-31", None), ("07-31\n", None),
])  # fmt: skip
def test_days_of_every_year(text: str, found: tuple[int, int] | None) -> None:
    assert month_day(text) == found
