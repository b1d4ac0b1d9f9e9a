"""The columns of the list of cases: on the page and in its export they are the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import msgspec

from core.casework.lists.cases import CaseLine
from web.kit.casework import STATES, STATUSES, reasons_said, short_levels
from web.kit.procedures import stage_title, state_title, step_title
from web.kit.words import day, span

ONE_DAY = timedelta(days=1)


class Column(msgspec.Struct, frozen=True):
    """A column; `text` is what it says of a case on a day, `exact` what stands in a workbook where that is a date."""

    id: str
    title: str
    text: Callable[[CaseLine, date], str]
    usual: bool = True
    exact: Callable[[CaseLine], date | None] | None = None

    def value(self, line: CaseLine, today: date) -> str | date:
        """What stands in the cell of a workbook."""
        return self.text(line, today) if self.exact is None else self.exact(line) or ""


def _steps(line: CaseLine, _: date) -> str:
    return "、".join(
        step_title(step) + (f"（{STATES.get(state, state)}）" if state != "open" else "")
        for step, state in zip(line.open_steps, line.open_states, strict=True)
    )


def _who(line: CaseLine, _: date) -> str:
    return short_levels(line.waits_for)


def _reasons(line: CaseLine, _: date) -> str:
    return reasons_said(line.reasons)


def _due(line: CaseLine, today: date) -> str:
    return f"{day(line.next_due)}（{span(line.next_due, today)}）" if line.next_due else ""


def _goes_on(line: CaseLine) -> date | None:
    """The first day on which it goes on."""
    return line.waiting_until + ONE_DAY if line.waiting_until else None


def _until(line: CaseLine, today: date) -> str:
    first = _goes_on(line)
    return f"{day(first)} 起（{span(first, today)}）" if first else ""


_ALL = (
    Column("name", "姓名", lambda line, _: line.person_name),
    Column("unit", "所在党支部", lambda line, _: line.unit_name),
    Column("stage", "阶段", lambda line, _: stage_title(line.procedure, line.stage)),
    Column("steps", "正在办的环节", _steps),
    Column("reasons", "还差什么", _reasons),
    Column("who", "由谁办", _who),
    Column("until", "等到何时", _until, usual=False, exact=_goes_on),
    Column("due", "最近期限", _due, exact=lambda line: line.next_due),
    Column(
        "membership",
        "人员类别",
        lambda line, _: state_title(line.procedure, line.membership),
        usual=False,
    ),
    Column(
        "started",
        "开始日期",
        lambda line, _: day(line.started),
        usual=False,
        exact=lambda line: line.started,
    ),
    Column("status", "办理情况", lambda line, _: STATUSES.get(line.status, line.status), usual=False),
)
COLUMNS = {column.id: column for column in _ALL}


def usual(*, one_branch: bool = False) -> list[Column]:
    """The columns when nothing has been chosen; who sees a single branch needs no column that names it."""
    return [column for column in _ALL if column.usual and not (one_branch and column.id == "unit")]


def chosen(ids: Sequence[str], *, one_branch: bool = False) -> list[Column]:
    """The columns of these ids in their fixed order, the name always first; the usual ones when none is known."""
    wanted = {one for one in ids if one in COLUMNS}
    kept = [column for column in _ALL if column.id in wanted] or usual(one_branch=one_branch)
    return kept if kept[0].id == "name" else [COLUMNS["name"], *kept]


def is_usual(columns: Sequence[Column], *, one_branch: bool = False) -> bool:
    """Whether they are those that are shown when nothing has been chosen."""
    return [column.id for column in columns] == [column.id for column in usual(one_branch=one_branch)]
