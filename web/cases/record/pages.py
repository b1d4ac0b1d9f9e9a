"""记一笔: the form of a step, and what becomes of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery, PathParameter
from litestar.response import Redirect

from core.casework.acts.entries import refuse_ended
from core.casework.acts.record import record
from core.casework.model import Written
from core.files.store import Stored
from dangwu import explain, kind_of
from web.cases.back import BACK_TO_THE_CASE
from web.cases.file.attachments import take_in
from web.cases.file.opened import CaseFile, open_file
from web.cases.record.people import choose, offer
from web.cases.record.sheet import Sheet, came_of, draft_form, form_at, record_page, recorded, sheet
from web.kit.asked.evidence import evidence_of
from web.kit.draft import discard_once_kept, keep, kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.uploads import brought

Step = Annotated[str, PathParameter(max_length=60)]


class RecordPages(Controller):
    """/cases/{id}/record and /cases/{id}/record/{step}."""

    path = "/cases/{case_id:uuid}/record"
    exception_handlers = BACK_TO_THE_CASE

    @get("/")
    async def choose(self, here: FromHere, case_id: FromPath[UUID]) -> Page | Redirect:
        """Which step? With a single one at hand, straight to its form."""
        file = await open_file(here, case_id)
        mine = [task for task in file.view.tasks.values() if task.record]
        if len(mine) == 1:
            return see_other(f"/cases/{case_id}/record/{mine[0].id}")
        return page(
            "cases/choose.html",
            file=file,
            tasks=mine,
            adding=[task for task in file.view.tasks.values() if task.may_add],
        )

    @get("/{step:str}")
    async def form(
        self,
        here: FromHere,
        case_id: FromPath[UUID],
        step: Step,
        as_level: FromQuery[str] = "",
        supplement: FromQuery[bool] = False,
    ) -> Page:
        """The form, with his draft in it if there is one; of a `supplement` only what completes an act."""
        file = await open_file(here, case_id)
        if file.matter.case.status == "closed":
            refuse_ended(file.matter.case)  # of a completed one papers can still be added
        draft = None if supplement else await kept(here, form_at(case_id, step))
        level = draft.values.get("as", [""])[0] if draft else as_level
        found = sheet(here, file, step, level, supplement=supplement)
        form = draft.form() if draft else draft_form(file, found)
        await offer(here, file.detail.line.unit_id, found.blocks(file.regime, form), form, here.today)
        return record_page(file, found, form, draft=draft)

    @post("/{step:str}")
    async def save(
        self, here: FromHere, request: Request, case_id: FromPath[UUID], step: Step
    ) -> Page | Redirect:
        """Record it, or show why not with everything that was typed."""
        form = await Form.of(request)
        more = bool(form.value("more"))
        file = await open_file(here, case_id, lock=not more)
        if not more and (day := form.day("day")) is not None and day < here.today:
            await file.matter.judge(day)
            file.matter.on(day)  # first: how it stands today mostly follows
        found = sheet(here, file, step, form.value("as"), supplement=form.flag("supplement"))
        files = await brought(here, request, form)
        if more:
            await offer(here, file.detail.line.unit_id, found.blocks(file.regime, form), form, here.today)
            return record_page(file, found, form)
        async with attempt(form):
            written = await _record(here, files, file, found, form)
            discard_once_kept(request, here, form_at(case_id, step))
            return see_other(f"/cases/{case_id}#s-{step}", here.say(_said(file, step, written)))
        await keep(request, here, form_at(case_id, step), form)
        return record_page(file, found, form)


async def _record(here: Here, files: list[Stored], file: CaseFile, found: Sheet, form: Form) -> Written:
    day, version = form.date("day", "办理日期"), form.number("version", "版本", required=False)
    note = form.text("note", "备注", required=False, longest=1000)
    asked = found.blocks(file.regime, form)
    await choose(here, file.detail.line.unit_id, asked, form, day or here.today)
    evidence = evidence_of(found.step, day, here.today, asked, form)
    form.check()
    for facet, typed in evidence.items():
        evidence[facet] = kind_of(facet).settle(typed, recorded(file, found.step, facet))
    assert day is not None
    attachments = await take_in(here, file.id, files)
    return await record(
        here.actor, file.matter, found.step, day, evidence,
        seen_version=version or 0, today=here.today, note=note, attachments=attachments, supplement=found.supplement,
        again=form.flag("again"),
    )  # fmt: skip


def _said(file: CaseFile, step: str, written: Written) -> str:
    lacking = "，还差什么见下" if step in written.open_steps and written.status == "running" else ""
    return f"已记录“{explain.title(file.regime, step)}”，{came_of(file, step, written)}{lacking}。"
