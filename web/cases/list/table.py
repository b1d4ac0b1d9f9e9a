"""The list of cases as a table to be exported: exactly the cases and the columns that are shown."""

from __future__ import annotations

from datetime import date

import msgspec

from core.actor import Actor
from core.casework.lists.cases import CaseFilter, count_cases, export_extent, export_lines
from core.extent import Extent
from core.sheets import Head, Table
from tenants.exports.kinds import people
from tenants.exports.people import place
from web.cases.list.columns import chosen
from web.kit.procedures import procedure_named, procedure_of, stage_title

_WIDTHS = {"steps": 46, "reasons": 32, "unit": 22}


class CasesAsked(msgspec.Struct, frozen=True):
    """Which cases, in which order, in which columns."""

    filter: CaseFilter
    sort: str
    columns: list[str]


async def cases_total(actor: Actor, wanted: CaseFilter) -> int:
    """How many cases are in the list."""
    counts = (await count_cases(actor, wanted)).get(wanted.status or "running", {})
    return counts.get(wanted.stage, 0) if wanted.stage else sum(counts.values())


async def _table(actor: Actor, asked: CasesAsked, purpose: str, day: date) -> Table:
    columns, title = chosen(asked.columns), procedure_of(asked.filter.procedure or "").title
    widths: dict[str, float] = {column.title: _WIDTHS.get(column.id, 14) for column in columns}
    found = export_lines(actor, asked.filter, asked.sort, purpose)
    rows = ([[column.value(line, day) for column in columns] for line in lines] async for lines in found)
    return Table(Head(title, widths), rows)


async def _extent(actor: Actor, asked: CasesAsked) -> Extent:
    return await export_extent(actor, asked.filter)


async def _said(actor: Actor, asked: CasesAsked) -> str:
    wanted, procedure = asked.filter, procedure_of(asked.filter.procedure or "")
    search = f"查找“{wanted.search}”" if wanted.search else ""
    stage = stage_title(procedure_named(wanted.procedure or ""), wanted.stage) if wanted.stage else ""
    return "；".join(
        part for part in (await place(actor, wanted.unit_id), procedure.title, stage, search) if part
    )


CASES = people("办理名单", CasesAsked, _extent, _table, _said)
