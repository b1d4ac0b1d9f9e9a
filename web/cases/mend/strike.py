"""撤销误记的: what striking out a record changes (or a step that paper does not show), and doing it."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.casework.acts.refused import Reason, Refused
from core.casework.acts.strike import strike, struck_out, wrong_one
from core.casework.acts.wrong import Wrong
from core.casework.said import whole
from core.casework.stored import record_of
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


class StrikePages(Controller):
    """/cases/{id}/entries/{entry}/strike and /cases/{id}/paper/{step}/strike."""

    path = "/cases/{case_id:uuid}"
    exception_handlers = BACK_TO_THE_CASE

    @get("/entries/{entry_id:uuid}/strike")
    async def ask(self, here: FromHere, case_id: FromPath[UUID], entry_id: FromPath[UUID]) -> Page:
        """What it changes; why?"""
        file = await open_file(here, case_id)
        return await _asked(here, file, wrong_one(here.actor, file.matter, entry_id))

    @post("/entries/{entry_id:uuid}/strike")
    async def strike(
        self, here: FromHere, request: Request, case_id: FromPath[UUID], entry_id: FromPath[UUID]
    ) -> Page | Redirect:
        """Strike the record out."""
        return await _struck(here, request, case_id, entry_id)

    @get("/paper/{step:str}/strike")
    async def ask_paper(self, here: FromHere, case_id: FromPath[UUID], step: FromPath[str]) -> Page:
        """The same of a step that was taken over from paper."""
        file = await open_file(here, case_id)
        return await _asked(here, file, wrong_one(here.actor, file.matter, step))

    @post("/paper/{step:str}/strike")
    async def strike_paper(
        self, here: FromHere, request: Request, case_id: FromPath[UUID], step: FromPath[str]
    ) -> Page | Redirect:
        """Strike the step out."""
        return await _struck(here, request, case_id, step)


def _at(case_id: UUID, wrong: Wrong) -> str:
    return f"/cases/{case_id}/" + (f"entries/{wrong.id}" if wrong.id else f"paper/{wrong.step}") + "/strike"


async def _asked(here: Here, file: CaseFile, wrong: Wrong) -> Page:
    form, draft = await begun(here, _at(file.id, wrong), Form.blank())
    return _page(here, file, wrong, form, draft)


async def _struck(here: Here, request: Request, case_id: UUID, about: UUID | str) -> Page | Redirect:
    form = await Form.of(request)
    file = await open_file(here, case_id, lock=True)
    wrong = wrong_one(here.actor, file.matter, about)
    async with attempt(form):
        reason = form.text("reason", "撤销的原因", longest=500)
        form.check()
        await strike(
            here.actor, file.matter, about, reason, seen_version=form.version(), today=here.today
        )  # fmt: skip
        discard_once_kept(request, here, _at(case_id, wrong))
        title = explain.title(file.regime, wrong.step)
        said = f"已提交对“{title}”误记的撤销。需要上级同意的，等答复以后生效；原来的记录保留在档案里。"
        return see_other(f"/cases/{case_id}/history", here.say(said))
    return _page(here, file, wrong, form)


def _page(here: Here, file: CaseFile, wrong: Wrong, form: Form, draft: Draft | None = None) -> Page:
    change: Seen | None = None
    reasons: tuple[Reason, ...] = ()
    try:
        change = seen(file, struck_out(file.matter, wrong, here.today))
    except Refused as refused:
        reasons = refused.reasons
    return page(
        "cases/strike.html",
        status=form.status,
        form=form,
        file=file,
        wrong=wrong,
        title=explain.title(file.regime, wrong.step),
        parts=whole(file.regime, record_of(wrong.entry).evidence) if wrong.entry else [],
        seen=change,
        reasons=reasons,
        version=form.seen_version(file.version),
        levels=LEVELS,
        draft=draft,
        draft_at=_at(file.id, wrong),
    )
