"""The page of a case: its task list; everything ever recorded; its attachments."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from core.casework.access import take_up
from core.casework.acts.agree import pending
from core.casework.acts.answer import may_answer
from core.casework.acts.end import endings, may_reopen
from core.casework.acts.facts import add_note
from core.casework.acts.fit import how_they_stand, may_begin
from core.casework.acts.listing import may_list
from core.casework.levels import takes_over
from core.casework.model import EntryView
from core.casework.standing.back import sent_back
from core.transfers.queries import letters_of
from dangwu import RUNNING, explain
from tenants.policies.hooks.panels import Shown
from tenants.policies.regimes import regime_of_path
from web.cases.back import BACK_TO_THE_CASE
from web.cases.file.attachments import opened, take_in
from web.cases.file.history import DATED, history
from web.cases.file.opened import CaseFile, open_file
from web.kit.casework import LEVELS, STATUSES
from web.kit.draft import Draft, begun, discard_once_kept, keep
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.panels import beside_case
from web.kit.procedures import list_address, procedure_of, state_title
from web.kit.requests import Request
from web.kit.uploads import brought


class CaseShowPages(Controller):
    """/cases/{id}."""

    path = "/cases/{case_id:uuid}"
    exception_handlers = BACK_TO_THE_CASE

    @get("/")
    async def show(self, here: FromHere, case_id: FromPath[UUID]) -> Page:
        """The task list."""
        file = await open_file(here, case_id)
        beside = await beside_case(file.regime, file.matter.case.case, here.today)
        return await case_page(here, file, beside)

    @get("/history")
    async def everything(self, here: FromHere, case_id: FromPath[UUID]) -> Page:
        """Every entry with who signed it, what it says, and its attachments."""
        file = await open_file(here, case_id)
        return _history_page(here, file, *await begun(here, _noting(case_id), Form.blank()))

    @post("/notes")
    async def note(self, here: FromHere, request: Request, case_id: FromPath[UUID]) -> Page | Redirect:
        """A remark; it changes no standing."""
        form = await Form.of(request)
        async with attempt(form):
            files = await brought(here, request, form)
            text = form.text("note", "备注", longest=1000)
            form.check()
            attachments = await take_in(here, case_id, files)
            matter = await take_up(here.actor, case_id, regime_of_path)
            await add_note(here.actor, matter, text, today=here.today, attachments=attachments)
            discard_once_kept(request, here, _noting(case_id))
            return see_other(f"/cases/{case_id}/history", here.say("备注已写入。"))
        await keep(request, here, _noting(case_id), form)
        return _history_page(here, await open_file(here, case_id), form)

    @get("/attachments/{attachment_id:uuid}")
    async def attachment(
        self, here: FromHere, case_id: FromPath[UUID], attachment_id: FromPath[UUID]
    ) -> Stream:
        """A file, for whoever may see the case; the look is logged."""
        return await opened(here, case_id, attachment_id)


async def case_page(here: Here, file: CaseFile, beside: list[Shown]) -> Page:
    """The page of a case, with what plugins show beside it."""
    tasks = file.view.tasks.values()
    return page(
        "cases/show.html",
        file=file,
        view=file.view,
        membership=state_title(file.detail.case.procedure, file.standing.membership),
        procedure=procedure_of(file.detail.case.procedure),
        since=_days_in_stage(file, here.today),
        statuses=STATUSES,
        levels=LEVELS,
        recordable=[task for task in tasks if task.record],
        may_return=here.actor.may("case.return", file.detail.line.path),
        may_record=here.actor.may("case.record", file.detail.line.path),
        attachments=file.detail.attachments,
        beside=beside,
        ended=_ended(file),
        following=await _following(here, file),
        back=_back(file),
        may_list=may_list(here.actor, file.matter, here.today),
        may_end=bool(endings(here.actor, file.matter, here.today)),
        may_reopen=may_reopen(here.actor, file.matter, here.today),
        requests=_requests(here, file),
        letters=await letters_of(file.id) if file.matter.plan.procedure.confers == "unit" else (),
        sees_person=here.actor.may("person.view", _lives(file)),
    )


def _lives(file: CaseFile) -> str:
    """The path of the unit at which its person is: where he goes by it once he has arrived."""
    moved = file.matter.plan.procedure.moves(file.standing.membership)
    return file.matter.case.to_path if moved else file.matter.case.path


class Pending(msgspec.Struct, frozen=True):
    """A request for a correction that waits: of which step, and whether he can answer it."""

    entry: EntryView
    title: str
    mine: bool


def _requests(here: Here, file: CaseFile) -> list[Pending]:
    return [
        Pending(
            one, explain.title(file.regime, one.step or ""), may_answer(here.actor, file.matter.case, one)
        )
        for one in pending(file.detail.entries)
    ]


def _back(file: CaseFile) -> tuple[str, EntryView] | None:
    """The step that the case was sent back to and that has not been done again, and the entry that says so."""
    entry = sent_back(file.detail.entries, file.standing) if file.standing.status == RUNNING else None
    return (explain.title(file.regime, entry.step or ""), entry) if entry else None


def _ended(file: CaseFile) -> tuple[str, EntryView] | None:
    """For which reason it was ended, and the entry that says so."""
    ending = file.matter.plan.procedure.ends.get(file.standing.ended)
    entry = next((one for one in reversed(file.detail.entries) if one.kind == "end"), None)
    return (ending.title, entry) if ending and entry else None


async def _following(here: Here, file: CaseFile) -> tuple[str, str] | None:
    """Where the procedure that is due after the case has ended so can be begun, and what that is called."""
    ending, line = file.matter.plan.procedure.ends.get(file.standing.ended), file.detail.line
    if ending is None or not ending.next or not here.actor.may("case.open", _lives(file)):
        return None
    stands = (await how_they_stand([line.person_id]))[line.person_id]
    if not may_begin(stands, ending.next, file.regime.floor.procedures):
        return None
    return list_address(ending.next, f"/cases/new/{line.person_id}"), procedure_of(ending.next).opens.title


def _noting(case_id: UUID) -> str:
    return f"/cases/{case_id}/history"


def _history_page(here: Here, file: CaseFile, form: Form, draft: Draft | None = None) -> Page:
    return page(
        "cases/history.html",
        status=form.status,
        form=form,
        file=file,
        entries=history(file, here.actor),
        dated=DATED,
        attachments=file.detail.attachments,
        may_record=here.actor.may("case.record", file.detail.line.path),
        takes_over=takes_over(here.actor, file.detail.line.path) and not file.standing.ended,
        draft=draft,
        draft_at=_noting(file.id),
    )


def _days_in_stage(file: CaseFile, today: date) -> int:
    """Since how many days the case has been in its stage; the first day counts as 1."""
    steps = file.standing.steps
    stage = next((one for one in file.view.stages if one.current), None)
    days = [
        day
        for task in (stage.tasks if stage else ())
        if (day := steps[task.id].opened or steps[task.id].began)
    ]
    return (today - min(days, default=file.detail.line.started)).days + 1
