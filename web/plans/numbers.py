"""编号: the numbers of forms with where each is; a series is allotted to a unit, a spoilt one declared void."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from core.casework.acts.forms import allotting
from core.numbers.allot import allot, void
from core.numbers.model import STATES
from core.numbers.queries import counted, numbers
from core.organisation.access import access_unit
from tenants.policies.regimes import regime_of_path
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.paging import After, Pager, decode_key, key_uuid
from web.kit.procedures import step_title
from web.kit.query import Text, one_of, unit_asked
from web.kit.requests import Request
from web.kit.units import Sought, unit_options
from web.plans.written import written


class NumberPages(Controller):
    """/plans/numbers."""

    path = "/plans/numbers"

    @get("/")
    async def index(self, here: FromHere, standing: FromQuery[str] = "", after: After = None) -> Page:
        """The numbers, of one state or of all."""
        return await _list(here, Form.blank(), one_of("standing", standing, STATES), after)

    @get("/allot")
    async def ask(self, here: FromHere, unit: Text = "") -> Page:
        """To whom, from which number on, how many."""
        return await _form(here, Form.blank(unit=unit_asked(unit)))

    @post("/allot")
    async def allot(self, here: FromHere, request: Request) -> Page | Redirect:
        """Allot them."""
        form = await Form.of(request)
        async with attempt(form):
            unit, step = form.uuid("unit", "党组织"), form.picked("step", "哪一种表")
            count, first = form.number("count", "个数"), form.text("first", "起始编号")
            paper = form.text("paper", "核发的依据")
            form.check()
            assert unit is not None
            assert count is not None
            first = await written(here, unit, step, first)
            made = await allot(here.actor, unit, step, first, count, paper, here.today)
            said = f"已核发 {len(made)} 个编号：{made[0]} 至 {made[-1]}。"
            return see_other("/plans/numbers?standing=allotted", here.say(said))
        return await _form(here, form)

    @post("/{number_id:uuid}/void")
    async def void(self, here: FromHere, request: Request, number_id: FromPath[UUID]) -> Page | Redirect:
        """Declare it void."""
        form = await Form.of(request)
        async with attempt(form):
            number = await void(here.actor, number_id, form.value("note"), here.today)
            return see_other("/plans/numbers?standing=void", here.say(f"编号 {number} 已作废，不再使用。"))
        return await _list(
            here,
            form,
            one_of("standing", form.value("standing"), STATES),
            form.value("after") or None,
            spoilt=number_id,
        )


async def _list(here: Here, form: Form, state: str, after: str | None, spoilt: UUID | None = None) -> Page:
    """A page of the numbers; `form` is that by which `spoilt` is declared void."""
    key = decode_key(after)
    found = await numbers(here.actor, state, after=key_uuid(key[0]) if key else None)
    return page(
        "plans/numbers.html",
        status=form.status,
        form=form,
        pager=Pager.of(found, lambda one: (one.id,), after),
        after=after,
        spoilt=spoilt,
        state=state,
        states=STATES,
        counts=await counted(here.actor),
        step_title=step_title,
    )


async def _form(here: Here, form: Form) -> Page:
    units = await unit_options(here.actor, "number.allot", recent=here.recent_units, sought=Sought.of(form))
    chosen = form.uuid("unit", "党组织", required=False) if form.value("unit") else None
    if chosen is None and units:
        chosen = units[0].id
        form.put("unit", str(chosen))
    steps: list[tuple[str, str]] = []
    if chosen is not None:
        unit = await access_unit(here.actor, chosen, "number.allot")
        asked = allotting(await regime_of_path(unit.path), here.today)
        steps = [(step, step_title(step)) for step in asked]
    if len(steps) == 1:
        form.put("step", steps[0][0])
    return page("plans/allot.html", status=form.status, form=form, units=units, steps=steps)
