"""`eligibility`: tags that stop a step, and the age that it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated

from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import FORBIDDEN, NEGATIVE, Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.values.bounds import Age
from dangwu.values.days import add_months
from dangwu.values.lattice import UNION, UP
from dangwu.values.word import Tag


@facet("eligibility", "资格")
class Eligibility(Facet, frozen=True):
    """Who may take the step, from the subject's facts on the day of the act; nothing is recorded. `min_age` in years."""

    barred: Annotated[frozenset[Tag], UNION, Meta(title="不得办理的情况")] = frozenset()
    min_age: Annotated[Age, UP, Meta(title="最低年龄")] = 0
    timeless = False
    whole = frozenset({"barred"})
    order = 10
    keeping = True
    sentences = {
        "barred": "本人属于“{keys}”，不能办理这一环节。情况有变化的，请先更新本人情况",
        "age": "须年满 {min_age} 周岁（{since} 起）",
    }
    titles = {"barred": "不具备资格", "age": "年龄不够"}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`eligibility.barred`, `eligibility.age`; for a step begun, as of the day it began."""
        day = records[0].day if records else at.today
        kind = NEGATIVE if records else FORBIDDEN
        found = []
        hit = tuple(sorted(self.barred & at.tags(day))) if self.barred else ()
        if hit:
            found.append(Finding("eligibility.barred", kind, "barred", hit))
        if self.min_age and at.born is not None:
            since = of_age(at.born, self.min_age)
            if day < since:
                values = {"min_age": self.min_age, "since": since}
                found.append(Finding("eligibility.age", kind, "min_age", ("",), values, since=since))
        return found

    def turns(self, records: Sequence[Record], at: Moment) -> Iterable[date]:
        """The birthday on which the age is reached, for a step not begun."""
        waits = self.min_age and at.born is not None and not records
        return (of_age(at.born, self.min_age),) if waits and at.born else ()

    def describe(self) -> list[Requirement]:
        """Age and tags."""
        found = [Requirement("min_age", "", f"须年满 {self.min_age} 周岁")] if self.min_age else []
        return found + [Requirement("barred", key, f"“{{{key}}}”不能办理") for key in sorted(self.barred)]


def of_age(born: date, years: int) -> date:
    """The birthday on which a person is that old (29 February counts as the month's last day)."""
    return add_months(born, 12 * years)
