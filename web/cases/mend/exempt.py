"""同意作为例外: the level that a rule names agrees that a demand does not bind this case, after what that frees was shown."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.casework.acts.entries import refuse_ended
from core.casework.acts.exempt import exempt, named_level, refuse_agreeing
from core.casework.acts.wrong import Consequence
from dangwu import Exemption, explain, rank
from web.cases.back import BACK_TO_THE_CASE
from web.cases.file.attachments import take_in
from web.cases.file.excepted import Excepted, excepted
from web.cases.file.opened import CaseFile, no_step, open_file
from web.cases.mend.seen import Seen, seen
from web.kit.draft import Draft, begun, discard_once_kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.shown import was_shown
from web.kit.uploads import brought


class Freed(msgspec.Struct, frozen=True):
    """What an exception changes: the sentences that no longer stop the step, and how the other steps stand then."""

    sentences: tuple[str, ...]
    seen: Seen


class ExemptPages(Controller):
    """/cases/{id}/except/{step}."""

    path = "/cases/{case_id:uuid}/except/{step:str}"
    exception_handlers = BACK_TO_THE_CASE

    @get("/")
    async def ask(self, here: FromHere, case_id: FromPath[UUID], step: FromPath[str]) -> Page:
        """Which demand, and why?"""
        file = await open_file(here, case_id)
        refuse_ended(file.matter.case)
        found = _choices(here, file, step)
        if found:
            lowest = min((one.level for one in found), key=rank)
            refuse_agreeing(here.actor, file.matter, step, lowest)
        only = found[0].key if len(found) == 1 else ""
        form, draft = await begun(here, _at(case_id, step), Form.blank(day=here.today, demand=only))
        return _page(here, file, step, form, draft=draft)

    @post("/")
    async def agree(
        self, here: FromHere, request: Request, case_id: FromPath[UUID], step: FromPath[str]
    ) -> Page | Redirect:
        """Show what it frees; once that has been shown, agree."""
        form = await Form.of(request)
        file = await open_file(here, case_id, lock=True)
        shown: Freed | None = None
        async with attempt(form):
            shown = await _attempted(here, file, request, step, form)
            if shown is None:
                discard_once_kept(request, here, _at(case_id, step))
                said = f"已同意“{explain.title(file.regime, step)}”的这项要求作为例外，同意和理由写入档案。"
                return see_other(f"/cases/{case_id}#s-{step}", here.say(said))
        return _page(here, file, step, form, shown)


async def _attempted(here: Here, file: CaseFile, request: Request, step: str, form: Form) -> Freed | None:
    """What the exception frees, to be shown; None once it has been shown and is agreed."""
    files = await brought(here, request, form)
    demand = form.picked("demand", "例外的要求")
    day, reason = form.date("day", "书面同意的日期"), form.text("reason", "例外的理由", longest=500)
    form.check()
    assert day is not None
    facet, _, param = demand.partition(".")
    wanted = Exemption(step, facet, param, day, reason)
    by = named_level(file.matter, wanted, here.today)
    refuse_agreeing(here.actor, file.matter, step, by)
    if not was_shown(form, demand, day, file.version):
        return _freed(here, file, msgspec.structs.replace(wanted, day=here.today, by=by))
    attachments = await take_in(here, file.id, files)
    await exempt(
        here.actor, file.matter, wanted,
        seen_version=form.version(), today=here.today, attachments=attachments,
    )  # fmt: skip
    return None


def _freed(here: Here, file: CaseFile, wanted: Exemption) -> Freed:
    after = file.judged.with_entry(wanted)
    key = f"{wanted.facet}.{wanted.param}"
    choice = next(one for one in _choices(here, file, wanted.step) if one.key == key)
    return Freed(choice.frees, seen(file, Consequence("", (), (), after)))


def _choices(here: Here, file: CaseFile, step: str) -> list[Excepted]:
    """The demands from which an exception can be agreed now. Raises NotFound for a step that the case does not have."""
    if step not in file.standing.steps:
        raise no_step(file, step)
    return excepted(file.matter, here.actor, step, here.today)


def _at(case_id: UUID, step: str) -> str:
    return f"/cases/{case_id}/except/{step}"


def _page(
    here: Here,
    file: CaseFile,
    step: str,
    form: Form,
    shown: Freed | None = None,
    *,
    draft: Draft | None = None,
) -> Page:
    return page(
        "cases/except.html",
        status=form.status,
        form=form,
        file=file,
        step=step,
        title=explain.title(file.regime, step),
        choices=_choices(here, file, step),
        shown=shown,
        version=form.seen_version(file.version),
        draft=draft,
        draft_at=_at(file.id, step),
    )
