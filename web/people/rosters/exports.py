"""The roster as a workbook: the empty template, and exactly the people of a list, with a purpose written down."""

from __future__ import annotations

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.response import Redirect

from core.register.queries import PeopleFilter
from core.register.roster.template import empty_template
from tenants.accounts.security import rule
from tenants.exports.make import ask
from tenants.exports.people import PeopleAsked, people_total
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.workbook import workbook
from web.people.filter import wanted_of

ENDINGS = {"xlsx": "Excel 工作簿（附一页导出说明）", "csv": "csv（供其他系统读入；导出说明写在末尾）"}


class ExportPages(Controller):
    """/people/template and /people/export."""

    path = "/people"
    dependencies = {"wanted": Provide(wanted_of, sync_to_thread=False)}

    @get("/template")
    async def template(self) -> Response[bytes]:
        """The 19 columns to fill in."""
        return workbook(empty_template(), "党员名册模板.xlsx")

    @get("/export")
    async def ask(self, here: FromHere, wanted: NamedDependency[PeopleFilter]) -> Page:
        """How many people, and for what purpose?"""
        return await _ask_page(here, wanted, Form.blank(ending="xlsx"))

    @post("/export")
    async def export(
        self, here: FromHere, request: Request, wanted: NamedDependency[PeopleFilter]
    ) -> Page | Redirect:
        """Have it made; everybody in it gets a line in the reading log."""
        form = await Form.of(request)
        async with attempt(form):
            asked = PeopleAsked(wanted, form.flag("full_numbers"))
            purpose, ending = (
                form.text("purpose", "导出目的"),
                form.choice("ending", "文件格式", list(ENDINGS), required=False),
            )
            form.check()
            await ask(here.actor, "people", asked, purpose, here.today, "csv" if ending == "csv" else "xlsx")
            return see_other("/exports")
        return await _ask_page(here, wanted, form)


async def _ask_page(here: Here, wanted: PeopleFilter, form: Form) -> Page:
    total = await people_total(here.actor, wanted)
    alone = (await rule()).export_alone
    return page(
        "people/export.html", status=form.status, form=form, total=total, alone=alone, endings=ENDINGS.items()
    )
