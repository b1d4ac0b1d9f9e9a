"""列入年度计划: who approves a plan says in which years somebody stands in it."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.casework.acts.entries import refuse_ended
from core.casework.acts.listing import Listing, decides_at, gating, may_list
from core.errors import Conflict, Forbidden
from core.plans.place import keep_plan, place
from dangwu import LEVELS, explain
from web.cases.back import BACK_TO_THE_CASE
from web.cases.file.opened import CaseFile, open_file
from web.kit.draft import Draft, begun, discard_once_kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request

STANDS = {"yes": "列入", "no": "调出"}


class ListingPages(Controller):
    """/cases/{id}/plan."""

    path = "/cases/{case_id:uuid}/plan"
    exception_handlers = BACK_TO_THE_CASE

    @get("/")
    async def ask(self, here: FromHere, case_id: FromPath[UUID]) -> Page:
        """In which years he stands in the plan."""
        file = await open_file(here, case_id)
        refuse_ended(file.matter.case)
        if not gating(file.matter, here.today):
            raise Conflict("现行规定没有要求列入年度计划，不必登记。")
        if not may_list(here.actor, file.matter, here.today):
            raise Forbidden(_whose(here, file), code="level")
        blank = Form.blank(day=here.today, year=here.today.year, stands="yes")
        return _page(here, file, *await begun(here, _at(case_id), blank))

    @post("/")
    async def change(self, here: FromHere, request: Request, case_id: FromPath[UUID]) -> Page | Redirect:
        """From a day on."""
        form = await Form.of(request)
        kept = await keep_plan(case_id, form.value("plan"), _year(form))
        file = await open_file(here, case_id, lock=True)
        async with attempt(form):
            plan = form.choice("plan", "计划", list(_plans(here, file)))
            year, day = form.number("year", "年度"), form.date("day", "批准日期")
            stands = form.choice("stands", "列入还是调出", list(STANDS))
            because = form.text("because", "依据和理由", longest=500)
            version = form.number("version", "版本", required=False)
            form.check()
            assert year is not None
            assert day is not None
            listing = Listing(plan, year, stands == "yes", because)
            await place(here.actor, file.matter, kept, listing, day, seen=version or 0, today=here.today)
            discard_once_kept(request, here, _at(case_id))
            said = (
                f"{file.name}{'已列入' if listing.stands else '已调出'} {year} 年{_plans(here, file)[plan]}。"
            )
            return see_other(f"/cases/{case_id}", here.say(said))
        return _page(here, file, form)


def _year(form: Form) -> int:
    """The year that was typed; 0, which has no plan, where it is none."""
    silent = Form({"year": form.values("year")})
    found = silent.number("year", "年度") or 0
    return found if found < 10_000 else 0


def _plans(here: Here, file: CaseFile) -> dict[str, str]:
    """The plans that this case needs: id → title."""
    return {name: explain.title(file.regime, name) for name in gating(file.matter, here.today)}


def _whose(here: Here, file: CaseFile) -> str:
    """Who says it instead."""
    asked = gating(file.matter, here.today).values()
    levels = "、".join(dict.fromkeys(LEVELS[decides_at(one)] for one in asked))
    return f"列入年度计划由{levels}审定，您不能登记。请报{levels}办理。"


def _at(case_id: UUID) -> str:
    return f"/cases/{case_id}/plan"


def _page(here: Here, file: CaseFile, form: Form, draft: Draft | None = None) -> Page:
    known = file.matter.case.case.plans_on(here.today)
    plans = _plans(here, file)
    return page(
        "cases/listing.html",
        status=form.status,
        form=form,
        file=file,
        plans=list(plans.items()),
        stands=list(STANDS.items()),
        standing=[(title, known.get(name, ())) for name, title in plans.items()],
        version=form.seen_version(file.version),
        draft=draft,
        draft_at=_at(file.id),
    )
