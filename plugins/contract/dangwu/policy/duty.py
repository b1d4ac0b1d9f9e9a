"""A duty as one rule says it: who owes it, what is demanded, what shows that it was done, who hears of it when it was not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

import msgspec

from dangwu.facets.reading import brief
from dangwu.shapes.faults import Path
from dangwu.values.days import month_day
from dangwu.values.families import EVENTS, FAMILIES, HAPPENS
from dangwu.values.period import Period
from dangwu.values.share import Share
from dangwu.values.vocabulary import rank
from dangwu.values.word import Event, Family, Kind, Level, Role, Theme

Per = Literal["week", "month", "quarter", "half-year", "year"]
PER: Mapping[str, str] = {
    "week": "每周", "month": "每月", "quarter": "每季度", "half-year": "每半年", "year": "每年",
}  # fmt: skip
Count = Annotated[int, msgspec.Meta(ge=0, le=1000)]
DAYS: Mapping[str, int] = {"week": 7, "month": 28, "quarter": 90, "half-year": 181, "year": 365}
"""How many days each period has for certain: nobody owes more than one a day, nor more hours than they have."""
YEAR = Period(months=12)


class Owes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`group`: each 党小组 of a branch; `person`: each member; `post`: who holds it at a unit of the level."""

    level: Literal["person", "group", "branch", "general-branch", "committee", "department"]
    post: Role = ""


class Demand(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Exactly one of: `times` or `hours` (at least) `per` calendar period; `by` these days of every year (MM-DD), from the day
    after the one before, or for `opens` before it; `every` so long after the last; `within` so long `after` an event."""

    times: Count = 0
    hours: Count = 0
    per: Per | Literal[""] = ""
    by: Annotated[tuple[str, ...], msgspec.Meta(max_length=24)] = ()
    opens: Period | None = None
    every: Period | None = None
    after: Event = ""
    within: Period | None = None

    @property
    def need(self) -> int:
        """How often, or how many hours, within one window."""
        return self.hours or self.times or 1

    def wrong(self) -> Iterator[tuple[Path, str]]:
        """(path, clause) for what makes no sense."""
        named = [name for name in ("times", "hours", "by", "every", "after") if getattr(self, name)]
        if len(named) != 1:
            yield (
                (),
                "demand 应恰写一种：{times: 1, per: quarter}、{hours: 32, per: year}、{by: [01-31]}、"
                "{every: {months: 1}} 或 {after: founding, within: {days: 30}}",
            )
            return
        beside = {"times": "per", "hours": "per", "after": "within"}
        if (need := beside.get(named[0])) and not getattr(self, need):
            yield (), f"demand 写了 {named[0]}，还要写 {need}"
        for key, verbs in (("per", ("times", "hours")), ("within", ("after",)), ("opens", ("by",))):
            if getattr(self, key) and named[0] not in verbs:
                yield (key,), f"demand 的 {key} 只同 {'、'.join(verbs)} 一起写"
        for key in ("every", "within", "opens"):
            if getattr(self, key) == Period():
                yield (key,), f"demand.{key} 没有写多久，例如 {key}: {{months: 1}}"
            for late, soon in (getattr(self, key) or Period()).outdone(by_longer=False).items():
                yield (key, late), f"demand.{key} 的 {late} 总不会比 {soon} 先到，不起作用。请删去一项"
        yield from self._beyond()
        yield from self._days()

    def _beyond(self) -> Iterator[tuple[Path, str]]:
        """More than the days of a period hold."""
        for name, what, most in (("times", "次", 1), ("hours", "学时", 24)):
            asked, room = getattr(self, name), DAYS.get(self.per, 0) * most
            if self.per and asked > room:
                yield (
                    (name,),
                    f"demand.{name} 写的是 {asked}，{PER[self.per]}最多 {room} {what}（一天按 {most} {what}计），没有人办得到。"
                    f"请核对 {name} 和 per",
                )
        if self.opens is not None and YEAR.always_before(self.opens):
            yield ("opens",), "demand.opens 比一年还长，上一次的期限还没有到，下一次就开始了。请写一年以内"

    def _days(self) -> Iterator[tuple[Path, str]]:
        for number, text in enumerate(self.by):
            if month_day(text) is None:
                yield ("by", number), f"demand.by 写的“{brief(text)}”不是每年都有的月日，应写作 07-31"
        if len(set(self.by)) < len(self.by):
            yield ("by",), "demand.by 中同一天写了两次"


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an activity must show to count: that it is of one of these families (the duty's own where none is named),
    `attendance` of those who should come, `papers` kept, `themes` dealt with, given or led `by` one of these posts."""

    activity: tuple[Family, ...] = ()
    attendance: str = ""
    papers: frozenset[Kind] = msgspec.field(name="documents", default=frozenset())
    themes: frozenset[Theme] = frozenset()
    by: frozenset[Role] = frozenset()

    def wrong(self) -> Iterator[tuple[Path, str]]:
        """(path, clause) for what makes no sense."""
        try:
            Share(self.attendance or "1/2")
        except ValueError as error:
            yield ("attendance",), f"evidence.attendance 的值不对：{error}"

    @property
    def share(self) -> Share | None:
        """Of those who should come, how many must."""
        return Share(self.attendance) if self.attendance else None


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A recurring obligation of one family. `escalate`: to which level above it is told how long after it was due.

    Without a `demand` it says how whatever is demanded in this family of who owes it is to be shown (regime/showing.py).
    """

    AFTER_VERB: ClassVar[str] = (
        "duty 后只写职责的类别，例如 duty: branch-meeting；谁办（owes）、要求（demand）、凭什么算办了（evidence）、"
        "没有办时告诉谁（escalate）与它并列写。"
    )
    VITAL: ClassVar[tuple[str, ...]] = ("demand",)
    """What it says nothing without, once it is written, though a rule may say nothing of it."""
    duty: Family
    owes: Owes
    demand: Demand | None = None
    evidence: Evidence = Evidence()
    escalate: Mapping[Level, Period] = msgspec.field(default_factory=dict)

    def wrong(self) -> Iterator[tuple[Path, str]]:
        """(path within the rule, clause) for what makes no sense."""
        if self.demand is not None:
            yield from ((("demand", *path), what) for path, what in self.demand.wrong())
        elif self.evidence.activity or (self.evidence == Evidence() and not self.escalate):
            yield (
                (),
                "没有写 demand（多久办一次）的，说的是这一类职责每一次怎样办：请写 evidence（不写 activity）或 escalate",
            )
        yield from ((("evidence", *path), what) for path, what in self.evidence.wrong())
        yield from self._never()
        for level in self.escalate:
            if rank(level) <= rank(self.owes.level):
                yield ("escalate", level), f"escalate 的“{level}”不在“{self.owes.level}”之上，不能由它督促"

    def _never(self) -> Iterator[tuple[Path, str]]:
        """What no activity can ever show: of a kind that who owes it does not hold, or that is held without a roll."""
        level, kinds = self.owes.level, [FAMILIES[one] for one in self.activities if one in FAMILIES]
        holding = [one for one in kinds if level == "person" or level in one.held or not one.held]
        if kinds and not holding:
            yield (
                ("owes", "level"),
                f"owes.level 写的是 {level}，可{'、'.join(one.title for one in kinds)}由 {'、'.join(kinds[0].held)} 办，"
                f"{level} 记不了这样的活动，永远办不到。请改 owes.level，或在 evidence.activity 写明它办的活动",
            )
        after = self.demand.after if self.demand else ""
        if level not in HAPPENS.get(after, (level,)):
            yield (
                ("demand", "after"),
                f"demand.after 写的 {after}（{EVENTS[after]}）不在 {level} 发生，永远不会起算。请改 owes.level 或 demand",
            )
        if self.evidence.attendance and holding and not any(one.counted for one in holding):
            yield (
                ("evidence", "attendance"),
                f"evidence.attendance 要看到会人数，可{'、'.join(one.title for one in holding)}不记到会，永远达不到。请删去",
            )

    @property
    def activities(self) -> tuple[str, ...]:
        """Of what families an activity must be to count."""
        return self.evidence.activity or (self.duty,)


__all__ = ["PER", "Demand", "Duty", "Evidence", "Owes", "Per"]
