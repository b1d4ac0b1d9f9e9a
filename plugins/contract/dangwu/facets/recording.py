"""`recording` 纪实: within how many days of the act it must be written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from dangwu.case import Record
from dangwu.facet import ADVISORY, MISSING, Facet, Finding, Requirement, facet
from dangwu.lattice import DOWN, OR
from dangwu.moment import Moment


@facet("recording", "纪实")
class Recording(Facet, frozen=True):
    """A record is to be entered `within_days` of its act; with `blocks` the next step waits until it is. Late is not void."""

    within_days: Annotated[int, DOWN] = 0
    blocks: Annotated[bool, OR] = False
    timeless = True
    sentences = {
        "late": "{day} 办理，{entered} 才记录，超过 {within_days} 天的期限。已标记逾期，请向支部书记说明",
        "missing": "{day} 已经办理，还没有记录（期限 {last}）。请补记",
    }

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`late` (advisory), `missing` for an act that is not written down yet."""
        found = []
        for record in records:
            last = record.day + timedelta(days=self.within_days)
            if record.entered > at.today:
                kind = MISSING if self.blocks else ADVISORY
                values = {"day": record.day, "last": last}
                found.append(
                    Finding(
                        "recording.missing", kind, "blocks" if self.blocks else "within_days", ("",), values
                    )
                )
            if self.within_days and min(record.entered, at.today) > last:
                values = {"day": record.day, "entered": record.entered, "within_days": self.within_days}
                found.append(self.warning("late", "within_days", **values))
        return found

    def describe(self) -> list[Requirement]:
        """The time, and whether it stops the next step."""
        found = (
            [Requirement("within_days", "", f"办理后 {self.within_days} 天内记录")]
            if self.within_days
            else []
        )
        return [*found, Requirement("blocks", "", "没有记录的，下一环节不能办理")] if self.blocks else found
