"""到期和期满的日期，按月: what comes on which day, as a calendar, and all of one day."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

import msgspec
from litestar import Controller, get

from core.actor import Actor
from core.casework.lists.cases import CaseLine
from core.casework.lists.workbench import counted_between, dates_between
from core.errors import Invalid
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.procedures import step_title
from web.kit.query import Text, day_asked

NAMED = 300
"""Dates of a month up to which people are named in it; beyond, the days show how many there are."""
OF_A_DAY = 3
"""People named on a day of the calendar."""
MOST = 200
"""Lines of a single day."""


class Dated(msgspec.Struct, frozen=True):
    """Something that comes on a day."""

    day: date
    what: str
    line: CaseLine


class Day(msgspec.Struct, frozen=True):
    """A field of the calendar: how many dates, the first of them."""

    day: date
    count: int
    first: list[Dated]


class MonthPages(Controller):
    """/month."""

    path = "/month"

    @get("/")
    async def show(self, here: FromHere, month: Text = "", day: Text = "") -> Page:
        """This month, or that which is asked for (2026-12); with `day` all of that day below it."""
        chosen = day_asked(day)
        begin = (chosen or _month(month) or here.today).replace(day=1)
        last = begin.replace(day=calendar.monthrange(begin.year, begin.month)[1])
        counts = await counted_between(here.actor, begin, last)
        total = sum(counts.values())
        found = await coming(here.actor, begin, last, NAMED) if total <= NAMED else []
        return page(
            "workbench/month.html",
            begin=begin,
            total=total,
            weeks=_weeks(begin, counts, found),
            before=_address(begin - timedelta(days=1)),
            after=_address(last + timedelta(days=1)),
            chosen=chosen,
            listed=await coming(here.actor, chosen, chosen, MOST) if chosen else [],
            count=counts.get(chosen, 0) if chosen else 0,
        )


def _month(text: str) -> date | None:
    """Its first day; None where none is asked for. Raises Invalid for what is no month."""
    if text and not re.fullmatch("[0-9]{4}-[0-9]{2}", text):
        raise Invalid(f"“{text}”不是一个月份。请写成 2026-12 这样。", code="day")
    return day_asked(f"{text}-01") if text else None


def _address(day: date) -> str:
    return f"/month?month={day:%Y-%m}"


def _weeks(begin: date, counts: dict[date, int], found: list[Dated]) -> list[list[Day | None]]:
    """The weeks of a month from Monday; None for a day of another month."""
    first: dict[date, list[Dated]] = {}
    for one in found:
        first.setdefault(one.day, []).append(one)
    return [
        [
            Day(begin.replace(day=number), counts.get(begin.replace(day=number), 0),
                first.get(begin.replace(day=number), [])[:OF_A_DAY]) if number else None
            for number in week
        ]
        for week in calendar.monthcalendar(begin.year, begin.month)
    ]  # fmt: skip


async def coming(actor: Actor, first: date, last: date, most: int) -> list[Dated]:
    """Deadlines and ends of waiting from a day to another, by day, in words."""
    found = await dates_between(actor, first, last, most)
    return [Dated(one.day, _what(one.line, one.kind), one.line) for one in found]


def _what(line: CaseLine, kind: str) -> str:
    """Which steps a day concerns: a deadline all that can be done, an end of waiting those that wait."""
    states = ("waiting",) if kind == "until" else ("open", "failed")
    steps = [
        step_title(step)
        for step, state in zip(line.open_steps, line.open_states, strict=True)
        if state in states
    ] or [step_title(step) for step in line.open_steps]
    if kind == "until":
        return "、".join(steps) + "期满"
    return f"{steps[0]}等 {len(steps)} 个环节中有到期的" if len(steps) > 1 else f"{steps[0]}到期"
