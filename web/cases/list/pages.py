"""The list of cases, with filters, counts per stage and search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from core.casework.levels import takes_over_somewhere
from core.casework.lists.cases import CaseLine, count_cases
from core.casework.lists.mine import is_mine, sees_one_branch
from core.register.values import MEMBERSHIP
from dangwu import OPEN, titles
from tenants.saved import saved_lists
from web.cases.list.columns import COLUMNS, Column, chosen, is_usual
from web.cases.list.filter import DUE, SORTS, STUCK, UNTIL, Wanted, address_of, wanted_of
from web.cases.list.paged import page_of_cases
from web.cases.list.scope import scope_sentence
from web.kit.casework import LEVELS, STATES, STATUSES
from web.kit.here import FromHere, Here
from web.kit.page import Page, page
from web.kit.paging import After
from web.kit.procedures import procedure_of, procedures, stage_titles, step_titles
from web.kit.units import Option, Sought, unit_options

Columns = Annotated[list[str] | None, QueryParameter(name="cols", max_items=20)]


class CasePages(Controller):
    """/cases; a case has its own controllers in cases/file."""

    path = "/cases"
    dependencies = {"wanted": Provide(wanted_of, sync_to_thread=False)}

    @get("/", only_reads=True)
    async def index(
        self, here: FromHere, wanted: NamedDependency[Wanted], after: After = None, cols: Columns = None
    ) -> Page:
        """The cases that he may see, one page of them."""
        of = wanted.filter.procedure or ""
        pager = await page_of_cases(here, wanted, after)
        alone = await sees_one_branch(here.actor)
        columns = chosen(cols or [], one_branch=alone)
        kept = [] if is_usual(columns, one_branch=alone) else [one.id for one in columns]
        address = {**address_of(wanted), "cols": kept}
        units = await unit_options(
            here.actor, "case.view", sought=Sought(picked=str(wanted.filter.unit_id or ""))
        )
        rows = [_row(here, line, columns) for line in pager.items]
        mine = sum(row.mine for row in rows)
        return page(
            "cases/index.html",
            pager=pager,
            rows=rows,
            choosable=wanted.filter.step is not None and (mine > 1 or pager.next is not None),
            mine=mine,
            one_branch=alone,
            columns=columns,
            all_columns=list(COLUMNS.values()),
            counts=await count_cases(here.actor, wanted.filter),
            wanted=wanted,
            filters=address,
            saved=await saved_lists(here.actor, "/cases"),
            narrowed=_narrowed(address_of(wanted), units, of),
            units=units,
            scope=await scope_sentence(here.actor),
            choices=_choices(of),
            procedures=procedures(),
            procedure=procedure_of(of),
            paper=takes_over_somewhere(here.actor),
        )


class Row(msgspec.Struct, frozen=True):
    """A line of the table: the case, its cells, whether its deadline has passed, how it stands: the kind and in words, and
    whether it waits for the one who looks."""

    line: CaseLine
    cells: tuple[tuple[str, str, str], ...]
    overdue: bool
    kind: str
    word: str
    mine: bool


def _row(here: Here, line: CaseLine, columns: Sequence[Column]) -> Row:
    cells = tuple((one.id, one.title, one.text(line, here.today)) for one in columns)
    kind, mine = kind_of(line), is_mine(here.actor, line)
    return Row(line, cells, line.late(here.today), kind, _word(line, kind, mine), mine)


def _word(line: CaseLine, kind: str, mine: bool) -> str:
    if line.status != "running":
        return STATUSES[line.status]
    return "等他人办" if kind == OPEN and not mine else STATES[kind]


def kind_of(line: CaseLine) -> str:
    """The sign of a case: the gravest state of the steps at hand."""
    if line.status != "running":
        return "done" if line.status == "completed" else "blocked"
    return next((state for state in ("failed", "open", "waiting") if state in line.open_states), "blocked")


def _choices(procedure: str) -> dict[str, dict[str, str]]:
    return {
        "status": STATUSES, "stage": stage_titles(procedure), "step": step_titles(procedure), "state": STATES,
        "reason": titles.reasons(),
        "waits": LEVELS, "due": DUE, "until": UNTIL, "stuck": STUCK, "sort": SORTS,
    }  # fmt: skip


_NAMES = {
    "q": "查找", "step": "环节", "state": "状态", "reason": "原因", "waits": "由谁办", "due": "期限", "until": "等待",
    "stuck": "进展",
    "unit": "党组织", "membership": "人员类别",
}  # fmt: skip


def _narrowed(address: dict[str, str], units: list[Option], procedure: str) -> list[tuple[str, str, str]]:
    """What the list is narrowed to besides status and stage: (parameter, what it is, its value in words)."""
    choices = _choices(procedure) | {
        "unit": {str(unit.id): unit.name for unit in units},
        "membership": MEMBERSHIP,
    }
    return [
        (name, title, choices.get(name, {}).get(address[name], address[name]))
        for name, title in _NAMES.items()
        if address.get(name)
    ]
