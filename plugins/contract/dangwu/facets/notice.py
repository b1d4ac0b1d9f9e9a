"""`notice` 公示: how long, where, by which channels, and what became of objections.

The clock starts the day after the last required place and channel is posted; day N is the last day; the next step can be taken
from the day after. Days and workdays are each counted out, and the later end decides. Source: 细则（2026）第十三条.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet, Part
from dangwu.facets.finding import CLOCK, Finding, Requirement
from dangwu.facets.objections import Objection, numbered, unsettled
from dangwu.facets.registry import facet
from dangwu.shapes.short import Plain
from dangwu.values.bounds import Days
from dangwu.values.days import add_workdays
from dangwu.values.lattice import DOWN, UNION, UP
from dangwu.values.period import Period
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Channel, Place


class Notice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was posted that day, and objections."""

    places: Annotated[list[Place], Meta(title="张贴地点")] = msgspec.field(default_factory=list)
    channels: Annotated[list[Channel], Meta(title="公布渠道")] = msgspec.field(default_factory=list)
    objections: Annotated[list[Objection], Meta(title="异议")] = msgspec.field(default_factory=list)


@facet("notice", "公示")
class NoticeFacet(Facet, frozen=True):
    """A public notice of so many days and workdays; objections answered within `complaint_days`."""

    days: Annotated[Days, UP, Meta(title="公示天数")] = 0
    workdays: Annotated[Days, UP, Meta(title="公示工作日数")] = 0
    places: Annotated[frozenset[Place], UNION, Meta(title="张贴地点")] = frozenset()
    channels: Annotated[frozenset[Channel], UNION, Meta(title="公布渠道")] = frozenset()
    complaint_days: Annotated[Days, DOWN, Meta(title="答复异议的期限（天）")] = 0
    evidence = Notice
    order = 80
    clocks = {"days": "天", "workdays": "个工作日"}
    ticking = "running"
    outside = frozenset({"objections"})
    supplements = frozenset({"objections"})
    posted = frozenset({"places", "channels"})
    answers = {
        "unfounded": "不实",
        "minor": "属实、情节较轻",
        "serious": "属实、情节较重",
        "unclear": "一时不清",
    }
    sentences = {
        "missing": "还没有公示。请张贴后记录地点和渠道",
        "running": "公示尚未期满，最后一日为 {until}，次日起方可办理下一环节",
        "provisional": "{year} 年的节假日安排尚未公布，公示期暂算至 {until}。公布后自动按正式日历计算",
        "place": "还须在{keys}公示，全部张贴的次日起计算公示期",
        "channel": "还须通过{keys}公示，全部公布的次日起计算公示期",
        "objection": "{received} 收到的异议{state}。{next}",
        "unposted": "还没有记录张贴，不能记录异议。请先记录公示的张贴，再记录异议",
        "twice": "同一次记录中，{received} 收到的第 {number} 件异议写了两次。当日收到几件异议的，请分别写明是第几件",
        "before-posting": "公示的张贴不早于 {posted}，异议的收到日期 {received} 在这以前。请核对日期",
        "before-receipt": "异议的答复日期 {answered} 早于收到日期 {received}。请核对日期",
    }
    refuses = frozenset({"unposted"})
    titles = {
        "missing": "尚未公示",
        "running": "公示未期满",
        "provisional": "公示期为暂算",
        "place": "公示地点不全",
        "channel": "公示渠道不全",
        "objection": "有异议待处理",
        "unposted": "尚未张贴",
        "twice": "异议重复",
        "before-posting": "异议早于张贴",
        "before-receipt": "答复早于收到",
    }

    def outdone(self) -> dict[Part, Part]:
        """Days that are over no later than the workdays."""
        fewer = Period(days=self.days, workdays=self.workdays).outdone(by_longer=True)
        return {(one, ""): (two, "") for one, two in fewer.items()}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`missing`, `place`, `channel`, `running` (with `until`), `provisional`, `objection`."""
        posted = _posted(records)
        hung = _hung(posted)
        if not hung:
            return [self.impossible("unposted") if posted else self.missing("days")]
        places, channels, start = self._wanting(hung)
        found = []
        if places:
            found.append(self.missing("places", places, "place"))
        if channels:
            found.append(self.missing("channels", channels, "channel"))
        if not found:
            found += self._clock(start, at.today)
        return found + self._objections(posted, at.today)

    def _wanting(self, posted: Sequence[tuple[date, Notice]]) -> tuple[list[str], list[str], date]:
        """The places and channels where it does not hang yet, and the day since which it hangs wherever it should."""
        first, notice = posted[0]
        if len(posted) == 1:
            return unmet(self.places, notice.places), unmet(self.channels, notice.channels), first
        places, channels = _first(posted, "places"), _first(posted, "channels")
        start = max(first, _last(self.places, places), _last(self.channels, channels))
        return unmet(self.places, places), unmet(self.channels, channels), start

    def _ends(self, start: date) -> tuple[date | None, str, date | None]:
        """The notice's last day, the parameter that decides it (each is counted out on its own), the end that is provisional."""
        until = date.fromordinal(start.toordinal() + self.days) if self.days else None
        if not self.workdays:
            return until, "days", None
        end, provisional = add_workdays(start, self.workdays)
        guessed = end if provisional else None
        return (until, "days", guessed) if until is not None and until >= end else (end, "workdays", guessed)

    def end(self, records: Sequence[Record]) -> date | None:
        """The notice's last day, once it is posted at every place and by every channel."""
        hung = _hung(_posted(records))
        places, channels, start = self._wanting(hung) if hung else ([], [], None)
        if start is None or places or channels:
            return None
        return self._ends(start)[0]

    def outlasts(self, records: Sequence[Record]) -> bool:
        """A notice that is posted everywhere runs out; wherever it hangs, what was found about it is settled."""
        return self.end(records) is not None or any(
            one.blocks for one in self._objections(_posted(records), date.max)
        )

    @classmethod
    def misdated(cls, record: Record, records: Sequence[Record]) -> Iterator[Finding]:
        """An objection comes when the notice hangs or has hung, and is answered afterwards."""
        posted = [day for day, _ in _hung(_posted([*records, record]))]
        objections, told = record.evidence[cls.name].objections, set()
        for one in objections:
            if (one.received, one.number) in told:
                yield cls.impossible("twice", received=one.received, number=one.number)
            told.add((one.received, one.number))
            if posted and one.received < min(posted):
                yield cls.impossible("before-posting", received=one.received, posted=min(posted))
            if one.answered is not None and one.answered < one.received:
                yield cls.impossible("before-receipt", received=one.received, answered=one.answered)

    def _clock(self, start: date, today: date) -> list[Finding]:
        until, deciding, guessed = self._ends(start)
        found: list[Finding] = []
        if until is None:
            return found
        if guessed is not None:
            values = {"year": guessed.year, "until": until}
            found.append(Finding("notice.provisional", CLOCK, "workdays", ("",), values, until=until))
        if today <= until:
            found.append(Finding("notice.running", CLOCK, deciding, ("",), {"until": until}, until=until))
        return found

    def turns(self, records: Sequence[Record], at: Moment) -> Iterator[date]:
        """The day after the last day, and the days on which an objection comes, is answered, or should have been."""
        until = self.end(records)
        if until is not None:
            yield until + timedelta(days=1)
        for one in (one for _, notice in _posted(records) for one in notice.objections):
            yield one.received
            if one.answered is not None:
                yield one.answered
            if self.complaint_days:
                yield one.received + timedelta(days=self.complaint_days + 1)

    def _objections(self, posted: Sequence[tuple[date, Notice]], today: date) -> list[Finding]:
        newest = {(one.received, one.number): one for _, notice in posted for one in notice.objections}
        found: list[Finding] = []
        for one in newest.values():
            if one.received <= today:
                found += self._objection(one, today)
        return found

    def _objection(self, one: Objection, today: date) -> list[Finding]:
        answered = one.answered is not None and one.answered <= today
        found = []
        if self.complaint_days:
            last = one.received + timedelta(days=self.complaint_days)
            if (one.answered if answered and one.answered else today) > last:
                found.append(self.warning("objection", "complaint_days", **_overdue(one, last)))
        if answered and one.finding == "unfounded":
            return found
        state, following = _STATES[one.finding if answered else ""]
        values: dict[str, Plain] = {"received": one.received, "state": state, "next": following}
        if one.finding == "serious" and answered:
            return [*found, self.negative("objection", "days", **values)]
        return [*found, self.missing("days", ("",), "objection", **values)]

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """Posted at every place and by every channel."""
        given = given or {}
        return {"places": fewest(self.places), "channels": fewest(self.channels), **given}

    def describe(self) -> list[Requirement]:
        """Length, places, channels, objections."""
        found = []
        if self.days:
            found.append(Requirement("days", "", f"公示不少于 {self.days} 天"))
        if self.workdays:
            found.append(Requirement("workdays", "", f"公示不少于 {self.workdays} 个工作日"))
        found += [Requirement("places", key, f"在{{{key}}}公示") for key in sorted(self.places)]
        found += [Requirement("channels", key, f"通过{{{key}}}公示") for key in sorted(self.channels)]
        if self.complaint_days:
            found.append(Requirement("complaint_days", "", f"收到异议后 {self.complaint_days} 天内核查答复"))
        return found

    def options(self) -> dict[str, tuple[str, ...]]:
        """Places and channels."""
        return {"places": tuple(sorted(self.places)), "channels": tuple(sorted(self.channels))}

    def soonest(self, start: date) -> date:
        """The day after the whole of it; a week has five workdays at most."""
        return start + timedelta(days=max(self.days, self.workdays * 7 // 5) + 1)

    def together(self) -> bool:
        """One notice names them all."""
        return True

    def asks(self, field: str, *, motions: bool = False) -> bool:
        """Which objection of a day it is follows from those that are known (see `settle`)."""
        return field != "number" and super().asks(field)

    def begin(self, before: Sequence[Plain]) -> dict[str, list[dict[str, Plain]]]:
        """The objections that are not settled, to be answered."""
        waiting = unsettled(before)
        return {"objections": waiting} if waiting else {}

    @classmethod
    def settle(cls, typed: Plain, before: Sequence[Plain]) -> Plain:
        """Each objection with its number of the day."""
        return (
            {**typed, "objections": numbered(typed["objections"], before)}
            if typed.get("objections")
            else typed
        )

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """Where it was posted, and how many objections."""
        posted = "、".join(map(word, [*given.get("places", []), *given.get("channels", [])]))
        objections = len(given.get("objections", []))
        parts = (f"公示于{posted}" if posted else "", f"异议 {objections} 件" if objections else "")
        return "；".join(one for one in parts if one)


_STATES = {
    "": ("尚未核查答复", "请核查、答复并记录结论后再办"),
    "unclear": ("一时没有查清", "请暂缓办理，查清后记录结论"),
    "minor": ("核查属实、情节较轻", "请暂缓办理，处理后重新记录结论"),
    "serious": ("核查属实、情节较重", "不能继续办理，请按规定退回或终止"),
    "unfounded": ("尚未答复", "请答复后再办"),
}


def _overdue(one: Objection, last: date) -> dict[str, Plain]:
    state = f"最迟应于 {last} 答复，已经超期"
    return {"received": one.received, "state": state, "next": "请报上级组织部门督办"}


def _posted(records: Sequence[Record]) -> list[tuple[date, Notice]]:
    return [(record.day, record.evidence["notice"]) for record in records if "notice" in record.evidence]


def _hung(posted: Sequence[tuple[date, Notice]]) -> list[tuple[date, Notice]]:
    """Those of them that say it was put up: one that brings only objections does not."""
    return [one for one in posted if one[1].places or one[1].channels or not one[1].objections]


def _first(posted: Sequence[tuple[date, Notice]], field: str) -> dict[str, date]:
    """The first day on which each place or channel was posted."""
    found: dict[str, date] = {}
    for day, notice in posted:
        for one in getattr(notice, field):
            if one not in found or day < found[one]:
                found[one] = day
    return found


def _last(wanted: frozenset[str], posted: dict[str, date]) -> date:
    """The day on which the last wanted one was posted (the earlier of alternatives counts)."""
    days = (
        min((posted[part] for part in one.split("|") if part in posted), default=date.min) for one in wanted
    )
    return max(days, default=date.min)
