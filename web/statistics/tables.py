"""The tables as workbooks."""

from __future__ import annotations

from datetime import date

from core.actor import Actor
from core.register.values import MEMBERSHIP
from core.sheets import Table
from core.statistics.counts import Asked, counts
from core.statistics.dimensions import DIMENSIONS
from core.statistics.flows import flows
from tenants.exports.kinds import Kind, workbook
from web.statistics.asked import Period

PURPOSE = "统计表（只有人数）"


async def _counted(actor: Actor, asked: Asked, purpose: str, day: date) -> Table:
    found = await counts(actor, asked, day)
    standings = found.standings()
    title = DIMENSIONS[asked.dimension].title
    heads = {title: 36.0, **{MEMBERSHIP[one]: 14.0 for one in standings}, "党员合计": 14.0}
    rows: list[list[str | int]] = [
        [line.title, *(line.counts.get(one, 0) for one in standings), line.members]
        for line in (*found.lines, found.total)
    ]
    return Table.of(f"{asked.day} 按{title}统计", heads, rows)


async def _lines(actor: Actor, asked: Asked) -> int:
    return len((await counts(actor, asked, asked.day)).lines)


async def _flowed(actor: Actor, period: Period, purpose: str, day: date) -> Table:
    found = await flows(actor, period.unit_id, period.since, period.until)
    heads = {"项目": 36.0, "正式党员": 14.0, "预备党员": 14.0, "党员合计": 14.0}
    lines = (found.before, *found.changes, found.after)
    rows: list[list[str | int]] = [[line.title, line.full, line.probationary, line.members] for line in lines]
    return Table.of(f"{period.since} 至 {period.until}", heads, rows)


async def _changes(actor: Actor, period: Period) -> int:
    return len((await flows(actor, period.unit_id, period.since, period.until)).changes)


COUNTS = Kind("党员统计表", Asked, _lines, workbook(_counted), needs="statistics.view")
FLOWS = Kind("党员增减统计表", Period, _changes, workbook(_flowed), needs="statistics.view")
