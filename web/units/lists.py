"""Organisations out of a workbook: upload, preview with the errors of each row, confirm."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.changes.units.batch import STATES, count, discard, unit_list, unit_lists, upload, verdicts
from core.changes.units.sheet import TITLES
from core.sheets import Table, written
from tenants import lists
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.units import Sought, unit_options
from web.kit.workbook import workbook

ACTIONS = {"error": "有错", "new": "新建", "changed": "有改动", "same": "没有变化"}


class UnitListPages(Controller):
    """/units/import."""

    path = "/units/import"

    @get("/")
    async def index(self, here: FromHere) -> Page:
        """Where to begin, and the latest."""
        return await _index_page(here, Form.blank())

    @get("/template")
    async def template(self) -> Response[bytes]:
        """The columns to fill in."""
        widths = {title: 24 if field in ("name", "parent") else 16 for field, title in TITLES.items()}
        return workbook(await written(Table.of("党组织", widths, [])), "党组织表模板.xlsx")

    @post("/")
    async def upload(self, here: FromHere, request: Request) -> Page | Redirect:
        """Read the workbook; nothing is written yet."""
        form = await Form.of(request)
        async with attempt(form):
            unit_id, file = form.uuid("unit", "党组织"), form.file("file", "党组织表")
            form.check()
            assert unit_id is not None
            assert file is not None
            list_id = await upload(here.actor, unit_id, file.filename, await file.read())
            return see_other(f"/units/import/{list_id}")
        return await _index_page(here, form)

    @get("/{list_id:uuid}")
    async def show(self, here: FromHere, list_id: FromPath[UUID]) -> Page:
        """What each row would do."""
        return await _list_page(here, list_id, Form.blank())

    @post("/{list_id:uuid}/confirm")
    async def confirm(self, here: FromHere, list_id: FromPath[UUID]) -> Page | Redirect:
        """Have it written, all or nothing."""
        form = Form.blank()
        async with attempt(form):
            await lists.confirm(here.actor, list_id, here.today)
            return see_other(f"/units/import/{list_id}")
        return await _list_page(here, list_id, form)

    @post("/{list_id:uuid}/discard")
    async def discard(self, here: FromHere, list_id: FromPath[UUID]) -> Redirect:
        """Drop it."""
        await discard(here.actor, list_id)
        return see_other("/units/import", here.say("已放弃这次导入，组织没有改动。"))


async def _index_page(here: Here, form: Form) -> Page:
    options = await unit_options(
        here.actor,
        "org.edit",
        kinds=("department", "committee", "general-branch", "branch"),
        sought=Sought.of(form),
    )
    return page(
        "units/lists.html",
        status=form.status,
        form=form,
        options=options,
        lists=await unit_lists(here.actor),
        states=STATES,
    )


async def _list_page(here: Here, list_id: UUID, form: Form) -> Page:
    found = await unit_list(here.actor, list_id)
    rows = await verdicts(here.actor, list_id) if found.state == "read" else []
    rows.sort(key=lambda one: one.action != "error")
    return page(
        "units/list.html",
        status=form.status,
        form=form,
        list=found,
        rows=rows,
        counts=found.counts or count(rows),
        actions=ACTIONS,
        states=STATES,
        working=found.state == "confirmed",
    )
