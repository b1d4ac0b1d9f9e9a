"""精简: after how many years, whom it concerns now, what goes and what stays; asked for, signed by another, or not."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.changes.minimise.rule import Rule, rule, set_rule, whole_county
from core.changes.minimise.run import agree, decline, runs
from core.changes.minimise.who import PAGE, Until, due_extent, due_people, people_of
from core.register.kept import KEPT
from core.register.leaving import LEAVINGS
from tenants.minimise import ask
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.paging import After, Pager, key_id
from web.kit.requests import Request

PLACE = "/people/minimise"


class MinimisePages(Controller):
    """/people/minimise."""

    path = PLACE

    @get("/")
    async def index(self, here: FromHere, after: After = None) -> Page:
        """The years, whom it would concern today, the runs."""
        return await _page(here, Form.blank(), after)

    @post("/rule")
    async def rule(self, here: FromHere, request: Request) -> Page | Redirect:
        """Set the years."""
        form = await Form.of(request)
        async with attempt(form):
            years = {name: form.number(name, one.title) or 0 for name, one in KEPT.minimising.items()}
            form.check()
            await set_rule(here.actor, Rule(**years))
            return see_other(PLACE, here.say("已保存。精简还要提出名单、由另一位同志签字。"))
        return await _page(here, form)

    @post("/ask")
    async def ask(self, here: FromHere, request: Request) -> Page | Redirect:
        """Ask for the people who were shown."""
        form = await Form.of(request)
        async with attempt(form):
            await ask(here.actor, form.value("mark"), here.today)
            return see_other(PLACE, here.say("已提出。请另一位同志在这一页看过名单后签字。"))
        return await _page(here, form)

    @post("/{run_id:uuid}/agree")
    async def agree(self, here: FromHere, request: Request, run_id: FromPath[UUID]) -> Page | Redirect:
        """Sign what another has asked for."""
        form = await Form.of(request)
        async with attempt(form):
            await agree(here.actor, run_id)
            return see_other(PLACE, here.say("已签字，今夜起由后台分批办理。"))
        return await _page(here, form)

    @post("/{run_id:uuid}/decline")
    async def decline(self, here: FromHere, request: Request, run_id: FromPath[UUID]) -> Page | Redirect:
        """It is not done."""
        form = await Form.of(request)
        async with attempt(form):
            await decline(here.actor, run_id, form.value("reason"))
            return see_other(PLACE, here.say("这一批不办了，理由已经记下。"))
        return await _page(here, form)


async def _page(here: Here, form: Form, after: str | None = None) -> Page:
    whole_county(here.actor)
    now, found = await rule(), await runs()
    until = Until.by(now, here.today)
    waits = next((one for one in found if one.state in ("asked", "agreed")), None)
    behind = key_id(after)
    for name, years in msgspec.structs.asdict(now).items():
        if name not in form.names():
            form.put(name, str(years))
    people = await (people_of(waits.id, behind) if waits else due_people(until, behind))
    return page(
        "people/minimise.html",
        status=form.status,
        form=form,
        rule=now,
        held=await due_extent(until),
        runs=found,
        waits=waits,
        own=bool(waits and here.actor.did(waits.by_id)),
        pager=Pager.of(people, lambda one: (one.id,), after, PAGE),
        kept=KEPT,
        leavings=LEAVINGS,
        states=STATES,
    )


STATES = {
    "asked": "等另一人签字",
    "agreed": "已签字，后台分批办理",
    "done": "已办完",
    "declined": "没有同意",
    "withdrawn": "已撤回",
}
