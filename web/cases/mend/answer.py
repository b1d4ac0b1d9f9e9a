"""A request for a correction, for the level above: what was recorded, what it shall be, what that changes; yes or no."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.casework.acts.answer import answer, asked_for, may_answer, request_of
from core.casework.acts.refused import Refused
from core.casework.acts.wrong import about
from core.casework.model import EntryView
from core.casework.said import Pairs, whole
from core.casework.stored import record_of, valid
from dangwu import explain
from web.cases.back import BACK_TO_THE_CASE
from web.cases.file.opened import CaseFile, open_file
from web.cases.mend.seen import Seen, seen
from web.kit.casework import LEVELS
from web.kit.draft import Draft, begun, discard_once_kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request


class AnswerPages(Controller):
    """/cases/{id}/requests/{entry}."""

    path = "/cases/{case_id:uuid}/requests/{entry_id:uuid}"
    exception_handlers = BACK_TO_THE_CASE

    @get("/")
    async def show(self, here: FromHere, case_id: FromPath[UUID], entry_id: FromPath[UUID]) -> Page:
        """What is asked for, and what it changes."""
        file = await open_file(here, case_id)
        form, draft = await begun(here, _at(case_id, entry_id), Form.blank())
        return _page(here, file, request_of(file.matter, entry_id), form, draft)

    @post("/")
    async def answered(
        self, here: FromHere, request: Request, case_id: FromPath[UUID], entry_id: FromPath[UUID]
    ) -> Page | Redirect:
        """Agree, or not and why."""
        form = await Form.of(request)
        file = await open_file(here, case_id, lock=True)
        asked = request_of(file.matter, entry_id)
        async with attempt(form):
            granted = form.choice("answer", "是否同意", ["granted", "refused"]) == "granted"
            note = form.text("note", "说明", required=False, longest=500)
            form.check()
            await answer(
                here.actor, file.matter, entry_id, granted, note, seen_version=form.version(), today=here.today
            )  # fmt: skip
            discard_once_kept(request, here, _at(case_id, entry_id))
            said = "已同意，从现在起以更正、撤销以后的为准。" if granted else "已答复不同意，原来的记录不变。"
            return see_other(f"/cases/{case_id}", here.say(said))
        return _page(here, file, asked, form)


def _at(case_id: UUID, entry_id: UUID) -> str:
    return f"/cases/{case_id}/requests/{entry_id}"


def _page(here: Here, file: CaseFile, asked: EntryView, form: Form, draft: Draft | None = None) -> Page:
    old = about(file.matter, asked)
    now = valid(file.detail.entries, old.entry) if old.entry else None
    change: Seen | None = None
    reasons = form.reasons
    if not reasons:
        try:
            change = seen(file, asked_for(file.matter, asked, here.today))
        except Refused as refused:
            reasons = refused.reasons
    return page(
        "cases/request.html",
        status=form.status,
        form=form,
        file=file,
        asked=asked,
        title=explain.title(file.regime, asked.step or ""),
        was=(old.day, _said(file, now) if now else []),
        now=(asked.day, _said(file, asked) if now else []),
        strike=asked.kind == "strike-request",
        seen=change,
        reasons=reasons,
        may=may_answer(here.actor, file.matter.case, asked),
        version=form.seen_version(file.version),
        levels=LEVELS,
        draft=draft,
        draft_at=_at(file.id, asked.id),
    )


def _said(file: CaseFile, entry: EntryView) -> list[tuple[str, Pairs]]:
    return whole(file.regime, record_of(entry).evidence)
