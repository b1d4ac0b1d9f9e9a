"""工作台: what waits for me, what is due or overdue, what happened; this week's dates; for the department the whole county."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from litestar import Controller, get

from core.casework.levels import takes_over_somewhere
from core.casework.lists.cases import CaseLine, counts_by_unit
from core.casework.lists.mine import acting_levels, is_mine, sees_one_branch
from core.casework.lists.workbench import (
    EventView,
    asked_of_me,
    dates_between,
    due_soon,
    recent_events,
    waits_for_me,
)
from core.organisation.queries import Among, outline
from tenants.policies import plugins
from tenants.policies.shelf import title_named
from tenants.queue.run import lost_tasks
from web.kit.casework import STATES, event_words, reasons_said, short_levels
from web.kit.here import FromHere, Here
from web.kit.page import Page, page
from web.kit.panels import on_workbench
from web.kit.procedures import procedures, stage_titles, step_title
from web.workbench.funnel import CommitteeLine, StageCount, committees, funnel

LINES = 12
AHEAD = 7
WEEK_LINES = 60


class Item(msgspec.Struct, frozen=True):
    """A case in one of the lists, in words; `who` must act when it is not the one who looks."""

    line: CaseLine
    what: str
    why: str
    overdue: bool
    kind: str
    mine: bool
    who: str


class Happened(msgspec.Struct, frozen=True):
    """An event in words, around the person's name."""

    event: EventView
    before: str
    after: str


class Dated(msgspec.Struct, frozen=True):
    """Something that comes on a day of this week."""

    day: date
    what: str
    line: CaseLine


class Overview(msgspec.Struct, frozen=True):
    """A procedure over the whole county: by stage, and committee by committee."""

    procedure: str
    title: str
    stages: dict[str, str]
    funnel: list[StageCount]
    committees: list[CommitteeLine]


class WorkbenchPages(Controller):
    """/."""

    path = "/"

    @get("/")
    async def show(self, here: FromHere) -> Page:
        """What there is to do."""
        if not here.may("case.view"):
            return page("workbench/none.html")
        mine = await waits_for_me(here.actor, LINES)
        asked = (await asked_of_me(here.actor, LINES)).lines if here.may("case.review") else []
        due = await due_soon(here.actor, here.today, AHEAD, LINES)
        events = await recent_events(here.actor, LINES)
        department = any(
            one.level == "department" and "case.view" in one.capabilities for one in here.actor.holdings
        )
        overviews = await _overviews(here) if department else []
        acts = here.may("case.record") or here.may("case.review")
        return page(
            "workbench/index.html",
            mine=[_item(here, line, own=True) for line in mine.lines],
            mine_total=mine.total,
            asked=asked,
            my_level=_my_level(here),
            acts=acts,
            due=[_item(here, line, own=False) for line in due.lines],
            due_total=due.total,
            happened=[
                Happened(one, *event_words(one.kind, one.procedure, one.data.get("step"))) for one in events
            ],
            week=await _week(here),
            last=here.today + timedelta(days=AHEAD),
            overviews=overviews,
            counted=sum(one.cases for every in overviews for one in every.funnel),
            paper=takes_over_somewhere(here.actor),
            one_branch=await sees_one_branch(here.actor),
            beside=await on_workbench(here.actor, mine.total, due.total, here.today),
            differing=[title_named(one) for one in plugins.differing()],
            lost=await lost_tasks() if here.may("audit.view") else [],
        )


async def _overviews(here: Here) -> list[Overview]:
    units = await outline(here.actor, Among(kinds=("committee",)))
    found = []
    for procedure, title in procedures().items():
        counted = await counts_by_unit(here.actor, procedure, here.today)
        found.append(
            Overview(
                procedure,
                title,
                stage_titles(procedure),
                funnel(procedure, counted),
                committees(units, counted),
            )
        )
    return found


def _my_level(here: Here) -> str:
    levels = {one.level for one in here.actor.holdings if {"case.record", "case.review"} & one.capabilities}
    return next(iter(levels)) if len(levels) == 1 else ""


def _item(here: Here, line: CaseLine, *, own: bool) -> Item:
    levels = acting_levels(here.actor, line.path)
    steps = [
        (step, state)
        for step, state, level in zip(line.open_steps, line.open_states, line.open_levels, strict=True)
        if not own or (state in ("open", "failed") and (level in levels or not levels))
    ] or list(zip(line.open_steps, line.open_states, strict=True))
    what = "、".join(
        step_title(step) + ("" if own or state == "open" else f"（{STATES.get(state, state)}）")
        for step, state in steps
    )
    late = line.next_due is not None and line.next_due < here.today
    kind = next(
        (state for state in ("failed", "open", "waiting") if state in {state for _, state in steps}), "open"
    )
    mine = is_mine(here.actor, line)
    who = "" if own or mine else short_levels(line.waits_for)
    return Item(line, what, reasons_said(line.reasons), late, kind, mine, who)


async def _week(here: Here) -> list[Dated]:
    """Deadlines and ends of waiting from today to this day next week, by day."""
    last = here.today + timedelta(days=AHEAD)
    found = await dates_between(here.actor, here.today, last, WEEK_LINES)
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
