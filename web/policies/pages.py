"""政策: the installed policies at a unit, the effective policy step by step, the history of its changes."""

from __future__ import annotations

from litestar import Controller, get

from core.aside import aside
from tenants.policies import service
from tenants.policies.beside import missing
from tenants.policies.regimes import county_policies, regime_of_unit
from web.kit.forms import Form
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.procedures import procedure_named, procedures
from web.kit.query import Text, day_asked, unit_asked
from web.kit.requests import Request
from web.policies.cards import STATES, broken_plugins, cards
from web.policies.effective import EffectiveView
from web.policies.history import history_lines
from web.policies.unit import around, chosen_unit


class PolicyPages(Controller):
    """/policies, /policies/effective, /policies/history; a single plugin is in plugin/pages.py."""

    path = "/policies"

    @get("/")
    async def index(self, here: FromHere, unit: Text = "") -> Page:
        """Every installed policy and its state at the unit."""
        chosen = await chosen_unit(here, unit_asked(unit))
        chain = (await county_policies()).reaching(chosen.path)
        found = cards(chosen, chain, here.today)
        return page(
            "policies/index.html",
            cards=found,
            states=STATES,
            broken=broken_plugins(),
            missing=missing(chain, here.today),
            **await around(here, chosen),
        )

    @get("/effective", asks=("day", "tags", "procedure"))
    async def effective(self, here: FromHere, request: Request, unit: Text = "") -> Page:
        """What holds on a day for somebody with these tags: `day` (today), `tags` (none), both from the address."""
        chosen = await chosen_unit(here, unit_asked(unit))
        day = day_asked(request.query_params.get("day", "")) or here.today
        tags = frozenset(request.query_params.getall("tags", []))
        procedure = procedure_named(request.query_params.get("procedure", ""))
        view = EffectiveView(await regime_of_unit(chosen.id), day, tags, str(chosen.id), procedure)
        return page(
            "policies/effective.html",
            day_=day,
            view=view,
            stages=await aside([view.regime], view.stages),
            tags=tags,
            asked=Form.blank(day=day, procedure=procedure, tags=sorted(tags)),
            tag_options=view.tag_options(),
            procedures=procedures(),
            **await around(here, chosen),
        )

    @get("/history")
    async def history(self, here: FromHere, unit: Text = "") -> Page:
        """Who changed what at the unit itself, and why."""
        chosen = await chosen_unit(here, unit_asked(unit))
        lines = history_lines(await service.history(here.actor, chosen.id))
        return page("policies/history.html", lines=lines, **await around(here, chosen))
