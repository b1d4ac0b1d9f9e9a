"""年度计划: those of a year, what is owed; one with who is named, how far it is used, its texts and what was done."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath

from core.plans.access import plan_of
from core.plans.model import ACTS, STATES
from core.plans.queries import draws, owed, plans
from dangwu import LEVELS
from tenants.policies.regimes import regime_of_path
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.paging import After, Pager
from web.kit.query import Year
from web.kit.units import way_down
from web.plans.keys import plan_key
from web.plans.view import acts, seen


class PlanPages(Controller):
    """/plans."""

    path = "/plans"

    @get("/")
    async def index(self, here: FromHere, year: Year = None, after: After = None) -> Page:
        """The plans, of all years or of one; and who owes one of this year."""
        found = await plans(here.actor, year, after=plan_key(after))
        return page(
            "plans/index.html",
            pager=Pager.of(found, lambda one: (one.year, one.id), after),
            year=year,
            years=[here.today.year - 1, here.today.year, here.today.year + 1],
            states=STATES,
            draws=await draws(here.actor, regime_for=regime_of_path, today=here.today),
            owed=await owed(here.actor, regime_for=regime_of_path, today=here.today),
        )

    @get("/{plan_id:uuid}")
    async def show(self, here: FromHere, plan_id: FromPath[UUID]) -> Page:
        """One."""
        file = await plan_of(here.actor, plan_id, regime_for=regime_of_path, today=here.today)
        return page(
            "plans/show.html",
            one=file.line,
            units=await way_down(file.line.path),
            seen=await seen(here.actor, file, here.today),
            acts=acts(file),
            act_titles=ACTS,
            states=STATES,
            levels=LEVELS,
            kind_title=lambda kind: file.regime.terms.get(kind, kind),
        )
