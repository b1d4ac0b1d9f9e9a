"""The days on which the rules in force change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from dangwu.regime.adoption import Bound


class Turns:
    """The history of a unit's rules as the days on which it turns, oldest first; between two of them nothing changes."""

    def __init__(self, bound: Iterable[Bound]) -> None:
        listed = tuple(bound)
        turning = {day for one in listed for day in (one.since, one.until)}
        turning |= {cite.until or date.max for one in listed for cite in one.rule.cited_before}
        self.days = tuple(sorted(turning - {date.min, date.max}))

    def interval(self, day: date) -> int:
        """Which stretch of the history a day lies in, counted from 0."""
        return bisect_right(self.days, day)

    def span(self, day: date) -> tuple[date, date]:
        """The first day of that stretch, and the first day after it."""
        position = self.interval(day)
        last = len(self.days)
        return self.days[position - 1] if position else date.min, self.days[
            position
        ] if position < last else date.max

    def after(self, day: date) -> date | None:
        """The next day on which the rules change, None if they stay."""
        position = self.interval(day)
        return self.days[position] if position < len(self.days) else None


__all__ = ["Turns"]
