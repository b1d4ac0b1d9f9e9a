"""试一试: a rehearsal under the policies of one's choice, before anything is adopted."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromQuery

from core.organisation.model import UnitView
from dangwu import Rehearsed
from tenants.policies.plugins import installed
from tenants.policies.regimes import county_policies
from tenants.policies.rehearsing import NONE, Texts, play
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page
from web.kit.query import Text, unit_asked
from web.kit.requests import Request
from web.policies.rehearse.rehearsals import (
    by_plugin,
    present,
    require_rehearser,
    shipped,
    with_policies,
)
from web.policies.supplement.newest import newest
from web.policies.unit import around, chosen_unit, posted_unit

OWN, PRESENT, PICKED = "own", "here", "picked"


class PolicyRehearsalPages(Controller):
    """/policies/rehearse: nothing is ever saved."""

    path = "/policies/rehearse"

    @get("/")
    async def show(self, here: FromHere, unit: Text = "", plugin: FromQuery[str] = "") -> Page:
        """Choose; `plugin` picks one beforehand."""
        chosen = await _unit(here, unit_asked(unit))
        first = next((item.id for item in shipped() if item.plugin == plugin), "")
        picked = [plugin] if plugin in installed().policies else []
        return await _page(here, chosen, Form.blank(which=OWN, shipped=first, plugin=picked))

    @post("/", status_code=200)
    async def play(self, here: FromHere, request: Request) -> Page:
        """Play it and say what became of it."""
        form = await Form.of(request)
        require_rehearser(here)
        chosen = await posted_unit(here, form)
        outcome, text, kept = None, "", NONE
        async with attempt(form):
            text = _text(form)
            form.check("请先选一份排演，或者把排演贴进来。")
            text, kept = await _under(here, form, chosen, text)
            outcome = await play(here.actor.id, text, kept)
        return await _page(here, chosen, form, outcome, text)


async def _unit(here: Here, unit_id: UUID | None) -> UnitView:
    require_rehearser(here)
    return await chosen_unit(here, unit_id)


def _text(form: Form) -> str:
    """What was typed, else the shipped one that was chosen."""
    typed = form.value("text").strip()
    if typed:
        return form.value("text")
    picked = form.value("shipped")
    found = next((item for item in shipped() if item.id == picked), None)
    if found is None:
        form.refuse("shipped", "请选择一份排演，或者在下面贴上自己写的。")
    return found.text if found else ""


async def _under(here: Here, form: Form, unit: UnitView, text: str) -> tuple[str, Texts]:
    """The rehearsal as it is to be played, with the texts that it needs besides those installed."""
    which = form.choice("which", "在哪些政策下排演", (OWN, PRESENT, PICKED))
    form.check()
    if which == PRESENT:
        return present(text, (await county_policies()).reaching(unit.path), here.today)
    own = await newest()
    if which == PICKED:
        picked = form.many("plugin", [*installed().policies, *own.policies])
        form.check()
        return with_policies(text, picked), own
    return text, own


async def _page(
    here: Here, unit: UnitView, form: Form, outcome: Rehearsed | None = None, text: str = ""
) -> Page:
    own = (await newest()).policies.values()
    policies = [*own, *sorted(installed().policies.values(), key=lambda policy: policy.title)]
    return page(
        "policies/rehearse.html",
        status=form.status,
        form=form,
        outcome=outcome,
        text=text,
        shipped=by_plugin(),
        policies=[(policy.id, policy.title, policy.place) for policy in policies],
        **await around(here, unit),
    )
