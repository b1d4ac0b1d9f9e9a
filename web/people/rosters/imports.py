"""Importing a roster: upload, preview with the errors of each row, confirm."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.casework.levels import takes_over_somewhere
from core.changes.roster import undoing
from core.register.model import FIELD_TITLES
from core.register.roster.batch import batch, batches, discard
from core.register.roster.faults import faults_workbook
from core.register.roster.preview import REMARKED, count_remarked, preview
from core.register.roster.undo import restored
from tenants import rosters
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.paging import PAGE
from web.kit.query import Whole, one_of
from web.kit.requests import Request
from web.kit.units import Sought, unit_options
from web.kit.workbook import export_turn, workbook
from web.people.rosters.progress import ACTIONS, UNFINISHED, Action, progress


class ImportPages(Controller):
    """/people/import."""

    path = "/people/import"

    @get("/")
    async def index(self, here: FromHere) -> Page:
        """Where to begin, and the latest imports."""
        return await _index_page(here, Form.blank())

    @post("/")
    async def upload(self, here: FromHere, request: Request) -> Page | Redirect:
        """Take the workbook in; a task reads it."""
        form = await Form.of(request)
        async with attempt(form):
            unit_id, file = form.uuid("unit", "党组织"), form.file("file", "名册文件")
            form.check()
            assert unit_id is not None
            assert file is not None
            content = await file.read()
            batch_id = await rosters.upload(here.actor, unit_id, file.filename, content, here.today)
            return see_other(f"/people/import/{batch_id}")
        return await _index_page(here, form)

    @get("/{batch_id:uuid}")
    async def show(
        self,
        here: FromHere,
        batch_id: FromPath[UUID],
        action: Action = "",
        after: Whole = 0,
    ) -> Page:
        """The preview; rows with errors first, if there are any."""
        wanted = one_of("action", action, (*ACTIONS, REMARKED, "all"))
        return await _batch_page(here, batch_id, Form.blank(), wanted, after)

    @get("/{batch_id:uuid}/faults")
    async def faults(self, here: FromHere, batch_id: FromPath[UUID]) -> Response[bytes]:
        """The rows with errors, to correct the original by."""
        async with export_turn(here):
            return workbook(await faults_workbook(here.actor, batch_id), "名册错误清单.xlsx")

    @post("/{batch_id:uuid}/confirm")
    async def confirm(self, here: FromHere, batch_id: FromPath[UUID]) -> Page | Redirect:
        """Apply it, all or nothing."""
        form = Form.blank()
        async with attempt(form):
            await rosters.confirm(here.actor, batch_id, here.today)
            return see_other(f"/people/import/{batch_id}")
        return await _batch_page(here, batch_id, form, "", 0)

    @get("/{batch_id:uuid}/undo")
    async def undo_page(self, here: FromHere, batch_id: FromPath[UUID]) -> Page:
        """What undoing would do, or who has changed what since."""
        return await _undo_page(here, batch_id, Form.blank())

    @post("/{batch_id:uuid}/undo")
    async def undo(self, here: FromHere, batch_id: FromPath[UUID]) -> Page | Redirect:
        """Have it undone."""
        form = Form.blank()
        async with attempt(form):
            await rosters.undo(here.actor, batch_id, here.today)
            return see_other(f"/people/import/{batch_id}")
        return await _undo_page(here, batch_id, form)

    @post("/{batch_id:uuid}/discard")
    async def discard(self, here: FromHere, batch_id: FromPath[UUID]) -> Redirect:
        """Drop it."""
        await discard(here.actor, batch_id)
        return see_other("/people/import", here.say("已放弃这次导入，名册没有改动。"))


async def _index_page(here: Here, form: Form) -> Page:
    options = await unit_options(
        here.actor, "register.import", recent=here.recent_units, sought=Sought.of(form)
    )
    latest = await batches(here.actor)
    return page(
        "people/import.html",
        status=form.status,
        form=form,
        options=options,
        batches=latest,
        progress=progress,
    )


async def _batch_page(here: Here, batch_id: UUID, form: Form, asked: str, after: int) -> Page:
    found = await batch(here.actor, batch_id)
    action = asked if asked in (*ACTIONS, REMARKED) else ""
    if not asked and found.counts.get("error"):
        action = "error"
    rows = await preview(here.actor, batch_id, action=action or None, after=after, limit=PAGE + 1)
    return page(
        "people/batch.html",
        status=form.status,
        form=form,
        batch=found,
        rows=rows[:PAGE],
        next=rows[PAGE - 1].number if len(rows) > PAGE else None,
        first=not after,
        action=action,
        actions=ACTIONS,
        remarked=await count_remarked(here.actor, batch_id) if found.state == "parsed" else 0,
        progress=progress,
        titles=FIELD_TITLES,
        working=found.state in UNFINISHED,
        paper=takes_over_somewhere(here.actor),
    )


async def _undo_page(here: Here, batch_id: UUID, form: Form) -> Page:
    return page(
        "people/undo.html",
        status=form.status,
        form=form,
        batch=await batch(here.actor, batch_id),
        undoing=await undoing(here.actor, batch_id),
        people=await restored(here.actor, batch_id, limit=PAGE),
        titles=FIELD_TITLES,
    )
