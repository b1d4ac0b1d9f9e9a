"""`assessment` 考察、考核: so many times, of these items, with this mark. Source: 细则（2026）第十一条 (every half year)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.short import Plain
from dangwu.values.bounds import Count, Mark
from dangwu.values.lattice import SHORTEST_ONE, UNION, UP
from dangwu.values.period import Period
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Item, StepId


class Assessment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One assessment."""

    items: Annotated[list[Item], Meta(title="考察内容")] = msgspec.field(default_factory=list)
    mark: Annotated[Mark | None, Meta(title="得分")] = None


@facet("assessment", "考察")
class AssessmentFacet(Facet, frozen=True):
    """`count` complete assessments; `every` reminds and never makes up for a missed one. A low newest mark fails the step."""

    count: Annotated[Count, UP, Meta(title="至少几次")] = 0
    every: Annotated[Period | None, SHORTEST_ONE, Meta(title="至多隔多久一次")] = None
    from_: Annotated[frozenset[StepId], UNION, Meta(title="从哪些环节起算")] = msgspec.field(
        name="from", default=frozenset()
    )
    items: Annotated[frozenset[Item], UNION, Meta(title="考察内容")] = frozenset()
    pass_mark: Annotated[Mark, UP, Meta(title="及格分")] = 0
    evidence = Assessment
    adds_up = False
    anchors = ("from_",)
    waits = True
    timeless = False
    whole = frozenset({"from"})
    order = 120
    sentences = {
        "count": "已考察 {done} 次，须不少于 {count} 次。请考察后逐次记录",
        "item": "最近一次考察还缺内容：{keys}",
        "mark": "最近一次考察{state}，须不低于 {pass_mark} 分",
        "overdue": "最迟应于 {due} 再考察一次，已经逾期。请尽快考察，漏掉的一次不能补记",
    }
    titles = {"count": "考察次数不够", "item": "考察内容不全", "mark": "考察得分不够", "overdue": "考察逾期"}
    ends = frozenset({"mark"})
    fails_by = frozenset({"pass_mark"})
    newest_tells = True

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`count`, `item`, `mark`, `overdue` (advisory)."""
        made = self._made(records)
        done = sum(1 for _, one in made if self._complete(one))
        found = []
        wanted = max(self.count, 1)
        if done < wanted:
            found.append(self.missing("count", ("",), "count", done=done, count=wanted))
            found += self._late(made, at)
        return found + self._newest(made[-1][1]) if made else found

    @classmethod
    def _made(cls, records: Sequence[Record]) -> list[tuple[date, Assessment]]:
        name = cls.name
        return [(record.day, record.evidence[name]) for record in records if name in record.evidence]

    def _complete(self, one: Assessment) -> bool:
        marked = not self.pass_mark or (one.mark is not None and one.mark >= self.pass_mark)
        return marked and not unmet(self.items, one.items)

    def _newest(self, one: Assessment) -> list[Finding]:
        found = []
        if lacking := unmet(self.items, one.items):
            found.append(self.missing("items", lacking, "item"))
        if self.pass_mark and one.mark is None:
            found.append(
                self.missing("pass_mark", ("",), "mark", state="没有打分", pass_mark=f"{self.pass_mark:g}")
            )
        elif self.pass_mark and one.mark is not None and one.mark < self.pass_mark:
            state = f"得 {one.mark:g} 分"
            found.append(self.negative("mark", "pass_mark", state=state, pass_mark=f"{self.pass_mark:g}"))
        return found

    def _next(self, made: Sequence[tuple[date, Assessment]], at: Moment) -> date | None:
        starts = [at.settled[step] for step in self.from_ if step in at.settled]
        base = made[-1][0] if made else min(starts, default=at.opened)
        return self.every.soonest(base) if self.every and base else None

    def _late(self, made: Sequence[tuple[date, Assessment]], at: Moment) -> list[Finding]:
        due = self._next(made, at)
        return [self.warning("overdue", "every", due=due)] if due and at.today > due else []

    def turns(self, records: Sequence[Record], at: Moment) -> list[date]:
        """The day after the next assessment should have been made."""
        due = self._next(self._made(records), at)
        return [due + timedelta(days=1)] if due else []

    def begins_again(self, done: Sequence[Record], following: Record, at: Moment) -> bool:
        """A single examination that was failed; where several are asked for, a low mark is made up for by the next."""
        return self.count <= 1 and super().begins_again(done, following, at)

    def keeps(self) -> bool:
        """Where they are only counted; a newest one may lack an item or a mark."""
        return not self.items and not self.pass_mark

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """All items, just passing."""
        mark = self.pass_mark or None
        return {"items": fewest(self.items), **({"mark": mark} if mark else {}), **(given or {})}

    def describe(self) -> list[Requirement]:
        """Count, interval, items, mark."""
        found = []
        if self.count:
            found.append(Requirement("count", "", f"考察不少于 {self.count} 次"))
        if self.every:
            keys = [unit for unit in ("months", "days", "workdays") if getattr(self.every, unit)]
            found += [
                Requirement("every", f"every.{key}", f"每 {self.every}考察一次（提醒）") for key in keys
            ]
        found += [Requirement("from_", key, f"间隔自“{{{key}}}”起算") for key in sorted(self.from_)]
        found += [Requirement("items", key, f"考察{{{key}}}") for key in sorted(self.items)]
        if self.pass_mark:
            found.append(Requirement("pass_mark", "", f"得分不低于 {self.pass_mark:g}"))
        return found

    def options(self) -> dict[str, tuple[str, ...]]:
        """The items."""
        return {"items": tuple(sorted(self.items))}

    def more(self, records: Sequence[Record]) -> int:
        """Each assessment is a record of its own."""
        return max(0, self.count - len(self.of(records)) - 1)

    def asks(self, field: str, *, motions: bool = False) -> bool:
        """A mark only where one is asked for."""
        return bool(self.pass_mark) if field == "mark" else super().asks(field)

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """That it was made, with what mark."""
        return "考察" + (f" {given['mark']:g} 分" if given.get("mark") is not None else "一次")
