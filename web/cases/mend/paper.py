"""更正纸质档案的日期: on which day a step was done that was taken over from paper."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.casework.acts.correct import consequence, correct_paper
from core.casework.acts.wrong import Wrong, on_paper
from dangwu import explain
from web.cases.back import BACK_TO_THE_CASE
from web.cases.file.opened import CaseFile, open_file
from web.cases.mend.seen import Seen, seen
from web.kit.draft import Draft, discard_once_kept, keep, kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.shown import was_shown


class PaperDatePages(Controller):
    """/cases/{id}/paper/{step}/correct."""

    path = "/cases/{case_id:uuid}/paper/{step:str}/correct"
    exception_handlers = BACK_TO_THE_CASE

    @get("/")
    async def form(self, here: FromHere, case_id: FromPath[UUID], step: FromPath[str]) -> Page:
        """The day as it stands, to be changed."""
        file = await open_file(here, case_id)
        wrong = on_paper(here.actor, file.matter, step)
        draft = await kept(here, form_at(case_id, step))
        return _page(file, wrong, draft.form() if draft else Form.blank(day=wrong.day), draft=draft)

    @post("/")
    async def save(
        self, here: FromHere, request: Request, case_id: FromPath[UUID], step: FromPath[str]
    ) -> Page | Redirect:
        """Show what another day changes; once that has been shown, do it."""
        form = await Form.of(request)
        file = await open_file(here, case_id, lock=True)
        wrong = on_paper(here.actor, file.matter, step)
        shown: Seen | None = None
        async with attempt(form):
            shown = await _attempted(here, file, wrong, form)
            if shown is None:
                discard_once_kept(request, here, form_at(case_id, step))
                said = f"已提交对“{explain.title(file.regime, step)}”日期的更正。需要同意的，等答复以后生效。"
                return see_other(f"/cases/{case_id}/history", here.say(said))
        await keep(request, here, form_at(case_id, step), form)
        return _page(file, wrong, form, shown)


def form_at(case_id: UUID, step: str) -> str:
    """The address of the form that corrects the day of a step."""
    return f"/cases/{case_id}/paper/{step}/correct"


async def _attempted(here: Here, file: CaseFile, wrong: Wrong, form: Form) -> Seen | None:
    """What the correction changes, to be shown; None once it has been shown and is done."""
    day, reason = form.date("day", "办理日期"), form.text("reason", "更正的原因", longest=500)
    form.check()
    assert day is not None
    found = consequence(file.matter, wrong, day, {}, here.today)
    if not was_shown(form, day, file.version, found.level, found.undone):
        return seen(file, found)
    await correct_paper(
        here.actor, file.matter, wrong.step, day, reason, seen_version=form.version(), today=here.today
    )
    return None


def _page(
    file: CaseFile,
    wrong: Wrong,
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
        old=None,
        strike=f"/cases/{file.id}/paper/{wrong.step}/strike",
        title=explain.title(file.regime, wrong.step),
        blocks=[],
        row_fields=None,
        seen=shown,
        version=form.seen_version(file.version),
        draft=draft,
        draft_at=form_at(file.id, wrong.step),
    )
