"""退回: sending a case back to an earlier step, after showing what that sets aside."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from core.casework.acts.entries import refuse_ended
from core.casework.acts.send_back import returnable, send_back
from core.casework.levels import usual_level
from core.casework.said import short
from dangwu import explain
from web.cases.back import BACK_TO_THE_CASE
from web.cases.file.opened import CaseFile, open_file
from web.kit.draft import Draft, begun, discard_once_kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request


class Target(msgspec.Struct, frozen=True):
    """A step to which the case can go back, and what would then no longer count."""

    step: str
    title: str
    aside: tuple[str, ...]


class ReturnPages(Controller):
    """/cases/{id}/return."""

    path = "/cases/{case_id:uuid}/return"
    exception_handlers = BACK_TO_THE_CASE

    @get("/")
    async def ask(self, here: FromHere, case_id: FromPath[UUID], step: FromQuery[str] = "") -> Page:
        """To which step, and why?"""
        file = await open_file(here, case_id)
        refuse_ended(file.matter.case)
        here.actor.require("case.return", file.detail.line.path)
        form, draft = await begun(here, _at(case_id), Form.blank(step=step, day=here.today))
        return _page(here, file, form, draft)

    @post("/")
    async def send(self, here: FromHere, request: Request, case_id: FromPath[UUID]) -> Page | Redirect:
        """Send it back."""
        form = await Form.of(request)
        file = await open_file(here, case_id, lock=True)
        async with attempt(form):
            step = form.choice("step", "退回到哪个环节", list(file.matter.plan.by_id))
            day, reason = form.date("day", "退回日期"), form.text("reason", "退回的原因", longest=500)
            version = form.number("version", "版本", required=False)
            form.check()
            assert day is not None
            await send_back(
                here.actor, file.matter, step, day, reason, seen_version=version or 0, today=here.today
            )
            discard_once_kept(request, here, _at(case_id))
            said = f"已退回到“{explain.title(file.regime, step)}”。此后的记录保留在档案里，不再计算。"
            return see_other(f"/cases/{case_id}#s-{step}", here.say(said))
        return _page(here, file, form)


def _at(case_id: UUID) -> str:
    return f"/cases/{case_id}/return"


def targets(here: Here, file: CaseFile) -> list[Target]:
    """The steps to which this person can send the case back today, the latest first."""
    detail = file.detail
    plan = file.matter.plan
    level = usual_level(here.actor, file.matter.case, "case.return")
    found = []
    for target in returnable(file.judged, detail.entries, level):
        step = plan.by_id[target]
        lost = plan.following(target, here.today, detail.case.tags_on(here.today))
        aside = [
            f"{explain.title(file.regime, name)}，{record.day}"
            + (f"，{said}" if (said := short(file.regime, record.evidence)) else "")
            for name, records in file.records.items()
            if name in lost
            for record in records
        ]
        aside += [
            f"{explain.title(file.regime, name)}，{day}，依据纸质档案"
            for name, day in detail.case.given.items()
            if name in lost
        ]
        found.append(Target(step.id, explain.title(file.regime, step.id), tuple(aside)))
    return found


def _page(here: Here, file: CaseFile, form: Form, draft: Draft | None = None) -> Page:
    return page(
        "cases/return.html",
        status=form.status,
        form=form,
        file=file,
        targets=targets(here, file),
        version=form.seen_version(file.version),
        draft=draft,
        draft_at=_at(file.id),
    )
