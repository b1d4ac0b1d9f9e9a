"""工作台: what waits for me, what is due or overdue, what happened; this week's dates; for the department the whole county."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from litestar import Controller, get

from core.casework.queries import CaseFilter, CaseLine, cases
from core.casework.workbench import EventView, due_soon, recent_events, waits_for_me
from web.here import FromHere, Here
from web.page import Page, page
from web.pages.cases_columns import COLUMNS
from web.pages.cases_funnel import committees, funnel
from web.pages.cases_words import STATES, event_words, reasons_said, stage_titles, step_title

LINES = 12
AHEAD = 7


class Item(msgspec.Struct, frozen=True):
    """A case in one of the lists, in words."""

    line: CaseLine
    what: str
    why: str
    overdue: bool
    kind: str


class Happened(msgspec.Struct, frozen=True):
    """An event in words."""

    event: EventView
    what: str


class Dated(msgspec.Struct, frozen=True):
    """Something that comes on a day of this week."""

    day: object
    what: str
    line: CaseLine


class WorkbenchPages(Controller):
    """/."""

    path = "/"

    @get("/")
    async def show(self, here: FromHere) -> Page:
        """What there is to do."""
        if not here.may("case.view"):
            return page("workbench/none.html")
        mine = await waits_for_me(here.actor, LINES)
        due = await due_soon(here.actor, here.today, AHEAD, LINES)
        events = await recent_events(here.actor, LINES)
        department = any(
            one.level == "department" and "case.view" in one.capabilities for one in here.actor.holdings
        )
        acts = here.may("case.record") or here.may("case.review")
        return page(
            "workbench/index.html",
            mine=[_item(here, line, own=True) for line in mine.lines],
            mine_total=mine.total,
            my_level=_my_level(here),
            acts=acts,
            due=[_item(here, line, own=False) for line in due.lines],
            due_total=due.total,
            happened=[Happened(one, event_words(one.kind, one.data.get("step"))) for one in events],
            week=await _week(here),
            last=here.today + timedelta(days=AHEAD),
            funnel=await funnel(here) if department else [],
            committees=await committees(here) if department else [],
            stages=stage_titles(),
        )


def _my_level(here: Here) -> str:
    levels = {one.level for one in here.actor.holdings if {"case.record", "case.review"} & one.capabilities}
    return next(iter(levels)) if len(levels) == 1 else ""


def _item(here: Here, line: CaseLine, *, own: bool) -> Item:
    levels = here.actor.levels(line.path, "case.record") | here.actor.levels(line.path, "case.review")
    steps = [
        (step, state)
        for step, state, level in zip(line.open_steps, line.open_states, line.open_levels, strict=True)
        if not own or (state != "waiting" and (level in levels or not levels))
    ] or list(zip(line.open_steps, line.open_states, strict=True))
    what = "、".join(
        step_title(step) + ("" if own or state == "open" else f"（{STATES.get(state, state)}）")
        for step, state in steps
    )
    late = line.next_due is not None and line.next_due < here.today
    kind = next(
        (state for state in ("failed", "open", "waiting") if state in {state for _, state in steps}), "open"
    )
    return Item(line, what, reasons_said(line.reasons), late, kind)


async def _week(here: Here) -> list[Dated]:
    """Deadlines and ends of waiting from today to this day next week, by day."""
    last = here.today + timedelta(days=AHEAD)
    due = await due_soon(here.actor, here.today, AHEAD, 60)
    found = [
        (line.next_due, f"{COLUMNS['steps'].text(line, here.today)}到期", line)
        for line in due.lines
        if line.next_due and line.next_due >= here.today
    ]
    waiting = await cases(here.actor, CaseFilter(state="waiting"), limit=500)
    for line in waiting.lines:
        if line.waiting_until and here.today <= line.waiting_until <= last:
            steps = [
                step
                for step, state in zip(line.open_steps, line.open_states, strict=True)
                if state == "waiting"
            ]
            found.append((line.waiting_until, f"{'、'.join(step_title(step) for step in steps)}期满", line))
    return [Dated(day, what, line) for day, what, line in sorted(found, key=lambda one: (one[0], one[2].py))]
