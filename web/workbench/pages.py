"""工作台: what waits for me and its button; numbers beside it; for who oversees others, these as a table."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from litestar import Controller, get
from litestar.params import FromQuery

from core.casework.levels import takes_over_somewhere
from core.casework.lists.below import BelowLine
from core.casework.lists.cases import CaseFilter, count_cases
from core.casework.lists.mine import sees_one_branch
from core.casework.lists.tasks import GROUPS, tasks, waiting
from core.casework.lists.workbench import EventView, numbers, recent_events
from core.duties.mine import mine
from core.organisation.below import oversees
from core.organisation.branches import RULES
from core.organisation.terms import kept
from tenants.policies import plugins
from tenants.policies.regimes import county_policies, regimes_of_paths
from tenants.policies.shelf import title_named, title_of
from tenants.policies.updates import held_today
from tenants.queue.run import lost_tasks
from web.kit.casework import event_words
from web.kit.here import FromHere, Here
from web.kit.navigation import count
from web.kit.page import Page, page
from web.kit.panels import on_workbench
from web.kit.procedures import procedure_named, procedures, stage_titles
from web.kit.query import one_of
from web.kit.requests import Request
from web.workbench.below import Sort, Sorted, keys, lines, sort_asked
from web.workbench.month import coming
from web.workbench.tasks import groups

LINES = 12
"""Of each group of tasks; a group alone shows MANY."""
MANY = 200
AHEAD = 7
WEEK_LINES = 60


class Happened(msgspec.Struct, frozen=True):
    """An event in words, around the person's name."""

    event: EventView
    before: str
    after: str


class Overview(msgspec.Struct, frozen=True):
    """A procedure over all that somebody oversees: the stages with their titles, how many cases in each, those below him."""

    procedure: str
    title: str
    stages: dict[str, str]
    counts: dict[str, int]
    lines: list[BelowLine]
    sort: str = ""

    @property
    def cases(self) -> int:
        """All running ones."""
        return sum(self.counts.values())

    def share(self, stage: str) -> int:
        """The width of a stage in twentieths of the widest, rounded up."""
        widest = max(self.counts.values(), default=0)
        return -(-20 * self.counts.get(stage, 0) // widest) if widest else 0


class WorkbenchPages(Controller):
    """/."""

    path = "/"

    @get("/")
    async def show(
        self, here: FromHere, request: Request, group: FromQuery[str] = "", sort: Sort = ""
    ) -> Page:
        """What there is to do; with `group` all of that group."""
        if not here.may("case.view"):
            return page("workbench/none.html")
        alone, sort = one_of("group", group, GROUPS), sort_asked(sort)
        most = {alone: MANY} if alone else dict.fromkeys(GROUPS, LINES)
        his = await tasks(here.actor, here.today, most)
        total = await waiting(here.actor) if alone else his.total
        count(request, "/", total)
        managed = await numbers(here.actor, here.today, AHEAD)
        overviews = await _overviews(here, sort) if oversees(here.actor, "case.view") else []
        return page(
            "workbench/index.html",
            groups=[one for one in groups(here, his) if not alone or one.id == alone],
            alone=alone,
            total=total,
            acts=here.may("case.record") or here.may("case.review"),
            numbers=managed,
            happened=await _happened(here),
            week=await coming(here.actor, here.today, here.today + timedelta(days=AHEAD), WEEK_LINES),
            overviews=overviews,
            sort=sort,
            empty_county=_department(here) and not any(one.cases for one in overviews),
            paper=takes_over_somewhere(here.actor),
            one_branch=await sees_one_branch(here.actor),
            beside=await on_workbench(here.actor, total, managed.due, here.today),
            held=await _held(here),
            lasting=await kept(here.actor, here.today, RULES.temporary.remind.days),
            duties=await mine(here.actor, regimes_of_paths, here.today),
            differing=[title_named(one) for one in plugins.differing()],
            lost=await lost_tasks() if here.may("audit.view") else [],
        )


def _department(here: Here) -> bool:
    return any(one.level == "department" and "case.view" in one.capabilities for one in here.actor.holdings)


async def _held(here: Here) -> list[str]:
    """The titles of the policies in force whose code has been replaced, where he may agree to that."""
    if not here.may("policy.activate"):
        return []
    waiting = held_today((await county_policies()).live, here.today)
    return sorted({title_of(item) for item in waiting if here.actor.levels(item.path, "policy.activate")})


async def _overviews(here: Here, sort: str) -> list[Overview]:
    """Of the floor's default procedure, and of every other of which a case is running."""
    found = []
    for procedure, title in procedures().items():
        counts = (await count_cases(here.actor, CaseFilter(procedure=procedure))).get("running", {})
        if not counts and procedure != procedure_named(""):
            continue
        wanted = Sorted(procedure, sort if sort in keys(procedure) else "")
        below = await lines(here.actor, wanted, here.today)
        found.append(Overview(procedure, title, stage_titles(procedure), counts, below, wanted.sort))
    return found


async def _happened(here: Here) -> list[Happened]:
    return [
        Happened(one, *event_words(one.kind, one.procedure, one.data.get("step")))
        for one in await recent_events(here.actor, LINES)
    ]
