"""更新本人情况: tags and dates of the person that rules look at, from a day on."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.casework.acts.entries import refuse_ended
from core.casework.acts.facts import change_facts, dates_asked
from tenants.policies.tags import tag_titles
from web.cases.back import BACK_TO_THE_CASE
from web.cases.file.opened import CaseFile, open_file
from web.kit.draft import Draft, begun, discard_once_kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere
from web.kit.page import Page, page, see_other
from web.kit.requests import Request


class FactPages(Controller):
    """/cases/{id}/facts."""

    path = "/cases/{case_id:uuid}/facts"
    exception_handlers = BACK_TO_THE_CASE

    @get("/")
    async def ask(self, here: FromHere, case_id: FromPath[UUID]) -> Page:
        """What holds of the person now."""
        file = await open_file(here, case_id)
        refuse_ended(file.matter.case)
        here.actor.require("case.record", file.detail.line.path)
        known = file.detail.case.dates_on(here.today)
        dates = {f"date.{name}": day for name, day in known.items()}
        blank = Form.blank(tags=list(file.detail.tags), day=here.today, **dates)
        return _page(file, *await begun(here, _at(case_id), blank))

    @post("/")
    async def change(self, here: FromHere, request: Request, case_id: FromPath[UUID]) -> Page | Redirect:
        """From a day on."""
        form = await Form.of(request)
        file = await open_file(here, case_id, lock=True)
        async with attempt(form):
            day, note = form.date("day", "自哪一天起"), form.text("note", "说明", required=False, longest=500)
            tags = frozenset(form.many("tags", list(tag_titles())))
            dates = {
                name: found
                for name, label in _dates(file).items()
                if (found := form.date(f"date.{name}", f"{label}日期", required=False))
            }
            version = form.number("version", "版本", required=False)
            form.check()
            assert day is not None
            await change_facts(
                here.actor, file.matter, day,
                seen_version=version or 0, today=here.today, tags=tags, dates=dates or None, note=note,
            )  # fmt: skip
            discard_once_kept(request, here, _at(case_id))
            return see_other(f"/cases/{case_id}", here.say("本人情况已更新，各环节已按新的情况重新核对。"))
        return _page(file, form)


def _dates(file: CaseFile) -> dict[str, str]:
    """The dates that are asked for here: id → title."""
    case = file.detail.case
    return dates_asked(file.regime, case.procedure, case.subject.dates)


def _at(case_id: UUID) -> str:
    return f"/cases/{case_id}/facts"


def _page(file: CaseFile, form: Form, draft: Draft | None = None) -> Page:
    return page(
        "cases/facts.html",
        status=form.status,
        form=form,
        file=file,
        tags=list(tag_titles().items()),
        dates=_dates(file),
        version=form.seen_version(file.version),
        draft=draft,
        draft_at=_at(file.id),
    )
