"""`training` 培训: hours and days, which add up over several courses. Source: 细则（2026）第十七条."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.short import Plain
from dangwu.values.bounds import Amount, Days, Hours
from dangwu.values.lattice import OR, UP


class Training(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One course."""

    hours: Annotated[Amount, Meta(title="学时")] = 0
    days: Annotated[Amount, Meta(title="天数")] = 0
    exam: Annotated[
        Literal["", "passed", "failed"], Meta(title="考核", description="合格、不合格；没有考核的不填")
    ] = ""


@facet("training", "培训")
class TrainingFacet(Facet, frozen=True):
    """At least `hours` or `days`; with `both` each. A rule that names only one of them leaves no choice, so it means `both`:
    otherwise joining it with a rule that names the other would relax it."""

    hours: Annotated[Hours, UP, Meta(title="学时")] = 0
    days: Annotated[Days, UP, Meta(title="天数")] = 0
    both: Annotated[bool, OR, Meta(title="学时和天数都要达到")] = False
    exam: Annotated[bool, OR, Meta(title="须考试合格")] = False
    evidence = Training
    order = 110
    answers = {"passed": "合格", "failed": "不合格"}
    sentences = {
        "missing": "还没有参加培训的记录。请培训后记录学时和天数",
        "short": "已培训 {hours} 学时、{days} 天，须{wanted}，尚不足",
        "exam": "培训考核{state}。请组织考核，合格后记录",
    }
    titles = {"missing": "尚未培训", "short": "培训不足", "exam": "培训考核未过"}
    ends = frozenset({"exam"})
    fails_by = frozenset({"exam"})

    def __post_init__(self) -> None:
        if bool(self.hours) != bool(self.days):
            msgspec.structs.force_setattr(self, "both", True)

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`missing`, `short`, `exam`."""
        courses: list[Training] = self.of(records)
        if not courses:
            return [self.missing("hours" if self.hours else "days")]
        hours: float = 0
        days: float = 0
        for one in courses:
            hours += one.hours
            days += one.days
        found = []
        if not self._enough(hours, days):
            found.append(
                self.missing(
                    "hours", ("",), "short", hours=f"{hours:g}", days=f"{days:g}", wanted=self._wanted()
                )
            )
        if self.exam and (exam := self._exam(courses)) != "passed":
            failed = self.negative("exam", "exam", state="不合格")
            found.append(failed if exam else self.missing("exam", ("",), "exam", state="还没有成绩"))
        return found

    def begins_again(self, done: Sequence[Record], following: Record, at: Moment) -> bool:
        """Another course after an examination that was failed; one that is only sat again belongs to the same course."""
        course: Training | None = following.evidence.get(self.name)
        again = course is not None and bool(course.hours or course.days)
        return again and self.exam and self._exam(self.of(done)) == "failed"

    def _exam(self, courses: Sequence[Training]) -> str:
        return next((one.exam for one in reversed(courses) if one.exam), "")

    def keeps(self) -> bool:
        """Where no examination can be failed."""
        return not self.exam

    def _enough(self, hours: float, days: float) -> bool:
        if self.both:
            return hours >= self.hours and days >= self.days
        return hours >= self.hours or days >= self.days

    def _wanted(self) -> str:
        parts = [f"{number} {unit}" for number, unit in ((self.hours, "学时"), (self.days, "天")) if number]
        return ("并" if self.both else "或").join(f"不少于 {part}" for part in parts)

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """Hours and days as asked for, passed."""
        return {
            "hours": self.hours,
            "days": self.days,
            "exam": "passed" if self.exam else "",
            **(given or {}),
        }

    def describe(self) -> list[Requirement]:
        """Hours, days, exam."""
        found = []
        if self.hours:
            found.append(Requirement("hours", "", f"培训不少于 {self.hours} 学时"))
        if self.days:
            found.append(Requirement("days", "", f"培训不少于 {self.days} 天"))
        if self.hours and self.days:
            found.append(
                Requirement("both", "", "学时和天数都须达到" if self.both else "学时、天数达到一项即可")
            )
        return [*found, Requirement("exam", "", "须考核合格")] if self.exam else found

    def demands(self) -> tuple[str, ...]:
        """Hours or days are one demand; that a single one must be met says nothing more."""
        named = [name for name in super().demands() if name != "both"]
        return tuple(name for name in named if name != "days" or self.both or not self.hours)

    def together(self) -> bool:
        """A class; an examination is everybody's own."""
        return not self.exam

    def asks(self, field: str, *, motions: bool = False) -> bool:
        """An examination only where one is asked for."""
        return self.exam if field == "exam" else super().asks(field)

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """Hours, days, and how the examination went."""
        units = (("hours", "学时"), ("days", "天"))
        parts = "、".join(f"{given[key]:g} {unit}" for key, unit in units if given.get(key))
        return parts + (f"，考核{cls.answer(given['exam'])}" if given.get("exam") else "")
