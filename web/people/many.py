"""成批办理: many people of a list into a group, to another branch, with a tag; shown first, then all of them or nobody."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.response import Redirect
from msgspec.structs import replace

from core.actor import Capability
from core.register.model import PersonLine
from core.register.queries import PeopleFilter, people
from tenants.bulk import KINDS, MOST, Bulk, BulkKind, carry_out, kept
from tenants.many import Outcome
from tenants.policies.tags import tag_titles
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.units import Sought, unit_options
from web.kit.words import query
from web.people.filter import address_of, wanted_of

KEEP = "keep"
"""What the form says once its preview has been seen."""


class ManyPages(Controller):
    """/people/many: the people of a list, narrowed as it was."""

    path = "/people/many"
    dependencies = {"wanted": Provide(wanted_of, sync_to_thread=False)}

    @get("/")
    async def choose(self, here: FromHere, wanted: NamedDependency[PeopleFilter]) -> Page:
        """Whom, and what. Raises Forbidden."""
        _require(here)
        return await _page(here, wanted, Form.blank(day=here.today))

    @post("/")
    async def act(
        self, here: FromHere, request: Request, wanted: NamedDependency[PeopleFilter]
    ) -> Page | Redirect:
        """What would come of it for each, then all of it or nothing. Raises Forbidden."""
        _require(here)
        form, outcomes = await Form.of(request), list[Outcome]()
        async with attempt(form):
            listed = {str(one.id): one for one in await _listed(here, wanted)}
            chosen = form.many("go", list(listed))
            kind = cast(BulkKind, form.choice("kind", "要办的事", _kinds(here)))
            bulk = _bulk(here, form, kind, [listed[one].id for one in chosen])
            if not chosen:
                form.refuse("go", "请至少选一个人。")
            form.check()
            here.require(KINDS[kind].needs)
            names = {one.id: one.name for one in listed.values()}
            tried = replace(bulk, keep=form.confirms(KEEP, bulk))
            outcomes = await carry_out(here.actor, tried, names, here.today)
            form.shows(KEEP, bulk)
            if kept(tried, outcomes):
                return see_other(
                    f"/people{query(address_of(wanted))}",
                    here.say(f"已为 {len(chosen)} 人办理：{KINDS[kind].title}。"),
                )
        return await _page(here, wanted, form, outcomes)


def _bulk(here: Here, form: Form, kind: BulkKind, chosen: list[UUID]) -> Bulk:
    """What the form asks for; refuses in it what is missing."""
    day = form.date("day", "自哪一天起") or here.today
    asked = KINDS[kind].asks if kind else ()
    return Bulk(
        kind=kind,
        people=tuple(chosen),
        day=day,
        into=form.uuid("into", "编入的党组织", required="into" in asked),
        tag=form.choice("tag", "特征", list(tag_titles()), required="tag" in asked),
        paper=form.text("paper", "依据的文件", longest=120, required="paper" in asked),
    )


def _kinds(here: Here) -> list[BulkKind]:
    return [name for name, kind in KINDS.items() if here.may(kind.needs)]


def _require(here: Here) -> None:
    if not _kinds(here):
        here.require("person.edit")


async def _listed(here: Here, wanted: PeopleFilter) -> list[PersonLine]:
    found = await people(here.actor, wanted, limit=MOST)
    return [
        one
        for one in found.lines
        if any(here.actor.may(KINDS[kind].needs, one.path) for kind in _kinds(here))
    ]


async def _page(here: Here, wanted: PeopleFilter, form: Form, outcomes: list[Outcome] | None = None) -> Page:
    needs: Capability = "person.edit" if here.may("person.edit") else "register.import"
    return page(
        "people/many.html",
        status=form.status,
        form=form,
        people=await _listed(here, wanted),
        most=MOST,
        kinds=[(name, KINDS[name].title) for name in _kinds(here)],
        tags=list(tag_titles().items()),
        units=await unit_options(here.actor, needs, levels=("branch",), sought=Sought.of(form, "into")),
        filters=address_of(wanted),
        outcomes=outcomes or [],
        ready=bool(outcomes) and not any(one.refused for one in outcomes or ()),
    )
