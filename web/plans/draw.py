"""制定和调整年度计划: the forms."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from core.errors import Invalid
from core.organisation.access import access_unit
from core.plans.access import plan_of
from core.plans.candidates import candidates, offered
from core.plans.draw import draw, owed_by, redraw
from core.plans.model import Candidate, Edition, PlanDraft, PlanFile
from dangwu import MEMBERSHIPS, Regime, YearPlan, explain
from tenants.policies.regimes import regime_of_path
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.query import Text, unit_asked
from web.kit.requests import Request
from web.kit.units import Place, Sought, unit_options, way_down


class DrawPlanPages(Controller):
    """/plans/draw."""

    path = "/plans/draw"

    @get("/")
    async def ask(self, here: FromHere, unit: Text = "", plan: FromQuery[str] = "") -> Page:
        """Whose, which, of which year; then its figures."""
        return await _new(here, Form.blank(unit=unit_asked(unit), plan=plan[:100], year=here.today.year))

    @post("/")
    async def write(self, here: FromHere, request: Request) -> Page | Redirect:
        """Draw it up."""
        form = await Form.of(request)
        async with attempt(form):
            unit, plan = form.uuid("unit", "党组织"), form.picked("plan", "计划")
            year, draft = form.number("year", "年度"), _draft(form)
            form.check()
            assert unit is not None
            assert year is not None
            plan_id = await draw(
                here.actor, unit, plan, year, draft, regime_for=regime_of_path, today=here.today
            )
            return see_other(f"/plans/{plan_id}", here.say("计划已起草，请核对后报批。"))
        return await _new(here, form)


class RedrawPlanPages(Controller):
    """/plans/{id}/redraw."""

    path = "/plans/{plan_id:uuid}/redraw"

    @get("/")
    async def ask(self, here: FromHere, plan_id: FromPath[UUID]) -> Page:
        """What it says now, to be changed."""
        file = await _file(here, plan_id)
        return await _again(file, _first(file.newest))

    @post("/")
    async def write(self, here: FromHere, request: Request, plan_id: FromPath[UUID]) -> Page | Redirect:
        """Draw it up anew."""
        form = await Form.of(request)
        file = await _file(here, plan_id, lock=True)
        async with attempt(form):
            draft = _draft(form)
            form.check()
            number = await redraw(here.actor, file, draft, seen=form.version(), today=here.today)
            return see_other(f"/plans/{plan_id}", here.say(f"已写成第 {number} 稿，请核对后报批。"))
        return await _again(file, form)


async def _file(here: Here, plan_id: UUID, *, lock: bool = False) -> PlanFile:
    file = await plan_of(here.actor, plan_id, regime_for=regime_of_path, today=here.today, lock=lock)
    here.actor.require("plan.draw", file.line.path)
    return file


def _draft(form: Form) -> PlanDraft:
    """What was typed."""
    named = [name for name in form.names() if name.startswith("kind-") and form.value(name).strip()]
    counts = {name.removeprefix("kind-"): form.number(name, "分列的数") for name in named}
    return PlanDraft(
        total=form.number("total", "计划数") or 0,
        kinds={kind: count for kind, count in counts.items() if count is not None},
        cases=_cases(form),
        guidance=form.text("guidance", "指导意见", required=False, longest=1000),
        reason=form.text("reason", "调整的理由", required=False, longest=1000),
    )


def _cases(form: Form) -> tuple[UUID, ...]:
    try:
        return tuple(UUID(one) for one in form.many("cases"))
    except ValueError as error:
        raise Invalid("所选的人选无法识别。请重新选择。", fields={"cases": "请重新选择。"}) from error


def _first(text: Edition) -> Form:
    return Form.blank(
        total=text.total,
        guidance=text.guidance,
        cases=text.cases,
        **{f"kind-{kind}": count for kind, count in text.kinds.items()},
    )


def _since(one: Candidate) -> str:
    """What has become of somebody who is no candidate any more."""
    if MEMBERSHIPS[one.membership].member:
        return f"，已是{MEMBERSHIPS[one.membership].title}"
    return "，已终止" if one.status == "closed" else ""


async def _new(here: Here, form: Form) -> Page:
    """The form of a new plan; what a unit can draw up, once one is chosen."""
    units = await unit_options(here.actor, "plan.draw", recent=here.recent_units, sought=Sought.of(form))
    chosen = form.uuid("unit", "党组织", required=False) if form.value("unit") else None
    if chosen is None and units:
        chosen = units[0].id
        form.put("unit", str(chosen))
    found: dict[str, YearPlan] = {}
    path, regime = "", None
    if chosen is not None:
        unit = await access_unit(here.actor, chosen, "plan.draw")
        path, regime = unit.path, await regime_of_path(unit.path)
        found = owed_by(regime, unit, here.today)
    if form.value("plan") not in found and len(found) == 1:
        form.put("plan", next(iter(found)))
    plans = [(name, explain.title(regime, name)) for name in found] if regime else []
    return await _page(
        form, path, found.get(form.value("plan")), regime, here.today, units=units, plans=plans
    )


async def _again(file: PlanFile, form: Form) -> Page:
    return await _page(form, file.line.path, file.asked, file.regime, None, file=file,
                       version=form.seen_version(len(file.acts)), way=await way_down(file.line.path))  # fmt: skip


async def _page(
    form: Form,
    path: str,
    asked: YearPlan | None,
    regime: Regime | None,
    today: date | None,
    file: PlanFile | None = None,
    **more: object,
) -> Page:
    way: tuple[Place, ...] = ()
    offers = await offered(path) if asked else []
    # Whoever has become a member meanwhile, or whose case has ended, keeps the place that he has had.
    there = {one.case_id for one in offers}
    offers += [one for one in await candidates(file.newest.cases) if one.case_id not in there] if file else []
    kinds = sorted(asked.asks.kinds) if asked else ()
    return page(
        "plans/draw.html",
        **{
            "status": form.status, "form": form, "file": file, "way": way, "version": "", "units": [], "plans": [],
            "asked": asked, "kinds": [(one, explain.title(regime, one)) for one in kinds] if regime else [],
            "rules": explain.cited(regime, asked.rules("guidance")) if asked and regime else (),
            "people": [(str(one.case_id), f"{one.name}（{one.unit_name}{_since(one)}）") for one in offers],
            "years": [(str(one), f"{one} 年") for one in range(today.year - 1, today.year + 2)] if today else [],
            **more,
        },  # type: ignore[arg-type]
    )  # fmt: skip
