"""报批、批准、退回、报备: a form each."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.errors import Forbidden, NotFound
from core.plans.access import plan_of
from core.plans.candidates import candidates
from core.plans.decide import ActDraft, decide, level_of_act, may
from core.plans.model import ACTS, PlanFile
from dangwu import LEVELS, explain
from tenants.policies.regimes import regime_of_path
from web.kit.draft import Draft, begun, discard_once_kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.units import way_down


class PlanActPages(Controller):
    """/plans/{id}/{act}."""

    path = "/plans/{plan_id:uuid}/{act:str}"

    @get("/")
    async def ask(self, here: FromHere, plan_id: FromPath[UUID], act: FromPath[str]) -> Page:
        """The form."""
        file = await _file(here, plan_id, act)
        return await _page(file, act, *await begun(here, _at(plan_id, act), Form.blank(day=here.today)))

    @post("/")
    async def write(
        self, here: FromHere, request: Request, plan_id: FromPath[UUID], act: FromPath[str]
    ) -> Page | Redirect:
        """Do it."""
        form = await Form.of(request)
        file = await _file(here, plan_id, act, lock=True)
        async with attempt(form):
            day = form.date("day", "日期")
            draft = {
                "receiver": form.value("receiver"),
                "paper": form.text("paper", "文件", required=act == "report"),
                "note": form.text("note", "说明", required=act == "return", longest=1000),
            }
            form.check()
            assert day is not None
            await decide(
                here.actor,
                file,
                ActDraft(act=act, day=day, **draft),
                seen=form.version(),
                regime_for=regime_of_path,
                today=here.today,
            )
            discard_once_kept(request, here, _at(plan_id, act))
            return see_other(f"/plans/{plan_id}", here.say(f"已{ACTS[act]}。"))
        return await _page(file, act, form)


async def _file(here: Here, plan_id: UUID, act: str, *, lock: bool = False) -> PlanFile:
    """The plan. Raises NotFound for what is no act, Forbidden for one that is not his."""
    file = await plan_of(here.actor, plan_id, regime_for=regime_of_path, today=here.today, lock=lock)
    if act not in ACTS or act == "draw":
        raise NotFound("没有这一项。请从计划的页面重新选择。")
    if not may(here.actor, file, act):
        raise Forbidden(
            f"“{ACTS[act]}”由{LEVELS[level_of_act(file, act)]}有职责的人员办理；起草、报批的人不能批准自己的计划，"
            "同一个人不能在两级办理。请交由承担这项职责的人员办理。",
            code="level",
        )
    return file


def _at(plan_id: UUID, act: str) -> str:
    return f"/plans/{plan_id}/{act}"


async def _page(file: PlanFile, act: str, form: Form, draft: Draft | None = None) -> Page:
    return page(
        "plans/act.html",
        status=form.status,
        form=form,
        file=file,
        act=act,
        title=ACTS[act],
        units=await way_down(file.line.path),
        version=form.seen_version(len(file.acts)),
        draft=draft,
        draft_at=_at(file.line.id, act),
        receivers=[(one, explain.title(file.regime, one)) for one in file.untold],
        named=await candidates(file.newest.cases) if act == "approve" else [],
    )
