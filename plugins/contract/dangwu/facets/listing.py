"""`listing` 列入计划: only who stands in a plan of that year may go on; nothing is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import MAXYEAR, date
from typing import Annotated, ClassVar

from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import FORBIDDEN, NEGATIVE, Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.values.lattice import UNION
from dangwu.values.word import PlanId


@facet("listing", "列入计划")
class Listing(Facet, frozen=True):
    """The person stands in each of `plans` of the year of the act, as far as was known that day (`Facts.plans`)."""

    plans: Annotated[frozenset[PlanId], UNION, Meta(title="须列入的年度计划")] = frozenset()
    timeless = False
    whole = frozenset({"plans"})
    guards: ClassVar[Mapping[str, str]] = {"plan": "plans"}
    order = 12
    keeping = True
    sentences = {
        "unlisted": "未列入 {year} 年{keys}，不能办理这一环节。请由制定计划的党组织列入并报批；年中需要增加的，报批调整计划后再办"
    }
    titles = {"unlisted": "未列入年度计划"}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`listing.unlisted`; for a step begun, as of the day it began."""
        if not self.plans:
            return []
        day = records[0].day if records else at.today
        listed = at.plans(day)
        lacking = tuple(sorted(one for one in self.plans if day.year not in listed.get(one, ())))
        kind = NEGATIVE if records else FORBIDDEN
        return [Finding("listing.unlisted", kind, "plans", lacking, {"year": day.year})] if lacking else []

    def turns(self, records: Sequence[Record], at: Moment) -> Iterable[date]:
        """New Year's Day, for a step not begun: each year has its own plan."""
        if not self.plans or records or at.today.year == MAXYEAR:
            return ()
        return (date(at.today.year + 1, 1, 1),)

    def describe(self) -> list[Requirement]:
        """Each plan."""
        return [Requirement("plans", key, f"须列入当年的{{{key}}}") for key in sorted(self.plans)]
