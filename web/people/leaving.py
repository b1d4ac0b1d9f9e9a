"""Leaving: written down with day, reason and paper, taken back, come back; and 历史党员, the list of those who have left."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect

from core.changes.leave import come_back, leave, take_back
from core.register.former import FormerFilter, count_former, former
from core.register.leaving import (
    LEAVINGS,
    LeavingDraft,
    Return,
    ways_out,
    who_is_here,
    who_left,
)
from core.register.queries import person_file
from tenants.saved import saved_lists
from web.kit.draft import Draft, begun, discard_once_kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.paging import After, Pager, encode_key, key_day
from web.kit.requests import Request
from web.kit.units import Sought, unit_options, way_down
from web.people.filter import former_address, former_wanted


def form_at(person_id: UUID, way: str) -> str:
    """The address of the form by which somebody leaves or returns (`way`), by which its draft is known."""
    return f"/people/{person_id}/{way}"


class LeavingPages(Controller):
    """/people/former and what leads there and back."""

    path = "/people"
    dependencies = {"wanted": Provide(former_wanted, sync_to_thread=False)}

    @get("/former")
    async def index(self, here: FromHere, wanted: NamedDependency[FormerFilter], after: After = None) -> Page:
        """历史党员, the latest first."""
        found = await former(here.actor, wanted, after=key_day(after))
        return page(
            "people/former.html",
            pager=Pager(found.lines, encode_key(found.after) if found.after else None, not after),
            counts=await count_former(here.actor, wanted),
            filters=former_address(wanted),
            saved=await saved_lists(here.actor, "/people/former"),
            leavings=LEAVINGS,
            units=await unit_options(
                here.actor, "person.view", sought=Sought(picked=str(wanted.unit_id or ""))
            ),
        )

    @get("/{person_id:uuid}/leave")
    async def leave_form(self, here: FromHere, person_id: FromPath[UUID]) -> Page:
        """How, when, why, by which paper."""
        await who_is_here(here.actor, person_id)
        form, draft = await begun(here, form_at(person_id, "leave"), Form.blank(day=here.today))
        return await _leave_page(here, person_id, form, draft)

    @post("/{person_id:uuid}/leave")
    async def leave(self, here: FromHere, request: Request, person_id: FromPath[UUID]) -> Page | Redirect:
        """From that day on he is in no count."""
        form = await Form.of(request)
        async with attempt(form):
            day, kind = form.date("day", "离开的日期"), form.choice("kind", "离开的情形", list(LEAVINGS))
            reason = form.text("reason", "事由")
            paper = form.text("paper", "依据", required=kind != "in-error", longest=120)
            seen = form.version()
            form.check()
            assert day is not None
            await leave(here.actor, person_id, LeavingDraft(kind, day, reason, paper), seen, here.today)
            discard_once_kept(request, here, form_at(person_id, "leave"))
            return see_other(
                f"/people/{person_id}", here.say(f"已登记离开名册的情形：{LEAVINGS[kind].title}。")
            )
        return await _leave_page(here, person_id, form)

    @get("/{person_id:uuid}/return")
    async def return_form(self, here: FromHere, person_id: FromPath[UUID]) -> Page:
        """Written down by mistake, or really there again."""
        await who_left(here.actor, person_id)
        form, draft = await begun(here, form_at(person_id, "return"), Form.blank(day=here.today))
        return await _return_page(here, person_id, form, draft)

    @post("/{person_id:uuid}/return")
    async def come_back(self, here: FromHere, request: Request, person_id: FromPath[UUID]) -> Page | Redirect:
        """There again, at a branch."""
        form = await Form.of(request)
        async with attempt(form):
            unit_id, day = form.uuid("unit", "党支部"), form.date("day", "回来的日期")
            reason, paper = form.text("reason", "事由"), form.text("paper", "依据", longest=120)
            form.check()
            assert unit_id is not None
            assert day is not None
            await come_back(here.actor, person_id, Return(unit_id, day, reason, paper), here.today)
            discard_once_kept(request, here, form_at(person_id, "return"))
            return see_other(f"/people/{person_id}", here.say("已重新登记在册。"))
        return await _return_page(here, person_id, form)

    @post("/{person_id:uuid}/return/mistaken")
    async def take_back(self, here: FromHere, request: Request, person_id: FromPath[UUID]) -> Page | Redirect:
        """He had never left."""
        form = await Form.of(request)
        async with attempt(form):
            reason = form.text("mistake", "事由")
            form.check()
            await take_back(here.actor, person_id, reason)
            return see_other(f"/people/{person_id}", here.say("已撤销离开的登记，此人仍在册。"))
        return await _return_page(here, person_id, form)


async def _leave_page(here: Here, person_id: UUID, form: Form, draft: Draft | None = None) -> Page:
    file = await person_file(here.actor, person_id, purpose="登记离开")
    form.against(file.version)
    return page(
        "people/leave.html",
        status=form.status,
        form=form,
        file=file,
        units=await way_down(file.path),
        ways=ways_out(here.actor, file.path, file.membership),
        draft=draft,
        draft_at=form_at(person_id, "leave"),
    )


async def _return_page(here: Here, person_id: UUID, form: Form, draft: Draft | None = None) -> Page:
    file = await person_file(here.actor, person_id, purpose="重新登记")
    options = await unit_options(
        here.actor, "person.edit", levels=("branch",), recent=here.recent_units, sought=Sought.of(form)
    )
    return page(
        "people/return.html",
        status=form.status,
        form=form,
        file=file,
        units=await way_down(file.path),
        options=options,
        way=LEAVINGS.get(file.left_as or ""),
        draft=draft,
        draft_at=form_at(person_id, "return"),
    )
