"""What a facet may know besides the records of its step: the day, the subject's facts, and when other steps were done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dangwu.case.case import Case, Tags


class Moment:
    """A case as of a day, seen from one step.

    `opened` is the first day on which this step could be worked on (None while an earlier step is not done).
    `done` are the days on which steps were done by all rules (a notice on its last day), `settled` by the floor's rules alone:
    a minimum runs from the former and a deadline from the latter, so that adding a rule can make neither easier. `concluded` is
    the day on which the step itself was done, for facets that look at time (they are judged last).
    """

    __slots__ = ("case", "concluded", "done", "opened", "settled", "today")

    def __init__(self, case: Case, today: date, done: dict[str, date], settled: dict[str, date]) -> None:
        self.case, self.today, self.done, self.settled = case, today, done, settled
        self.opened: date | None = None
        self.concluded: date | None = None

    def tags(self, day: date) -> Tags:
        """The subject's tags on a day."""
        return self.case.tags_on(day)

    def dates(self, day: date) -> Mapping[str, date]:
        """The subject's dates as known on a day."""
        return self.case.dates_on(day)

    def plans(self, day: date) -> Mapping[str, tuple[int, ...]]:
        """By yearly plan, the years in which the subject stands in it, as known on a day."""
        return self.case.plans_on(day)

    @property
    def born(self) -> date | None:
        """The subject's date of birth."""
        return self.case.subject.born
