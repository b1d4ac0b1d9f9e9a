"""开展一期: which scheme, where, which round."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.response import Redirect

from core.organisation.access import access_unit
from core.organisation.model import KINDS
from core.ratings.open import Offer, offers, open_rounds
from dangwu import explain
from tenants.policies.regimes import regime_of_path
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.query import Text, unit_asked
from web.kit.requests import Request
from web.kit.units import Sought, unit_options
from web.ratings.view import rated, word


class OpenRatingPages(Controller):
    """/ratings/open."""

    path = "/ratings/open"

    @get("/")
    async def ask(self, here: FromHere, unit: Text = "") -> Page:
        """Where, and which scheme."""
        return await _page(here, Form.blank(unit=unit_asked(unit)))

    @post("/")
    async def open(self, here: FromHere, request: Request) -> Page | Redirect:
        """Open it at all branches of the unit."""
        form = await Form.of(request)
        async with attempt(form):
            unit = form.uuid("unit", "党组织")
            scheme, _, name = form.picked("scheme", "评级方案和期次").partition(" ")
            form.check()
            assert unit is not None
            opened = await open_rounds(
                here.actor, unit, scheme, name, regime_for=regime_of_path, today=here.today
            )
            said = here.say(f"已在 {len(opened)} 个党组织开展这一期评定。")
            return see_other(f"/ratings/{opened[0]}" if len(opened) == 1 else "/ratings", said)
        return await _page(here, form)


async def _page(here: Here, form: Form) -> Page:
    """The form; the schemes of the chosen unit, once one is chosen."""
    kinds = [kind for kind in KINDS if kind != "group"]  # its people are rated by its branch
    units = await unit_options(
        here.actor, "rating.open", kinds=kinds, recent=here.recent_units, sought=Sought.of(form)
    )
    chosen = form.uuid("unit", "党组织", required=False) if form.value("unit") else None
    if chosen is None and units:
        chosen = units[0].id
        form.put("unit", str(chosen))
    found: list[Offer] = []
    titles: dict[str, str] = {}
    rules, whom = {}, {}
    if chosen is not None:
        unit = await access_unit(here.actor, chosen, "rating.open")
        regime = await regime_of_path(unit.path)
        found = offers(regime, unit.level, here.today)
        titles = {
            one.scheme.id: "、".join(word(regime, grade) for grade in one.scheme.scale) for one in found
        }
        whom = {one.scheme.id: rated(regime, one.scheme) for one in found}
        rules = {
            one.scheme.id: explain.cited(regime, one.scheme.rules_of("scale"), here.today) for one in found
        }
    return page(
        "ratings/open.html",
        status=form.status,
        form=form,
        units=units,
        offers=found,
        scales=titles,
        rated=whom,
        rules=rules,
    )
