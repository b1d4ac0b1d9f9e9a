"""接续纸质档案: go on with a case that began on paper, as when a county begins to use the platform."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from core.casework.acts.facts import dates_asked
from core.casework.acts.open import refuse_file, take_over
from core.casework.levels import refuse_taking_over, takes_over_somewhere
from core.casework.lists.cases import without_file
from core.register.access import access_person
from dangwu import MEMBERSHIPS, Regime, Step
from tenants.policies.regimes import regime_of_path
from web.kit.draft import Draft, discard_once_kept, keep, kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.procedures import list_address, procedure_named, procedure_of
from web.kit.requests import Request
from web.kit.units import way_down

LISTED = 50


class PaperPages(Controller):
    """/cases/paper and /cases/paper/{person}."""

    path = "/cases/paper"

    @get("/")
    async def find(self, here: FromHere, q: FromQuery[str] = "", procedure: FromQuery[str] = "") -> Page:
        """Who of the register is on the way and has no file here?"""
        if not takes_over_somewhere(here.actor):
            refuse_taking_over(here.actor, "")
        of = procedure_named(procedure)
        held = procedure_of(of).on_paper
        found = await without_file(here.actor, of, held, q[:100], LISTED + 1)
        return page(
            "cases/paper_find.html",
            q=q,
            of=of,
            procedure=procedure_of(of),
            held=[MEMBERSHIPS[one].title for one in held],
            found=found[:LISTED],
            more=len(found) > LISTED,
        )

    @get("/{person_id:uuid}")
    async def ask(self, here: FromHere, person_id: FromPath[UUID], procedure: FromQuery[str] = "") -> Page:
        """Which steps were done, and when."""
        named = procedure_named(procedure)
        draft = await kept(here, form_at(named, person_id))
        return await _paper_page(here, named, person_id, draft.form() if draft else Form.blank(), draft)

    @post("/{person_id:uuid}")
    async def take(
        self, here: FromHere, request: Request, person_id: FromPath[UUID], procedure: FromQuery[str] = ""
    ) -> Page | Redirect:
        """Take it over: the case goes on from there."""
        form, procedure = await Form.of(request), procedure_named(procedure)
        person = await access_person(here.actor, person_id)
        refuse_file(here.actor, person, procedure_of(procedure))
        regime = await regime_of_path(person["path"])
        async with attempt(form):
            given = {
                step.id: day
                for step in regime.plan(procedure).steps
                if (day := form.date(f"given.{step.id}", f"“{step.title}”的日期", required=False))
            }
            dates = {
                name: day
                for name, label in dates_asked(regime, procedure).items()
                if (day := form.date(f"date.{name}", f"{label}日期", required=False))
            }
            form.check()
            written = await take_over(
                here.actor, person_id, given,
                regime_for=regime_of_path, today=here.today, dates=dates, procedure=procedure,
            )  # fmt: skip
            said = f"已接续{person['name']}的纸质档案，{len(given)} 个环节按纸质档案记为已办。"
            discard_once_kept(request, here, form_at(procedure, person_id))
            return see_other(f"/cases/{written.case_id}", here.say(said))
        await keep(request, here, form_at(procedure, person_id), form)
        return await _paper_page(here, procedure, person_id, form)


def form_at(procedure: str, person_id: UUID) -> str:
    """The address of the form that takes over somebody's case from paper."""
    return list_address(procedure, f"/cases/paper/{person_id}")


async def _paper_page(
    here: Here, procedure: str, person_id: UUID, form: Form, draft: Draft | None = None
) -> Page:
    person = await access_person(here.actor, person_id)
    refuse_file(here.actor, person, procedure_of(procedure))
    regime = await regime_of_path(person["path"])
    return page(
        "cases/paper.html",
        status=form.status,
        form=form,
        of=procedure,
        procedure=procedure_of(procedure),
        person=person,
        units=await way_down(person["path"]),
        stages=_stages(regime, procedure),
        dates=dates_asked(regime, procedure),
        draft=draft,
        draft_at=form_at(procedure, person_id),
    )


def _stages(regime: Regime, procedure: str) -> list[tuple[str, list[Step]]]:
    """Each stage's title with its steps, in order."""
    plan, found = regime.plan(procedure), dict[str, list[Step]]()
    for step in plan.steps:
        found.setdefault(step.stage, []).append(step)
    return [(title, found[stage]) for stage, title in plan.stages.items() if stage in found]
