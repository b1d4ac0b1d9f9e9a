"""统计: counts on a day by what one chooses, with a chart; what has come and gone in a period."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.response import Redirect

from core.organisation.access import access_unit
from core.organisation.queries import unit_at
from core.statistics.counts import CountQuery, counts
from core.statistics.dimensions import DIMENSIONS
from core.statistics.figures import figures
from core.statistics.flows import flows
from core.statistics.yearly.report import Wanted, report
from tenants.exports.make import ask
from tenants.policies.hooks.panels import reports
from tenants.policies.regimes import county_policies, regimes_of_paths
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.query import Text, unit_asked
from web.kit.units import Options, Sought, unit_options
from web.statistics.asked import Period, asked_of, period_of, wanted_of
from web.statistics.chart import NARROW, WIDE, chart
from web.statistics.tables import PURPOSE

YEARS = 10
"""How many years one chooses from; the address takes any."""


class StatisticsPages(Controller):
    """/statistics, /statistics/flows, /statistics/yearly and /statistics/reports."""

    path = "/statistics"
    dependencies = {
        "asked": Provide(asked_of, sync_to_thread=False),
        "period": Provide(period_of, sync_to_thread=False),
        "wanted": Provide(wanted_of, sync_to_thread=False),
    }

    @get("/")
    async def index(self, here: FromHere, asked: NamedDependency[CountQuery]) -> Page:
        """How many on a day, by one dimension."""
        found = await counts(here.actor, asked, here.today)
        return page(
            "statistics/index.html",
            asked=asked,
            found=found,
            dimension=DIMENSIONS[asked.dimension],
            dimensions={name: one.title for name, one in DIMENSIONS.items()},
            charts=[chart(found, one) for one in (WIDE, NARROW)] if found.lines else [],
            units=await _units(here, asked),
            filters={
                "unit": asked.unit_id or "",
                "day": asked.day,
                "by": asked.dimension,
                "since": asked.since or "",
            },
        )

    @get("/flows")
    async def flows(self, here: FromHere, period: NamedDependency[Period]) -> Page:
        """What has come and gone in a period."""
        return page(
            "statistics/flows.html",
            period=period,
            found=await flows(here.actor, period.unit_id, period.since, period.until),
            units=await _units(here, period),
            filters={"unit": period.unit_id or "", "since": period.since, "until": period.until},
        )

    @get("/yearly")
    async def yearly(self, here: FromHere, wanted: NamedDependency[Wanted]) -> Page:
        """The yearly tables of a unit."""
        return page(
            "statistics/yearly.html",
            wanted=wanted,
            found=await report(here.actor, wanted, here.today),
            years=range(here.today.year, here.today.year - YEARS, -1),
            units=await _units(here, wanted),
            filters={"unit": wanted.unit_id or "", "year": wanted.year},
        )

    @get("/reports")
    async def reports(self, here: FromHere, unit: Text = "") -> Page:
        """The tables that practices in force at a unit make of its figures."""
        chosen = unit_asked(unit) or await _highest(here)
        found = await figures(here.actor, chosen, regimes_of_paths, here.today)
        path = (await access_unit(here.actor, chosen, "statistics.view")).path
        in_force = {one.plugin for one in (await county_policies()).reaching(path) if one.runs_on(here.today)}
        return page(
            "statistics/reports.html",
            shown=await reports(in_force, found, here.today),
            figures=found,
            units=await unit_options(here.actor, "statistics.view", sought=Sought(picked=str(chosen))),
            chosen=chosen,
        )

    @post("/export")
    async def export(self, here: FromHere, asked: NamedDependency[CountQuery]) -> Redirect:
        """Have the counts made as a workbook."""
        await ask(here.actor, "counts", asked, PURPOSE, here.today)
        return see_other("/exports")

    @post("/flows/export")
    async def export_flows(self, here: FromHere, period: NamedDependency[Period]) -> Redirect:
        """Have the period made as a workbook."""
        await ask(here.actor, "flows", period, PURPOSE, here.today)
        return see_other("/exports")

    @post("/yearly/export")
    async def export_yearly(self, here: FromHere, wanted: NamedDependency[Wanted]) -> Redirect:
        """Have the yearly tables made as a workbook."""
        await ask(here.actor, "yearly", wanted, PURPOSE, here.today)
        return see_other("/exports")


async def _highest(here: Here) -> UUID:
    """The highest unit whose statistics he sees."""
    scopes = sorted(here.actor.scopes("statistics.view"), key=len)
    found = await unit_at(scopes[0])
    assert found is not None, "he holds a role there"
    return found.id


async def _units(here: Here, asked: CountQuery | Period | Wanted) -> Options:
    sought = Sought(picked=str(asked.unit_id or ""))
    return await unit_options(here.actor, "statistics.view", sought=sought)
