"""The rounds of a scheme: `2026-1` is the first of the rating year 2026. Dates are inclusive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import msgspec

from dangwu.regime.scheme import Due, Scheme
from dangwu.values.days import add_months


class Round(msgspec.Struct, frozen=True):
    """`first` and `last` day of the time in which it is to be done."""

    name: str
    first: date
    last: date


def round_on(scheme: Scheme, day: date) -> Round | None:
    """The round that runs on a day; None where the scheme names no days."""
    return next((one for one in _around(scheme, day) if one.first <= day <= one.last), None)


def round_named(scheme: Scheme, name: str) -> Round | None:
    """The round of that name."""
    year = name.partition("-")[0]
    if not re.fullmatch("[0-9]{4}", year) or not 1900 <= int(year) <= 2198:
        return None
    return next((one for one in _around(scheme, date(int(year), 7, 1)) if one.name == name), None)


def _around(scheme: Scheme, day: date) -> Iterator[Round]:
    """The rounds of the years about a day, oldest first."""
    lasts = [
        (f"{year}-{number}", _date(year, due))
        for year in range(day.year - 2, day.year + 2)
        for number, due in enumerate(scheme.due, 1)
    ]
    for (_, before), (name, last) in pairwise(lasts):
        yield Round(name, before + timedelta(days=1), last)


def _date(year: int, due: Due) -> date:
    ahead, month, day = due
    last = add_months(date(year + ahead, month, 1), 1) - timedelta(days=1)
    return last.replace(day=min(day, last.day))


__all__ = ["Round", "round_named", "round_on"]
