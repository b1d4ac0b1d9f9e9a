"""The roster as a workbook: the empty template, and exactly the people of a list, with a purpose written down."""

from __future__ import annotations

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide

from core.register.queries import PeopleFilter, count_people
from core.register.roster.template import empty_template, export_people
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page
from web.kit.requests import Request
from web.kit.workbook import export_turn, workbook
from web.people.filter import wanted_of


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
        here.require("register.export")
        return await _ask_page(here, wanted, Form.blank())

    @post("/export", status_code=200)
    async def export(
        self, here: FromHere, request: Request, wanted: NamedDependency[PeopleFilter]
    ) -> Page | Response[bytes]:
        """The workbook; everybody in it gets a line in the reading log."""
        here.require("register.export")
        form = await Form.of(request)
        async with attempt(form):
            purpose = form.text("purpose", "导出目的")
            form.check()
            full = form.flag("full_numbers")
            async with export_turn(here):
                content = await export_people(here.actor, wanted, purpose, full_numbers=full)
            return workbook(content, f"党员名册-{here.today:%Y%m%d}.xlsx")
        return await _ask_page(here, wanted, form)


async def _ask_page(here: Here, wanted: PeopleFilter, form: Form) -> Page:
    counts = await count_people(here.actor, wanted)
    total = counts.get(wanted.membership, 0) if wanted.membership else sum(counts.values())
    return page("people/export.html", status=form.status, form=form, total=total)
