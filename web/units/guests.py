"""临时党支部的党员: who takes part while the task lasts, entered one by one; the files stay where they are."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.errors import NotFound
from core.organisation.access import access_unit
from core.organisation.branches import said_of_temporary
from core.organisation.model import TEMPORARY
from core.register.check import LONGEST
from core.register.guests import add_guests, end_guest, guests
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.meant import choose_one
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.units import way_down


class UnitGuestPages(Controller):
    """/units/{id}/guests."""

    path = "/units/{unit_id:uuid}/guests"

    @get("/")
    async def index(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """Who takes part."""
        return await _page(here, unit_id, Form.blank(day=here.today))

    @post("/")
    async def add(self, here: FromHere, request: Request, unit_id: FromPath[UUID]) -> Page | Redirect:
        """Let somebody take part."""
        form = await Form.of(request)
        async with attempt(form):
            await access_unit(here.actor, unit_id, "org.edit")
            name, day = form.text("name", "姓名", longest=LONGEST["name"]), form.date("day", "编入日期")
            await choose_one(here.actor, unit_id, form, "name", "person", day or here.today, outside=False)
            form.check()
            assert day is not None
            await add_guests(here.actor, unit_id, [UUID(form.value("person"))], day, here.today)
            return see_other(f"/units/{unit_id}/guests", here.say(f"已编入“{name}”，组织关系仍在原支部。"))
        return await _page(here, unit_id, form)

    @post("/{guest_id:uuid}/end")
    async def end(
        self, here: FromHere, request: Request, unit_id: FromPath[UUID], guest_id: FromPath[UUID]
    ) -> Page | Redirect:
        """Somebody takes part no more."""
        form = await Form.of(request)
        async with attempt(form):
            day = form.date("day", "退出日期")
            form.check()
            assert day is not None
            await end_guest(here.actor, unit_id, guest_id, day, here.today)
            return see_other(f"/units/{unit_id}/guests", here.say("已登记退出。"))
        return await _page(here, unit_id, form, leaving=guest_id)


async def _page(here: Here, unit_id: UUID, form: Form, leaving: UUID | None = None) -> Page:
    """Who takes part; `form` is the one by which somebody enters, or, to be put right, that by which `leaving` leaves."""
    unit = await access_unit(here.actor, unit_id)
    if unit.kind != TEMPORARY:
        raise NotFound("这里不是临时党支部，人员在名册里。请从组织树中重新选择。")
    return page(
        "units/guests.html",
        status=form.status,
        form=form,
        leaving=leaving,
        unit=unit,
        units=await way_down(unit.path),
        guests=await guests(here.actor, unit_id),
        rule=said_of_temporary(),
    )
