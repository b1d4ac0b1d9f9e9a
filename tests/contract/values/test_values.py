"""The small values: shares, periods, days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangwu import Period, Share
from dangwu.values.days import LAST_KNOWN_YEAR, add_months, add_workdays, is_workday
from dangwu.values.vocabulary import rank


@pytest.mark.parametrize(
    ("share", "part", "whole", "met"),
    [
        (">1/2", 10, 20, False), (">1/2", 11, 20, True), (">=1/2", 10, 20, True), (">=2/3", 2, 3, True),
        ("2/3", 2, 3, True), (">2/3", 2, 3, False), ("≥1/2", 1, 2, True), (">=1/1", 7, 7, True), (">1/2", 0, 0, False),
    ],
)  # fmt: skip
def test_a_share_is_met_in_whole_numbers(share: str, part: int, whole: int, met: bool) -> None:
    assert Share(share).met(part, whole) is met


def test_more_than_half_is_stricter_than_half() -> None:
    listed = [Share(text) for text in (">2/3", ">=1/2", ">1/2", ">=2/3", ">2/5")]
    assert [str(share) for share in sorted(listed)] == [">2/5", ">=1/2", ">1/2", ">=2/3", ">2/3"]
    assert Share("2/4") == Share(">=1/2") != "1/2"
    assert len({Share("2/4"), Share("1/2")}) == 1
    assert repr(Share("1/2")) == "Share('>=1/2')"


@pytest.mark.parametrize("text", ["", "half", "1/0", "3/2", ">1/1", "-1/2", "0.5", "1/2/3"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        Share(text)


@given(st.sampled_from([">1/2", ">=1/2", ">=2/3", ">=1/1"]), st.integers(1, 60))
def test_the_least_number_meets_a_share_and_one_less_does_not(text: str, whole: int) -> None:
    least = Share(text).least(whole)
    assert Share(text).met(least, whole)
    assert not Share(text).met(least - 1, whole)


def test_shares_in_words() -> None:
    assert Share(">1/2").words == "超过 1/2"
    assert Share(">=2/3").of("应到会 20 人") == "不少于应到会 20 人的 2/3"


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 8, 31), 1, date(2026, 9, 30)), (date(2026, 2, 28), 12, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)), (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
)  # fmt: skip
def test_months_run_to_the_same_day_or_the_months_last(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


def test_workdays_follow_the_holidays_and_their_make_up_days() -> None:
    """National holiday of 2026: 1 to 7 October off; 20 September and 10 October are worked."""
    assert is_workday(date(2026, 10, 10))
    assert not is_workday(date(2026, 10, 1))
    assert add_workdays(date(2026, 9, 30), 5) == (date(2026, 10, 13), False)
    assert add_workdays(date(2026, 6, 1), 0) == (date(2026, 6, 1), False)


def test_workdays_of_a_year_not_announced_yet_are_provisional() -> None:
    year = LAST_KNOWN_YEAR
    assert add_workdays(date(year, 12, 31), 1)[1] is True
    assert add_workdays(date(year, 12, 20), 3)[1] is False
    assert add_workdays(date(year + 1, 6, 1), 1)[1] is True


@given(st.dates(date(2015, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_workdays_count_one_by_one(start: date, count: int) -> None:
    end, _ = add_workdays(start, count)
    days = [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]
    assert sum(is_workday(day) for day in days) == count
    assert is_workday(end)


def test_the_parts_of_a_period_are_counted_each_on_its_own() -> None:
    both = Period(months=1, workdays=5)
    assert both.ends(date(2026, 6, 1)) == [date(2026, 7, 1), date(2026, 6, 8)]
    assert both.latest(date(2026, 6, 1)) == date(2026, 7, 1)
    assert both.soonest(date(2026, 6, 1)) == date(2026, 6, 8)
    assert Period().soonest(date(2026, 6, 1)) is None
    assert Period().latest(date(2026, 6, 1)) == date(2026, 6, 1)
    assert Period(months=1, days=40).before(date(2026, 7, 31)) == date(2026, 6, 21)
    assert (str(both), str(Period())) == ("1 个月、5 个工作日", "不限")


def test_levels_stand_in_order_and_an_unknown_one_below_the_department() -> None:
    levels = ["department", "town-office", "committee", "branch", "person"]
    assert sorted(levels, key=rank) == ["person", "branch", "committee", "town-office", "department"]
