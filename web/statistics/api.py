"""Statistics by the API: numbers only, of nobody in particular."""

from __future__ import annotations

from datetime import date

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency, Provide

from core.statistics.counts import CountQuery, Line, counts
from core.statistics.dimensions import DIMENSIONS
from core.statistics.flows import Change, flows
from core.statistics.yearly.model import Report
from core.statistics.yearly.report import Wanted, report
from web.kit.here import FromHere
from web.statistics.asked import Period, asked_of, period_of, wanted_of


class Grouping(msgspec.Struct):
    """By what can be counted: `name` is what `by` takes. Not `kept`: of past days the register knows only today's values;
    `several`: one person may be in several lines."""

    name: str
    title: str
    source: str
    kept: bool
    several: bool


class Groupings(msgspec.Struct):
    """In the order of the page."""

    items: list[Grouping]


class Counted(msgspec.Struct):
    """Membership → how many in each line; `total` has everybody once. Before `begun` the register was not kept here."""

    day: date
    by: str
    lines: tuple[Line, ...]
    total: Line
    begun: date | None


class Flowed(msgspec.Struct):
    """`before` + the sum of `changes` = `after`, for full and probationary members each."""

    since: date
    until: date
    before: Change
    changes: tuple[Change, ...]
    after: Change
    begun: date | None


class StatisticsApi(Controller):
    """/api/v1/statistics."""

    path = "/statistics"
    tags = ["统计"]
    dependencies = {
        "asked": Provide(asked_of, sync_to_thread=False),
        "period": Provide(period_of, sync_to_thread=False),
        "wanted": Provide(wanted_of, sync_to_thread=False),
    }

    @get(
        "/",
        summary="某一天的人数，按一种分组",
        description="since 只算此日以来加入的；by 的取值见 dimensions。",
    )
    async def index(self, here: FromHere, asked: NamedDependency[CountQuery]) -> Counted:
        """How many on a day in a unit and below."""
        found = await counts(here.actor, asked, here.today)
        return Counted(asked.day, asked.dimension, found.lines, found.total, found.begun)

    @get(
        "/flows",
        summary="一个时期的增减",
        description="期初加各项增减等于期末，full 与 probationary 两栏各自相符。",
    )
    async def flows(self, here: FromHere, period: NamedDependency[Period]) -> Flowed:
        """What has come and gone."""
        found = await flows(here.actor, period.unit_id, period.since, period.until)
        return Flowed(period.since, period.until, found.before, found.changes, found.after, found.begun)

    @get(
        "/yearly",
        summary="年报分组表",
        description="一个党组织一年的全部表和核对；figures 按 columns 的顺序，null 是人数太少、没有权限看名册的不显示。",
    )
    async def yearly(self, here: FromHere, wanted: NamedDependency[Wanted]) -> Report:
        """The yearly tables."""
        return await report(here.actor, wanted, here.today)

    @get("/dimensions", summary="可以按什么分组")
    async def dimensions(self) -> Groupings:
        """All groupings."""
        return Groupings(
            [Grouping(name, one.title, one.source, one.kept, one.several) for name, one in DIMENSIONS.items()]
        )
