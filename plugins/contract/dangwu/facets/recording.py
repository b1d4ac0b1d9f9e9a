"""`recording` 纪实: within how many days of the act it must be written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated

from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import ADVISORY, MISSING, Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.values.bounds import Days
from dangwu.values.lattice import DOWN, OR


@facet("recording", "纪实")
class Recording(Facet, frozen=True):
    """A record is to be entered `within_days` of its act; with `blocks` the next step waits until it is. Late is not void."""

    within_days: Annotated[Days, DOWN, Meta(title="几天内补记")] = 0
    blocks: Annotated[bool, OR, Meta(title="逾期不予记录")] = False
    timeless = True
    order = 190
    sentences = {
        "late": "{day} 办理，{entered} 才记录，超过 {within_days} 天的期限。已标记逾期，请向支部书记说明",
        "missing": "{day} 已经办理，还没有记录（期限 {last}）。请补记",
    }
    titles = {"late": "补记逾期", "missing": "尚未补记"}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`late` (advisory), `missing` for an act that is not written down yet."""
        found: list[Finding] = []
        for record in records:
            if not record.day == record.entered <= at.today:
                found += self._entered(record, at)
        return found

    def _entered(self, record: Record, at: Moment) -> list[Finding]:
        last = record.day + timedelta(days=self.within_days)
        found = []
        if record.entered > at.today:
            kind, param = (MISSING, "blocks") if self.blocks else (ADVISORY, "within_days")
            values = {"day": record.day, "last": last}
            found.append(Finding("recording.missing", kind, param, ("",), values))
        if self.within_days and min(record.entered, at.today) > last:
            days = self.within_days
            found.append(
                self.warning("late", "within_days", day=record.day, entered=record.entered, within_days=days)
            )
        return found

    def turns(self, records: Sequence[Record], at: Moment) -> Iterator[date]:
        """The day on which an act is written down, and the day after it should have been."""
        for record in records:
            if record.entered > at.today:
                yield record.entered
                yield record.day + timedelta(days=self.within_days + 1)

    def keeps(self) -> bool:
        """Where it only warns; a further act may not be written down yet."""
        return not self.blocks

    def describe(self) -> list[Requirement]:
        """The time, and whether it stops the next step."""
        found = []
        if self.within_days:
            found.append(Requirement("within_days", "", f"办理后 {self.within_days} 天内记录"))
        if self.blocks:
            found.append(Requirement("blocks", "", "没有记录的，下一环节不能办理"))
        return found
