"""`timing` 时限: how early, by when, until when at all, and not shortly before which date.

Months run to the same day or the month's last; the last day is still in time. Source of the counting: national-baseline §1.7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet, Part
from dangwu.facets.finding import CLOCK, FORBIDDEN, NEGATIVE, Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.values.lattice import LONGEST, SHORTEST, joins
from dangwu.values.period import UNITS, Period
from dangwu.values.word import Fact, StepId

Anchored = Mapping[StepId, Period]
"""Periods by the step from which they are counted."""


@facet("timing", "时限")
class Timing(Facet, frozen=True):
    """Periods counted from the days on which other steps were done; `blackout` before a date of the subject, `elapsed` and
    `within` after one, which must be known; `due_since` after one, if it is known."""

    earliest: Annotated[Anchored, LONGEST, Meta(title="最早何时")] = msgspec.field(default_factory=dict)
    due: Annotated[Anchored, SHORTEST, Meta(title="最迟何时")] = msgspec.field(default_factory=dict)
    void: Annotated[Anchored, SHORTEST, Meta(title="逾期作废")] = msgspec.field(default_factory=dict)
    blackout: Annotated[Mapping[Fact, Period], LONGEST, Meta(title="不得办理的时段")] = msgspec.field(
        default_factory=dict
    )
    elapsed: Annotated[Mapping[Fact, Period], LONGEST, Meta(title="某日以后满多久")] = msgspec.field(
        default_factory=dict
    )
    within: Annotated[Mapping[Fact, Period], SHORTEST, Meta(title="某日以后多久以内")] = msgspec.field(
        default_factory=dict
    )
    due_since: Annotated[Mapping[Fact, Period], SHORTEST, Meta(title="某日以后最迟多久")] = msgspec.field(
        default_factory=dict
    )
    timeless = False
    anchors = ("earliest", "due", "void")
    waits = True
    order = 20
    last = True
    sentences = {
        "early": "最早 {since} 才能办理（“{anchor}”起满 {period}）",
        "overdue": "最迟应于 {due} 办理（“{anchor}”起 {period}内），已经逾期。还没有办理的请尽快办理，并说明原因",
        "void": "已超过 {void}（“{anchor}”起 {period}），不能再办理。须退回重新履行手续",
        "blackout": "{from_} 至 {event} 不办理（“{anchor}”前 {period}）",
        "undated": "没有登记“{anchor}”的日期，这一环节从那一天起算（{period}）。请在本人情况中填写这一日期",
        "too-late": "已超过 {last}（“{anchor}”起 {period}），不能再办理",
        "span": "{what} {months} 个月，最后一日为 {until}，期满后方可办理",
    }
    titles = {
        "early": "未到最早日期",
        "overdue": "超过办理期限",
        "void": "期限已过须退回",
        "blackout": "处于不办理的期间",
        "undated": "没有登记起算日期",
        "too-late": "超过可以办理的期限",
        "span": "期限未满",
    }
    ends = frozenset({"void"})
    lapses = frozenset({"void"})
    says_due = frozenset({"overdue"})

    def contradiction(self) -> str:
        """Over, or due, before it can begin."""
        for param, ends in (("void", self.void), ("due", self.due)):
            for anchor, period in ends.items():
                first = self.earliest.get(anchor)
                if first is not None and period.always_before(first):
                    return f"从“{anchor}”算起 {period}内要办完（{param}），可满 {first}才能办（earliest）"
        for fact, period in self.within.items():
            first = self.elapsed.get(fact)
            if first is not None and period.always_before(first):
                return f"“{fact}”起 {period}内才能办（within），可满 {first}才能办（elapsed）"
        return ""

    def outdone(self) -> dict[Part, Part]:
        """The units that never decide beside another of the same period."""
        return {
            (param, f"{anchor}.{one}"): (param, f"{anchor}.{two}")
            for param, how in joins(type(self))
            if how in (LONGEST, SHORTEST)
            for anchor, period in getattr(self, param).items()
            for one, two in period.outdone(by_longer=how is LONGEST).items()
        }

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`early` (with `since`), `undated`, `too-late`, `blackout`, `void`, `overdue` (advisory)."""
        kind = NEGATIVE if records else FORBIDDEN
        day = records[0].day if records else at.today
        found = [*self._early(day, kind, at)] if self.earliest else []
        if self.blackout:
            found += self._blackout(day, kind, at)
        if self.elapsed or self.within:
            found += self._after_fact(day, kind, at)
        end = at.concluded or at.today
        for anchor, period, last in _ends(self.void, at.settled) if self.void else ():
            if end > last:
                values = {"void": last, "anchor": anchor, "period": period}
                found.append(self.negative("void", "void", _keys(anchor, period), **values))
        for param, anchor, period, last in self._dues(at):
            if end > last:
                values = {"due": last, "anchor": anchor, "period": period}
                found.append(self.warning("overdue", param, _keys(anchor, period), **values))
        return found

    def _dues(self, at: Moment) -> list[tuple[str, str, Period, date]]:
        """The parameter, what it counts from, the period and the last day of each deadline that is known."""
        found = [("due", *one) for one in _ends(self.due, at.settled)] if self.due else []
        if self.due_since:
            found += (("due_since", *one) for one in _ends(self.due_since, at.dates(at.today)))
        return found

    def _early(self, day: date, kind: str, at: Moment) -> Iterator[Finding]:
        for anchor, period in self.earliest.items():
            base = at.done.get(anchor)
            if base is not None and day < (since := period.latest(base)):
                values = {"since": since, "anchor": anchor, "period": period}
                yield Finding("timing.early", kind, "earliest", _keys(anchor, period), values, since=since)

    def facts_asked(self) -> frozenset[str]:
        """Those before which nothing is done, or from which it counts."""
        return frozenset((*self.blackout, *self.elapsed, *self.within, *self.due_since))

    def _after_fact(self, day: date, kind: str, at: Moment) -> Iterator[Finding]:
        facts = at.dates(day)
        for param, periods in (("elapsed", self.elapsed), ("within", self.within)):
            for fact, period in periods.items():
                values = {"anchor": fact, "period": period}
                event = facts.get(fact)
                if event is None:
                    yield Finding("timing.undated", kind, param, _keys(fact, period), values)
                elif param == "elapsed" and day < (since := period.latest(event)):
                    values |= {"since": since}
                    yield Finding("timing.early", kind, param, _keys(fact, period), values, since=since)
                elif param == "within" and (last := period.soonest(event)) is not None and day > last:
                    yield Finding(
                        "timing.too-late", kind, param, _keys(fact, period), {**values, "last": last}
                    )

    def _blackout(self, day: date, kind: str, at: Moment) -> Iterator[Finding]:
        facts = at.dates(day)
        for fact, period in self.blackout.items():
            event = facts.get(fact)
            if event is not None and (start := period.before(event)) <= day <= event:
                values = {"from_": start, "event": event, "anchor": fact, "period": period}
                yield Finding("timing.blackout", kind, "blackout", _keys(fact, period), values)

    def deadline(self, at: Moment) -> date | None:
        """The first of the days by which the step is due or becomes void, as far as they are known."""
        voids = (last for _, _, last in _ends(self.void, at.settled))
        return min((*voids, *(last for _, _, _, last in self._dues(at))), default=None)

    def turns(self, records: Sequence[Record], at: Moment) -> Iterator[date]:
        """After each last day, and on each first one; none once the step is concluded."""
        if at.concluded is not None:
            return
        ends = (*(one[-1] for one in _ends(self.void, at.settled)), *(one[-1] for one in self._dues(at)))
        yield from (date.fromordinal(last.toordinal() + 1) for last in ends)
        for anchor, period in self.earliest.items():
            if anchor in at.done:
                yield period.latest(at.done[anchor])
        for fact, period in self.blackout.items():
            if event := at.dates(at.today).get(fact):
                yield period.before(event)
                yield date.fromordinal(event.toordinal() + 1)
        facts = at.dates(at.today) if self.elapsed or self.within else {}
        for fact, period in self.elapsed.items():
            if fact in facts:
                yield period.latest(facts[fact])
        for fact, period in self.within.items():
            if fact in facts and (over := period.soonest(facts[fact])) is not None:
                yield date.fromordinal(over.toordinal() + 1)

    def describe(self) -> list[Requirement]:
        """Each period."""
        forms = (
            ("earliest", "“{{{anchor}}}”满 {part}后方可办理"),
            ("due", "“{{{anchor}}}”后 {part}内办理"),
            ("void", "“{{{anchor}}}”后超过 {part}的不能再办理，须重新履行手续"),
            ("elapsed", "“{{{anchor}}}”满 {part}后方可办理"),
            ("within", "“{{{anchor}}}”后 {part}以内方可办理"),
            ("due_since", "“{{{anchor}}}”后 {part}内办理"),
            ("blackout", "“{{{anchor}}}”前 {part}内不办理"),
        )
        return [
            Requirement(
                param,
                f"{anchor}.{unit}",
                form.format(anchor=anchor, part=Period(**{unit: getattr(period, unit)})),
            )
            for param, form in forms
            for anchor, period in getattr(self, param).items()
            for unit in UNITS
            if getattr(period, unit)
        ]

    def after(self) -> Iterator[str]:
        """What it counts `earliest` from; what is only advised orders nothing."""
        return iter(() if self.advisory else self.earliest)


def span_running(what: str, months: int, until: date) -> Finding:
    """That a step's fixed span (`what` it is called) of so many months runs, until a last day."""
    values = {"what": what, "months": months, "until": until}
    return Finding("timing.span", CLOCK, "span", (), values, until=until)


def _keys(anchor: str, period: Period) -> tuple[str, ...]:
    return tuple(f"{anchor}.{unit}" for unit in UNITS if getattr(period, unit))


def _ends(periods: Anchored, days: Mapping[str, date]) -> list[tuple[str, Period, date]]:
    found = []
    for anchor, period in periods.items():
        base = days.get(anchor)
        last = period.soonest(base) if base is not None else None
        if last is not None:
            found.append((anchor, period, last))
    return found
