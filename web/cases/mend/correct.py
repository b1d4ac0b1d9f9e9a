"""更正这条记录: the form of a record that was written down wrongly, what putting it right changes, and doing it."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.casework.acts.correct import consequence, correct, with_people
from core.casework.acts.wrong import Wrong, recorded
from dangwu import explain
from web.cases.back import BACK_TO_THE_CASE
from web.cases.file.opened import CaseFile, open_file
from web.cases.mend.prefill import filled, whole
from web.cases.mend.seen import Seen, seen
from web.cases.record.people import choose, keep_text, offer
from web.cases.record.sheet import sheet
from web.kit.asked.blocks import Block, blocks, row_fields
from web.kit.asked.evidence import evidence_of
from web.kit.casework import LEVELS
from web.kit.draft import Draft, discard_once_kept, keep, kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.shown import was_shown


class CorrectPages(Controller):
    """/cases/{id}/entries/{entry}/correct."""

    path = "/cases/{case_id:uuid}/entries/{entry_id:uuid}/correct"
    exception_handlers = BACK_TO_THE_CASE

    @get("/")
    async def form(self, here: FromHere, case_id: FromPath[UUID], entry_id: FromPath[UUID]) -> Page:
        """The record as it holds now, to be changed."""
        file = await open_file(here, case_id)
        old = recorded(here.actor, file.matter, entry_id)
        draft = await kept(here, form_at(case_id, entry_id))
        form = draft.form() if draft else None
        asked = _asked(here, file, old, form)
        if form is None:
            form = filled(asked, old.day, old.evidence)
            keep_text(asked, form)
        await offer(here, file.detail.line.unit_id, asked, form, old.day)
        return _page(here, file, old, form, draft=draft)

    @post("/")
    async def save(
        self, here: FromHere, request: Request, case_id: FromPath[UUID], entry_id: FromPath[UUID]
    ) -> Page | Redirect:
        """Show what it changes; once that has been shown, do it."""
        form = await Form.of(request)
        file = await open_file(here, case_id, lock=True)
        old = recorded(here.actor, file.matter, entry_id)
        shown: Seen | None = None
        if form.value("more"):
            return _page(here, file, old, form)
        async with attempt(form):
            shown = await _attempted(here, file, old, form)
            if shown is None:
                discard_once_kept(request, here, form_at(case_id, entry_id))
                return see_other(f"/cases/{case_id}/history", here.say(_said(file, old)))
        await keep(request, here, form_at(case_id, entry_id), form)
        return _page(here, file, old, form, shown)


def form_at(case_id: UUID, entry_id: UUID | None) -> str:
    """The address of the form that corrects a record."""
    return f"/cases/{case_id}/entries/{entry_id}/correct"


async def _attempted(here: Here, file: CaseFile, old: Wrong, form: Form) -> Seen | None:
    """What the correction changes, to be shown; None once it has been shown and is done."""
    day, reason = form.date("day", "办理日期"), form.text("reason", "更正的原因", longest=500)
    asked = _asked(here, file, old, form)
    await choose(here, file.detail.line.unit_id, asked, form, day or here.today)
    typed = evidence_of(old.step, day, here.today, asked, form)
    form.check()
    assert day is not None
    assert old.id is not None
    told = whole(asked, old.evidence, typed)
    evidence = await with_people(here.actor, file.matter, old, day, told)
    found = consequence(file.matter, old, day, evidence, here.today)
    if not was_shown(form, day, evidence, file.version, found.level, found.undone):
        return seen(file, found)
    await correct(
        here.actor, file.matter, old.id, day, evidence, reason, seen_version=form.version(), today=here.today
    )
    return None


def _asked(here: Here, file: CaseFile, old: Wrong, form: Form | None = None) -> list[Block]:
    found = sheet(here, file, old.step, old.level)
    return blocks(file.regime, found.rules, found.part, form)


def _page(
    here: Here,
    file: CaseFile,
    old: Wrong,
    form: Form,
    shown: Seen | None = None,
    *,
    draft: Draft | None = None,
) -> Page:
    return page(
        "cases/correct.html",
        status=form.status,
        form=form,
        file=file,
        old=old.entry,
        strike=f"/cases/{file.id}/entries/{old.id}/strike",
        title=explain.title(file.regime, old.step),
        blocks=_asked(here, file, old, form),
        row_fields=row_fields,
        pick_unit=file.detail.line.unit_id,
        roll_at=f"/cases/{file.id}/roll",
        seen=shown,
        version=form.seen_version(file.version),
        levels=LEVELS,
        draft=draft,
        draft_at=form_at(file.id, old.id),
    )


def _said(file: CaseFile, old: Wrong) -> str:
    title = explain.title(file.regime, old.step)
    return f"已提交对“{title}”记录的更正。需要上级同意的，等答复以后生效；原来的记录保留在档案里。"
