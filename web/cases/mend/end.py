"""终止和恢复: ending a case for a reason of the person's, after saying what that means; taking it up again."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.casework.acts.end import end_case, endings, may_reopen, reopen
from core.errors import Forbidden
from dangwu import EFFECTS, Ending, Period
from web.cases.back import BACK_TO_THE_CASE
from web.cases.file.opened import CaseFile, open_file
from web.kit.casework import LEVELS
from web.kit.draft import Draft, begun, discard_once_kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.procedures import procedure_of, state_title
from web.kit.requests import Request


class Choice(msgspec.Struct, frozen=True):
    """A reason for which he can end the case, and what that means."""

    id: str
    title: str
    note: str
    means: tuple[str, ...]


class EndPages(Controller):
    """/cases/{id}/end and /cases/{id}/reopen."""

    path = "/cases/{case_id:uuid}"
    exception_handlers = BACK_TO_THE_CASE

    @get("/end")
    async def ask(self, here: FromHere, case_id: FromPath[UUID]) -> Page:
        """For which reason?"""
        file = await open_file(here, case_id)
        form, draft = await begun(here, _at(case_id, "end"), Form.blank(day=here.today))
        return _page(here, file, "end", form, draft)

    @post("/end")
    async def end(self, here: FromHere, request: Request, case_id: FromPath[UUID]) -> Page | Redirect:
        """End it."""
        form = await Form.of(request)
        file = await open_file(here, case_id, lock=True)
        async with attempt(form):
            reason = form.choice("reason", "终止的原因", list(file.matter.plan.procedure.ends))
            day, note = form.date("day", "终止日期"), form.text("note", "情况说明", longest=500)
            form.check()
            assert day is not None
            await end_case(
                here.actor, file.matter, reason, day, note, seen_version=form.version(), today=here.today
            )
            discard_once_kept(request, here, _at(case_id, "end"))
            return see_other(f"/cases/{case_id}", here.say("这份档案已经终止。记录都保留在档案里。"))
        return _page(here, file, "end", form)

    @get("/reopen")
    async def ask_again(self, here: FromHere, case_id: FromPath[UUID]) -> Page:
        """Why is it taken up again?"""
        file = await open_file(here, case_id)
        if not may_reopen(here.actor, file.matter, here.today):
            raise Forbidden("这份档案现在不能由您恢复办理。请由决定终止的一级办理。", code="level")
        form, draft = await begun(here, _at(case_id, "reopen"), Form.blank())
        return _page(here, file, "reopen", form, draft)

    @post("/reopen")
    async def again(self, here: FromHere, request: Request, case_id: FromPath[UUID]) -> Page | Redirect:
        """Take it up again."""
        form = await Form.of(request)
        file = await open_file(here, case_id, lock=True)
        async with attempt(form):
            note = form.text("note", "恢复的原因", longest=500)
            form.check()
            await reopen(here.actor, file.matter, note, seen_version=form.version(), today=here.today)
            discard_once_kept(request, here, _at(case_id, "reopen"))
            return see_other(
                f"/cases/{case_id}", here.say("这份档案已经恢复办理，从终止以前办到的地方接着办。")
            )
        return _page(here, file, "reopen", form)


def _at(case_id: UUID, act: str) -> str:
    return f"/cases/{case_id}/{act}"


def _page(here: Here, file: CaseFile, act: str, form: Form, draft: Draft | None = None) -> Page:
    return page(
        f"cases/{act}.html",
        status=form.status,
        form=form,
        file=file,
        choices=[_choice(file, *one) for one in endings(here.actor, file.matter, here.today).items()],
        others=_others(here, file),
        version=form.seen_version(file.version),
        draft=draft,
        draft_at=_at(file.id, act),
    )


def _choice(file: CaseFile, name: str, ending: Ending) -> Choice:
    open_steps = [file.view.tasks[step].title for step in file.standing.open if step in file.view.tasks]
    means = [f"“{'”“'.join(open_steps)}”不再办理，没有到期的事"] if open_steps else []
    means.append(_for_him(file, ending))
    means.append("不能恢复办理" if ending.reopen == Period() else f"{ending.reopen}内可以恢复办理")
    if ending.next:
        means.append(f"接着可以办理“{procedure_of(ending.next).title}”")
    return Choice(name, ending.title, ending.note, tuple(means))


def _for_him(file: CaseFile, ending: Ending) -> str:
    """What he is once a case has ended so."""
    procedure, state = file.matter.plan.procedure, file.standing.membership
    held = state_title(file.detail.case.procedure, state)
    if procedure.confers != "register":
        return f"本人仍是{held}" if ending.keeps else f"本人不再是{held}"
    if ending.makes:
        return f"名册随之变动：{EFFECTS[ending.makes]}"
    made = [EFFECTS[one.makes] for one in procedure.reached(state) if one.makes]
    undone = "、".join(made) if not ending.keeps else ""
    return f"名册随之撤销“{undone}”" if undone else "名册不因此变动"


def _others(here: Here, file: CaseFile) -> list[tuple[str, str]]:
    """The reasons that other levels decide: (title, level)."""
    mine = endings(here.actor, file.matter, here.today)
    return [
        (one.title, LEVELS.get(one.level, one.level))
        for name, one in file.matter.plan.procedure.ends.items()
        if name not in mine
    ]
