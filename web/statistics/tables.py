"""The tables as workbooks."""

from __future__ import annotations

from datetime import date

import msgspec

from core.actor import Actor
from core.organisation.access import access_unit
from core.register.values import MEMBERSHIP
from core.sheets import Table
from core.statistics.counts import CountQuery, counts, seen
from core.statistics.dimensions import DIMENSIONS
from core.statistics.flows import flows
from core.statistics.yearly.model import YEARLY, Line, Report
from core.statistics.yearly.model import Table as Yearly
from core.statistics.yearly.report import Wanted, report
from tenants.exports.kinds import Kind, workbook
from web.statistics.asked import Period

PURPOSE = "统计表（只有人数）"


async def _counted(actor: Actor, asked: CountQuery, purpose: str, day: date) -> Table:
    found = await counts(actor, asked, day)
    standings = found.standings()
    title = DIMENSIONS[asked.dimension].title
    heads = {title: 36.0, **{MEMBERSHIP[one]: 14.0 for one in standings}, "党员合计": 14.0}
    rows: list[list[str | int]] = [
        [line.title, *(line.counts.get(one, 0) for one in standings), line.members]
        for line in (*found.lines, found.total)
    ]
    return Table.of(f"{asked.day} 按{title}统计", heads, rows)


async def _lines(actor: Actor, asked: CountQuery) -> int:
    return len((await counts(actor, asked, asked.day)).lines)


async def _flowed(actor: Actor, period: Period, purpose: str, day: date) -> Table:
    found = await flows(actor, period.unit_id, period.since, period.until)
    heads = {"项目": 36.0, "正式党员": 14.0, "预备党员": 14.0, "党员合计": 14.0}
    lines = (found.before, *found.changes, found.after)
    rows: list[list[str | int]] = [[line.title, line.full, line.probationary, line.members] for line in lines]
    return Table.of(f"{period.since} 至 {period.until}", heads, rows)


async def _changes(actor: Actor, period: Period) -> int:
    return len((await flows(actor, period.unit_id, period.since, period.until)).changes)


async def _yearly(actor: Actor, wanted: Wanted, purpose: str, day: date) -> Table:
    found = await report(actor, wanted, day)
    checks = Table.of("核对", {"应当相符": 50.0, "结果": 60.0}, _checked(found))
    return msgspec.structs.replace(checks, more=tuple(_sheet(one) for one in found.tables))


def _checked(found: Report) -> list[list[str]]:
    return [[one.title, one.wrong or "相符"] for one in found.checks]


def _sheet(table: Yearly) -> Table:
    """With what it rests on below its lines."""
    total = (table.total,) if table.total else ()
    said = [table.note, f"依据：{table.source}。", f"待核对：{table.unverified}" if table.unverified else ""]
    rows = [_figures(line) for line in (*table.lines, *total)]
    heads = {table.title: 44.0, **dict.fromkeys(table.columns, 18.0)}
    return Table.of(table.title, heads, [*rows, [""], *([one] for one in said if one)])


def _figures(line: Line) -> list[str | int | float]:
    return [line.title, *(line.figures if line.figures is not None else ["人数太少，不显示"])]


async def _declared(actor: Actor, wanted: Wanted) -> int:
    await seen(actor, wanted.unit_id)
    return len(YEARLY.tables)


async def _of(actor: Actor, wanted: Wanted) -> str:
    unit = (
        (await access_unit(actor, wanted.unit_id, "statistics.view")).name
        if wanted.unit_id
        else "管理范围内的全部党组织"
    )
    return f"{unit}，{wanted.year} 年；表的版本 {YEARLY.version}"


COUNTS = Kind("党员统计表", CountQuery, _lines, workbook(_counted), needs="statistics.view")
FLOWS = Kind("党员增减统计表", Period, _changes, workbook(_flowed), needs="statistics.view")
USE = "只有人数，没有姓名。表式以上级当年的要求为准，上报以前请看“核对”一页。"
YEARLY_TABLES = Kind(
    "党内统计年报分组表", Wanted, _declared, workbook(_yearly, _of, use=USE), needs="statistics.view"
)
