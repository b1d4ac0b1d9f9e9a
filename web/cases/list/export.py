"""The list of cases as a workbook: exactly the cases and the columns that are shown, with a purpose written down."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.response import Redirect

from core.casework.lists.mine import sees_one_branch
from core.errors import Forbidden
from tenants.accounts.security import rule
from tenants.exports.make import ask
from web.cases.list.columns import Column, chosen, is_usual
from web.cases.list.filter import Wanted, address_of, wanted_of
from web.cases.list.pages import Columns
from web.cases.list.table import CasesAsked, cases_total
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.procedures import procedure_of
from web.kit.requests import Request


class CaseExportPages(Controller):
    """/cases/export."""

    path = "/cases/export"
    dependencies = {"wanted": Provide(wanted_of, sync_to_thread=False)}

    @get("/")
    async def ask(self, here: FromHere, wanted: NamedDependency[Wanted], cols: Columns = None) -> Page:
        """How many cases, and for what purpose?"""
        _refuse_others(here)
        return await _ask_page(here, wanted, await _columns(here, cols), Form.blank())

    @post("/")
    async def export(
        self,
        here: FromHere,
        request: Request,
        wanted: NamedDependency[Wanted],
        cols: Columns = None,
    ) -> Page | Redirect:
        """Have it made; everybody in it gets a line in the reading log."""
        _refuse_others(here)
        form, columns = await Form.of(request), await _columns(here, cols)
        async with attempt(form):
            asked = CasesAsked(wanted.filter, wanted.sort, [column.id for column in columns])
            purpose = form.text("purpose", "导出目的")
            form.check()
            await ask(here.actor, "cases", asked, purpose, here.today)
            return see_other("/exports")
        return await _ask_page(here, wanted, columns, form)


async def _columns(here: Here, cols: Columns) -> list[Column]:
    return chosen(cols or [], one_branch=await sees_one_branch(here.actor))


def _refuse_others(here: Here) -> None:
    if not here.may("register.export"):
        raise Forbidden(
            "您的职务不含导出名单。请由党支部书记、党委组织委员或组织部的人员导出，或请组织部管理员调整授权。"
        )


async def _ask_page(here: Here, wanted: Wanted, columns: Sequence[Column], form: Form) -> Page:
    usual = is_usual(columns, one_branch=await sees_one_branch(here.actor))
    address = {**address_of(wanted), "cols": [] if usual else [one.id for one in columns]}
    return page(
        "cases/export.html",
        status=form.status,
        form=form,
        total=await cases_total(here.actor, wanted.filter),
        alone=(await rule()).export_alone,
        columns=columns,
        procedure=procedure_of(wanted.filter.procedure or ""),
        filters=address,
    )
