"""A period of time: `{months, days, workdays}`, each counted on its own."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from dangwu.values.bounds import Days, Months
from dangwu.values.days import add_months, add_workdays, workdays_before

UNITS = ("months", "days", "workdays")


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Months, days and workdays that are *not* added up: each runs from the same day; 0 means: says nothing."""

    months: Months = 0
    days: Days = 0
    workdays: Days = 0

    def ends(self, start: date) -> list[date]:
        """The end of each part that says something, counted from the day after `start`."""
        found = []
        if self.months:
            found.append(add_months(start, self.months))
        if self.days:
            found.append(start + timedelta(days=self.days))
        if self.workdays:
            found.append(add_workdays(start, self.workdays)[0])
        return found

    def latest(self, start: date) -> date:
        """The end of the part that ends last (a minimum is over only when every part is)."""
        return max(self.ends(start), default=start)

    def soonest(self, start: date) -> date | None:
        """The end of the part that ends first (a deadline passes as soon as one part does)."""
        return min(self.ends(start), default=None)

    def always_before(self, other: Period) -> bool:
        """Whether its first end comes before the other's last one, from whatever day both run."""
        mine, theirs = self.lengths(), other.lengths()
        same = any(0 < getattr(self, unit) < getattr(other, unit) for unit in UNITS)
        shortest = max((few for few, _ in theirs.values()), default=0)
        return same or min((most for _, most in mine.values()), default=shortest) < shortest

    def never_after(self, other: Period) -> bool:
        """Whether its last end never comes after the other's, from whatever day both run."""
        shorter = all(getattr(self, unit) <= getattr(other, unit) for unit in UNITS)
        longest = max((most for _, most in self.lengths().values()), default=0)
        return shorter or longest <= max((few for few, _ in other.lengths().values()), default=0)

    def lengths(self) -> dict[str, tuple[int, int]]:
        """How many days each part that says something takes at least and at most, from whatever day it runs."""
        found = {
            "months": (self.months * 365 // 12 - 2, self.months * 366 // 12 + 2),
            "days": (self.days, self.days),
            "workdays": (self.workdays, self.workdays * 2 + 14),
        }
        return {unit: found[unit] for unit in UNITS if getattr(self, unit)}

    def outdone(self, *, by_longer: bool) -> dict[str, str]:
        """The units that never decide, where the longest (else the shortest) does, each with the one that outdoes it."""
        if bool(self.months) + bool(self.days) + bool(self.workdays) < 2:
            return {}
        lengths = self.lengths()
        return {
            one: two
            for one, (few, most) in lengths.items()
            for two, (least, longest) in lengths.items()
            if one != two and (most <= least if by_longer else few >= longest)
        }

    def before(self, event: date) -> date:
        """The first day of the window of this length that ends with `event`."""
        starts = [event]
        if self.months:
            starts.append(add_months(event, -self.months))
        if self.days:
            starts.append(event - timedelta(days=self.days))
        if self.workdays:
            starts.append(workdays_before(event, self.workdays))
        return min(starts)

    def __str__(self) -> str:
        """In Chinese: 1 个月、5 个工作日."""
        parts = ((self.months, "个月"), (self.days, "天"), (self.workdays, "个工作日"))
        return "、".join(f"{number} {unit}" for number, unit in parts if number) or "不限"

    def longer(self, other: Period) -> Period:
        """Part by part the greater."""
        return Period(
            max(self.months, other.months), max(self.days, other.days), max(self.workdays, other.workdays)
        )

    def shorter(self, other: Period) -> Period:
        """Part by part the smaller, where a part that says nothing does not count."""
        return Period(
            _least(self.months, other.months),
            _least(self.days, other.days),
            _least(self.workdays, other.workdays),
        )


def _least(one: int, two: int) -> int:
    return min(one, two) if one and two else one or two
