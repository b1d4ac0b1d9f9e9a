"""成批办理: many people of a list into a group, to another branch, with a tag; shown first, then all of them or nobody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.response import Redirect

from core.actor import Capability
from core.changes.many import reassign, regroup, retag
from core.ledger.note import note
from core.register.model import PersonLine
from core.register.queries import PeopleFilter, people
from tenants.letters import Outcome, all_or_none
from tenants.policies.regimes import regime_of_path
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.tags import tag_title, tag_titles
from web.kit.units import Sought, unit_options
from web.people.filter import address_of, wanted_of

MOST = 200
"""People on the form, and in one act."""

KEEP = "keep"
"""What the form says once its preview has been seen."""


class Kind(NamedTuple):
    """What can be done to many: what it is called, who may, and by which verb it is noted."""

    title: str
    needs: Capability
    verb: str


KINDS = {
    "group": Kind("编入本支部的党小组（或者回到支部）", "person.edit", "people.grouped"),
    "tag": Kind("加上一项特征", "person.edit", "people.tagged"),
    "untag": Kind("去掉一项特征", "person.edit", "people.tagged"),
    "move": Kind("支部设置调整，整批编入另一个党支部", "register.import", "people.moved"),
}


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
            chosen = [listed[one] for one in form.many("go", list(listed))]
            kind = form.choice("kind", "要办的事", _kinds(here))
            done = _act(here, form, kind)
            if not chosen:
                form.refuse("go", "请至少选一个人。")
            form.check()
            outcomes = await all_or_none(
                [(one.name, partial(done, one.id)) for one in chosen], keep=form.flag(KEEP)
            )
            if form.flag(KEEP) and not any(one.refused for one in outcomes):
                await _note(here, form, kind, chosen)
                return see_other("/people", here.say(f"已为 {len(chosen)} 人办理：{KINDS[kind].title}。"))
        return await _page(here, wanted, form, outcomes)


def _act(here: Here, form: Form, kind: str) -> Callable[[UUID], Awaitable[None]]:
    """What is done to each, as the form says; refuses in it what is missing."""
    day = form.date("day", "自哪一天起") or here.today
    if kind in ("tag", "untag"):
        tag = form.choice("tag", "特征", list(tag_titles()))
        return lambda one: retag(here.actor, one, tag, kind == "tag", day, here.today)
    into = form.uuid("into", "编入的党组织")
    to = into or UUID(int=0)
    if kind == "move":
        paper = form.text("basis", "依据的文件", longest=120)
        return lambda one: reassign(here.actor, one, to, day, paper, here.today, regime_of_path)
    return lambda one: regroup(here.actor, one, to, day, here.today, regime_of_path)


async def _note(here: Here, form: Form, kind: str, chosen: list[PersonLine]) -> None:
    into = form.uuid("into", "编入的党组织", required=False) if kind in ("group", "move") else None
    told = {"tag": tag_title(form.value("tag"))} if into is None else {"basis": form.value("basis").strip()}
    await note(
        here.actor, KINDS[kind].verb, "unit", into, into, count=len(chosen), day=form.value("day"),
        people=[one.id for one in chosen], **told,
    )  # fmt: skip


def _kinds(here: Here) -> list[str]:
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
        units=await unit_options(here.actor, needs, levels=("branch",), sought=Sought.of(form)),
        filters=address_of(wanted),
        outcomes=outcomes or [],
        ready=bool(outcomes) and not any(one.refused for one in outcomes or ()),
    )
