"""The list of cases as a workbook: exactly the cases and the columns that are shown, with a purpose written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide

from core.casework.lists.cases import CaseLine, count_cases, export_lines
from core.casework.lists.mine import sees_one_branch
from core.errors import Forbidden
from core.sheets import written
from web.cases.list.columns import Column, chosen, is_usual
from web.cases.list.filter import Wanted, address_of, wanted_of
from web.cases.list.pages import Columns
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page
from web.kit.procedures import procedure_of
from web.kit.requests import Request
from web.kit.workbook import export_turn, workbook

_WIDTHS = {"steps": 46, "reasons": 32, "unit": 22, "due": 24, "until": 24}


class CaseExportPages(Controller):
    """/cases/export."""

    path = "/cases/export"
    dependencies = {"wanted": Provide(wanted_of, sync_to_thread=False)}

    @get("/")
    async def ask(self, here: FromHere, wanted: NamedDependency[Wanted], cols: Columns = None) -> Page:
        """How many cases, and for what purpose?"""
        _refuse_others(here)
        return await _ask_page(here, wanted, await _columns(here, cols), Form.blank())

    @post("/", status_code=200)
    async def export(
        self,
        here: FromHere,
        request: Request,
        wanted: NamedDependency[Wanted],
        cols: Columns = None,
    ) -> Page | Response[bytes]:
        """The workbook; everybody in it gets a line in the reading log."""
        _refuse_others(here)
        form, columns = await Form.of(request), await _columns(here, cols)
        async with attempt(form):
            purpose = form.text("purpose", "导出目的")
            form.check()
            title = procedure_of(wanted.filter.procedure or "").title
            async with export_turn(here):
                lines = await export_lines(here.actor, wanted.filter, wanted.sort, purpose)
                content = await filled(title, lines, columns, here.today)
            return workbook(content, f"{title}-{here.today:%Y%m%d}.xlsx")
        return await _ask_page(here, wanted, columns, form)


async def _columns(here: Here, cols: Columns) -> list[Column]:
    return chosen(cols or [], one_branch=await sees_one_branch(here.actor))


def _refuse_others(here: Here) -> None:
    if not here.may("register.export"):
        raise Forbidden(
            "您的职务不含导出名单。请由党委组织委员或组织部的人员导出，或请组织部管理员调整授权。"
        )


async def filled(title: str, lines: Sequence[CaseLine], columns: Sequence[Column], today: date) -> bytes:
    """The list as it is shown on a day."""
    widths = {column.title: _WIDTHS.get(column.id, 14) for column in columns}
    return await written(title, widths, ([column.text(line, today) for column in columns] for line in lines))


async def _ask_page(here: Here, wanted: Wanted, columns: Sequence[Column], form: Form) -> Page:
    counts = (await count_cases(here.actor, wanted.filter)).get(wanted.filter.status or "running", {})
    stage = wanted.filter.stage
    usual = is_usual(columns, one_branch=await sees_one_branch(here.actor))
    address = {**address_of(wanted), "cols": [] if usual else [one.id for one in columns]}
    return page(
        "cases/export.html",
        status=form.status,
        form=form,
        total=counts.get(stage, 0) if stage else sum(counts.values()),
        columns=columns,
        procedure=procedure_of(wanted.filter.procedure or ""),
        filters=address,
    )
