"""届次: when the committee of a unit was elected and until when; whose terms end."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.organisation.access import access_unit
from core.organisation.terms import TermDraft, ending, enter_term, lasting, said_of, strike_term, terms
from core.register.rights.holders import holders
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.units import way_down


class TermPages(Controller):
    """/units/terms and /units/{id}/terms."""

    path = "/units"

    @get("/terms")
    async def index(self, here: FromHere) -> Page:
        """Those that are over, end soon, or were never entered."""
        found = await ending(here.actor, here.today)
        return page("units/terms.html", found=found, lasting=await lasting(here.actor, here.today))

    @get("/{unit_id:uuid}/terms")
    async def show(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """A unit's terms, and the form for the next."""
        return await _page(here, unit_id, Form.blank())

    @post("/{unit_id:uuid}/terms")
    async def enter(self, here: FromHere, request: Request, unit_id: FromPath[UUID]) -> Page | Redirect:
        """A committee has been elected."""
        form = await Form.of(request)
        async with attempt(form):
            since, until = (
                form.date("since", "选举产生的日期"),
                form.date("until", "任期届满", required=False),
            )
            basis = form.text("basis", "批准选举结果的文件", longest=120)
            form.check()
            assert since is not None
            made = await enter_term(here.actor, unit_id, TermDraft(since, basis, until), here.today)
            return see_other(f"/units/{unit_id}", here.say(f"已登记这一届，{made.until} 届满。"))
        return await _page(here, unit_id, form)

    @post("/{unit_id:uuid}/terms/{term_id:uuid}/strike")
    async def strike(self, here: FromHere, unit_id: FromPath[UUID], term_id: FromPath[UUID]) -> Redirect:
        """One that was entered in error."""
        await strike_term(here.actor, unit_id, term_id)
        return see_other(f"/units/{unit_id}/terms", here.say("已撤销这一届的登记。"))


async def _page(here: Here, unit_id: UUID, form: Form) -> Page:
    unit = await access_unit(here.actor, unit_id)
    return page(
        "units/term.html",
        status=form.status,
        form=form,
        unit=unit,
        units=await way_down(unit.path),
        terms=await terms(here.actor, unit_id),
        length=said_of(unit.kind, unit.flags),
        holders=await holders(unit.id, here.today) if here.actor.may("person.view", unit.path) else [],
    )
