"""Counting days: months to the same day (or the month's last), days, and the State Council's workdays.

Everything counts *after* the day of the act: day 1 is the day after it.
Source of workdays and make-up days: the yearly notices of the State Council, as the library `chinesecalendar` holds them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b

import chinese_calendar
from chinese_calendar import constants
from dateutil.relativedelta import relativedelta

LAST_KNOWN_YEAR: int = max(day.year for day in constants.holidays)
"""The last year whose holidays are announced; later years are counted Monday to Friday, provisionally."""
FIRST_KNOWN_YEAR: int = min(day.year for day in constants.holidays)


@lru_cache(maxsize=1)
def calendar_mark() -> str:
    """Tells one calendar from another: the next year's holidays are announced each autumn."""
    known = (constants.holidays, constants.workdays, constants.in_lieu_days)
    days = [sorted(day.toordinal() for day in one) for one in known]
    return blake2b(repr(days).encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=65536)
def add_months(day: date, months: int) -> date:
    """The same day `months` later, or that month's last day."""
    return day + relativedelta(months=months)


def is_announced(day: date) -> bool:
    """Whether the holidays of that day's year are announced."""
    return FIRST_KNOWN_YEAR <= day.year <= LAST_KNOWN_YEAR


def is_workday(day: date) -> bool:
    """Whether people work on that day; for a year not announced yet simply Monday to Friday."""
    return bool(chinese_calendar.is_workday(day)) if is_announced(day) else day.weekday() < 5


@lru_cache(maxsize=64)
def _workdays_of(year: int) -> tuple[date, ...]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days))
    return tuple(day for day in days if is_workday(day))


@lru_cache(maxsize=65536)
def add_workdays(day: date, count: int) -> tuple[date, bool]:
    """The `count`-th workday after `day`, and whether that is provisional (it touches a year not announced yet)."""
    year, left = day.year, count
    workdays = _workdays_of(year)
    start = bisect_right(workdays, day)
    while start + left > len(workdays):
        left -= len(workdays) - start
        year, start = year + 1, 0
        workdays = _workdays_of(year)
    end = workdays[start + left - 1] if left else day
    return end, not (is_announced(day) and is_announced(end))


@lru_cache(maxsize=65536)
def workdays_before(day: date, count: int) -> date:
    """The `count`-th workday before `day`."""
    year, left = day.year, count
    workdays = _workdays_of(year)
    start = bisect_left(workdays, day)
    while left > start:
        left -= start
        year -= 1
        workdays = _workdays_of(year)
        start = len(workdays)
    return workdays[start - left]


_MONTH_DAY = re.compile("([0-9]{2})-([0-9]{2})")


def month_day(text: str) -> tuple[int, int] | None:
    """(month, day) of `07-31`; None where there is no such day in every year."""
    found = _MONTH_DAY.fullmatch(text)
    try:
        day = date(2001, int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None
    return (day.month, day.day) if day else None
