"""The windows in which something is to be done: first and last day, both included; and how much falls within one for certain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from dangwu.policy.duty import Demand
from dangwu.values.days import add_months, month_day
from dangwu.values.period import Period

DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


class Window(NamedTuple):
    """To be done from `opens` to `due`."""

    opens: date
    due: date


def windows(demand: Demand, first: date, last: date) -> Iterator[Window]:
    """Those of a demand of fixed days (`per`, `by`) that touch the days from `first` to `last`, oldest first."""
    found = _by(demand, first, last) if demand.by else _calendar(demand.per, first, last)
    yield from (one for one in found if one.due >= first and one.opens <= last)


def _calendar(per: str, first: date, last: date) -> Iterator[Window]:
    if per == "week":
        opens = first - DAY * first.weekday()
        while opens <= last:
            yield Window(opens, opens + DAY * 6)
            opens += DAY * 7
        return
    size = MONTHS[per]
    year, month = first.year, (first.month - 1) // size * size + 1
    while (opens := date(year, month, 1)) <= last:
        year, month = (year + 1, 1) if month + size > 12 else (year, month + size)
        yield Window(opens, date(year, month, 1) - DAY)


def _by(demand: Demand, first: date, last: date) -> Iterator[Window]:
    days = sorted(found for text in demand.by if (found := month_day(text)))
    dues = [date(year, *day) for year in range(first.year - 1, last.year + 2) for day in days]
    for before, due in pairwise(dues):
        yield Window(demand.opens.before(due) if demand.opens else before + DAY, due)


def sure(demand: Demand, window: Window) -> int:
    """How much is done within a window for certain, if the demand is met all that time: times, or hours of `hours`."""
    if demand.every is not None:
        return _chain(demand, window)
    if demand.after:
        return 0
    inside = (
        one
        for one in windows(demand, window.opens, window.due)
        if window.opens <= one.opens and one.due <= window.due
    )
    return _apart(inside) * demand.need


def _apart(found: Iterator[Window]) -> int:
    """How many do not overlap: one act would do for two that do."""
    count, until = 0, date.min
    for one in sorted(found, key=lambda each: each.due):
        if one.opens > until:
            count, until = count + 1, one.due
    return count


def _chain(demand: Demand, window: Window) -> int:
    assert demand.every is not None
    count, due = 0, first_due(demand.every, window.opens)
    while due is not None and due <= window.due:
        count, due = count + 1, demand.every.soonest(due)
    return count


def first_due(every: Period, opens: date) -> date | None:
    """The last day of a chain that begins with `opens`, that whole day counted: three months from 1 March are over on 31 May, not
    on the 28th, three months after the last of February."""
    others = replace(every, months=0).soonest(opens - DAY)
    if not every.months:
        return others
    months = max(add_months(opens - DAY, every.months), add_months(opens, every.months) - DAY)
    return months if others is None else min(months, others)


@lru_cache(maxsize=4096)
def implies(one: Demand, two: Demand) -> bool:
    """Whether whoever meets `one` all the time meets `two`, in whatever year."""
    if one == two:
        return True
    if bool(one.hours) != bool(two.hours):
        return False
    if two.after:
        return one.after == two.after and all(_sooner(one, two, day) for day in _sample())
    return not one.after and all(sure(one, window) >= two.need for window in _samples(two))


def _samples(demand: Demand) -> Iterator[Window]:
    """Windows enough: all of some years with a leap year; of a chain those that begin after any day."""
    days = _sample()
    if demand.every is None:
        yield from windows(demand, days[0], days[-1])
        return
    for last in days:
        due = demand.every.soonest(last)
        if due is not None:
            yield Window(last + DAY, due)


def _sooner(one: Demand, two: Demand, day: date) -> bool:
    if one.within is None or two.within is None:
        return False
    mine, theirs = one.within.soonest(day), two.within.soonest(day)
    return mine is not None and theirs is not None and mine <= theirs


@lru_cache(maxsize=1)
def _sample() -> tuple[date, ...]:
    first = date(2027, 1, 1)
    return tuple(first + DAY * number for number in range(366 + 365 + 60))


__all__ = ["DAY", "Window", "first_due", "implies", "sure", "windows"]
