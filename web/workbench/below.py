"""The table of those directly below: a committee's branches, the department's committees; sorted as asked, and as a workbook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

import msgspec
from litestar import Controller, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from core.actor import Actor
from core.casework.lists.below import BelowLine, below
from core.organisation.below import oversees
from core.organisation.model import KINDS
from core.sheets import Table
from tenants.exports.kinds import Kind, workbook
from tenants.exports.make import ask
from web.kit.here import FromHere
from web.kit.page import see_other
from web.kit.procedures import procedure_named, procedure_of, procedures, stage_titles
from web.kit.query import Text, one_of

Sort = Annotated[str, QueryParameter(name="sort", max_length=60)]
PURPOSE = "工作台的各单位办理情况表（只有件数）"


class Sorted(msgspec.Struct, frozen=True):
    """By which column, the largest first; "" for the order of the tree."""

    procedure: str
    sort: str = ""


class BelowPages(Controller):
    """/below/export."""

    path = "/below"

    @post("/export")
    async def export(self, here: FromHere, procedure: Text = "", sort: Sort = "") -> Redirect:
        """Have the table made as a workbook, in the order in which it is shown."""
        named = procedure_named(procedure)
        wanted = Sorted(named, one_of("sort", sort, keys(named)))
        await ask(here.actor, "below", wanted, PURPOSE, here.today)
        return see_other("/exports")


async def lines(actor: Actor, wanted: Sorted, today: date) -> list[BelowLine]:
    """The lines in the order that is asked for."""
    found = await below(actor, wanted.procedure, today)
    by = keys(wanted.procedure).get(wanted.sort)
    return sorted(found, key=by, reverse=True) if by else found


def keys(procedure: str) -> dict[str, Callable[[BelowLine], int]]:
    """What the table can be sorted by."""

    def stage(name: str) -> Callable[[BelowLine], int]:
        return lambda line: line.stages.get(name, 0)

    return {
        **{f"stage-{name}": stage(name) for name in stage_titles(procedure)},
        "cases": lambda line: line.cases,
        "overdue": lambda line: line.overdue,
        "stuck": lambda line: line.stuck,
    }


def sort_asked(text: str) -> str:
    """A column of some table on the workbench, "" where none is asked for. Raises Invalid for one that no table has."""
    return one_of("sort", text, dict.fromkeys(name for each in procedures() for name in keys(each)))


async def _total(actor: Actor, asked: Sorted) -> int:
    return len(await below(actor, asked.procedure, date.max)) if oversees(actor, "case.view") else 0


async def _table(actor: Actor, asked: Sorted, purpose: str, day: date) -> Table:
    stages = stage_titles(asked.procedure)
    heads = ("党组织", "类别", *stages.values(), "合计", "已逾期", "停滞")
    widths = {head: 24.0 if head == "党组织" else 12.0 for head in heads}
    rows: list[list[str | int]] = [
        [one.name, KINDS.get(one.kind, one.kind), *(one.stages.get(stage, 0) for stage in stages),
         one.cases, one.overdue, one.stuck]
        for one in await lines(actor, asked, day)
    ]  # fmt: skip
    return Table.of(f"{procedure_of(asked.procedure).title}办理情况", widths, rows)


BELOW = Kind("各单位办理情况", Sorted, _total, workbook(_table), needs="case.view")
