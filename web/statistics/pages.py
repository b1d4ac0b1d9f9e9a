"""统计: counts on a day by what one chooses, with a chart; what has come and gone in a period."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.response import Redirect

from core.statistics.counts import Asked, counts
from core.statistics.dimensions import DIMENSIONS
from core.statistics.flows import flows
from tenants.exports.make import ask
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.units import Options, Sought, unit_options
from web.statistics.asked import Period, asked_of, period_of
from web.statistics.chart import chart
from web.statistics.tables import PURPOSE


class StatisticsPages(Controller):
    """/statistics and /statistics/flows."""

    path = "/statistics"
    dependencies = {
        "asked": Provide(asked_of, sync_to_thread=False),
        "period": Provide(period_of, sync_to_thread=False),
    }

    @get("/")
    async def index(self, here: FromHere, asked: NamedDependency[Asked]) -> Page:
        """How many on a day, by one dimension."""
        here.require("statistics.view")
        found = await counts(here.actor, asked, here.today)
        return page(
            "statistics/index.html",
            asked=asked,
            found=found,
            dimension=DIMENSIONS[asked.dimension],
            dimensions={name: one.title for name, one in DIMENSIONS.items()},
            chart=chart(found) if found.lines else None,
            units=await _units(here, asked),
            filters={"unit": asked.unit_id or "", "day": asked.day, "by": asked.dimension},
        )

    @get("/flows")
    async def flows(self, here: FromHere, period: NamedDependency[Period]) -> Page:
        """What has come and gone in a period."""
        here.require("statistics.view")
        return page(
            "statistics/flows.html",
            period=period,
            found=await flows(here.actor, period.unit_id, period.since, period.until),
            units=await _units(here, period),
            filters={"unit": period.unit_id or "", "since": period.since, "until": period.until},
        )

    @post("/export")
    async def export(self, here: FromHere, asked: NamedDependency[Asked]) -> Redirect:
        """Have the counts made as a workbook."""
        here.require("statistics.view")
        await ask(here.actor, "counts", asked, PURPOSE, here.today)
        return see_other("/exports")

    @post("/flows/export")
    async def export_flows(self, here: FromHere, period: NamedDependency[Period]) -> Redirect:
        """Have the period made as a workbook."""
        here.require("statistics.view")
        await ask(here.actor, "flows", period, PURPOSE, here.today)
        return see_other("/exports")


async def _units(here: Here, asked: Asked | Period) -> Options:
    sought = Sought(picked=str(asked.unit_id or ""))
    return await unit_options(here.actor, "statistics.view", sought=sought)
