"""受理: find the person or enter him, then take in what he asks for. Which procedure it is stands in the address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from core.casework.acts.deciding import LAST_CONTACT
from core.casework.acts.facts import dates_asked
from core.casework.acts.fit import how_they_stand, known_dates, why_not
from core.casework.acts.going import INSIDE, Beyond, other_counties
from core.casework.acts.open import open_case
from core.casework.acts.parts import Part
from core.casework.levels import own_level
from core.casework.lists.cases import running_cases
from core.organisation.model import with_members
from core.register.access import access_person
from core.register.check import LONGEST
from core.register.model import PersonDraft
from core.register.queries import PeopleFilter, people, tags_on
from core.register.service import enter
from dangwu import Regime, StepRules
from tenants.policies.plugins import installed
from tenants.policies.regimes import regime_of_path
from web.cases.record.people import choose
from web.kit.asked.blocks import Block, blocks, row_fields
from web.kit.asked.evidence import evidence_of
from web.kit.draft import Draft, discard_once_kept, keep, kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.procedures import list_address, opening, procedure_named, procedure_of
from web.kit.query import Text
from web.kit.requests import Request
from web.kit.units import Options, Sought, unit_options, way_down
from web.kit.words import PARTICULARS


class OpenPages(Controller):
    """/cases/new and /cases/new/{person}."""

    path = "/cases/new"

    @get("/")
    async def find(self, here: FromHere, q: Text = "", procedure: FromQuery[str] = "") -> Page:
        """Who has applied?"""
        return await _find_page(here, procedure_named(procedure), q, Form.blank(ethnicity="汉族"))

    @post("/")
    async def enter(
        self, here: FromHere, request: Request, procedure: FromQuery[str] = ""
    ) -> Page | Redirect:
        """Somebody who is not in the register yet: enter him first."""
        form, procedure = await Form.of(request), procedure_named(procedure)
        async with attempt(form):
            unit_id, draft = form.uuid("unit", "所在党支部"), _draft(form)
            form.check()
            assert unit_id is not None
            person_id = await enter(here.actor, unit_id, draft, here.today, distinct=form.flag("distinct"))
            return see_other(
                list_address(procedure, f"/cases/new/{person_id}"),
                here.say(f"已登记“{draft.name}”，请接着办理。"),
            )
        return await _find_page(here, procedure, "", form)

    @get("/{person_id:uuid}")
    async def ask(self, here: FromHere, person_id: FromPath[UUID], procedure: FromQuery[str] = "") -> Page:
        """When, with what."""
        named = procedure_named(procedure)
        draft = await kept(here, form_at(named, person_id))
        form = draft.form() if draft else await _blank(here, person_id)
        return await _apply_page(here, named, person_id, form, draft)

    @post("/{person_id:uuid}")
    async def open(
        self, here: FromHere, request: Request, person_id: FromPath[UUID], procedure: FromQuery[str] = ""
    ) -> Page | Redirect:
        """Take it in: the case begins."""
        form, procedure = await Form.of(request), procedure_named(procedure)
        before, after = opening(procedure)
        person = await access_person(here.actor, person_id)
        regime, rules, asked = await _asked(here, procedure, person, form)
        async with attempt(form):
            day = form.date("day", f"{procedure_of(procedure).opens.day}的日期")
            note = form.text("note", "备注", required=False, longest=1000)
            to, beyond = await _where(form, procedure)
            await choose(here, person["unit_id"], asked, form, day or here.today)
            evidence = evidence_of(rules.id, day, here.today, asked, form)
            dates = {
                name: found
                for name, label in dates_asked(regime, procedure).items()
                if (found := form.date(f"date.{name}", f"{label}日期", required=False))
            }
            form.check()
            assert day is not None
            written = await open_case(
                here.actor, person_id, day, evidence,
                regime_for=regime_of_path, today=here.today, dates=dates, note=note, procedure=procedure,
                to=to, beyond=beyond,
            )  # fmt: skip
            discard_once_kept(request, here, form_at(procedure, person_id))
            return see_other(f"/cases/{written.case_id}", here.say(f"已{before}{person['name']}{after}。"))
        await keep(request, here, form_at(procedure, person_id), form)
        return await _apply_page(here, procedure, person_id, form)


async def _blank(here: Here, person_id: UUID) -> Form:
    """An empty form, with what the register knows of his losing contact."""
    since = (await access_person(here.actor, person_id))["lost_since"]
    return Form.blank(**({f"date.{LAST_CONTACT}": since} if since else {}))


def form_at(procedure: str, person_id: UUID) -> str:
    """The address of the form with which somebody's case begins."""
    return list_address(procedure, f"/cases/new/{person_id}")


def _draft(form: Form) -> PersonDraft:
    def one(name: str, label: str) -> str | None:
        return form.choice(name, label, [value for value, _ in PARTICULARS[name]], required=False) or None

    return PersonDraft(
        name=form.text("name", "姓名", longest=LONGEST["name"]),
        born=form.date("born", "出生日期"),
        national_id=form.value("national_id").strip() or None,
        phone=form.value("phone").strip() or None,
        job=form.text("job", "工作岗位", required=False, longest=LONGEST["job"]) or None,
        sex=one("sex", "性别"),
        ethnicity=one("ethnicity", "民族"),
        education=one("education", "学历"),
    )


async def _asked(
    here: Here, procedure: str, person: Any, form: Form | None
) -> tuple[Regime, StepRules, list[Block]]:
    """The policies at the person's branch, and what they ask of the step with which a case begins."""
    regime = await regime_of_path(person["path"])
    tags = await tags_on(person["id"], here.today)
    rules: StepRules = regime.on(here.today, tags, procedure).steps[procedure_of(procedure).opens.step]
    part = Part(own_level(rules), True, {})
    return regime, rules, blocks(regime, rules, part, form)


async def _find_page(here: Here, procedure: str, q: str, form: Form) -> Page:
    found = await people(here.actor, PeopleFilter(search=q), limit=20) if q.strip() else None
    ids = [line.id for line in found.lines] if found else []
    running = await running_cases(here.actor, ids, procedure) if ids else {}
    stand, floor = (await how_they_stand(ids) if ids else {}), installed().floor.procedures
    return page(
        "cases/new.html",
        status=form.status,
        form=form,
        of=procedure,
        procedure=procedure_of(procedure),
        q=q,
        found=found,
        running=running,
        unfit={one: why for one, how in stand.items() if (why := why_not(how, procedure, floor))},
        options=await unit_options(here.actor, "case.open", levels=("branch",), sought=Sought.of(form)),
        choices=PARTICULARS,
    )


async def _apply_page(
    here: Here,
    procedure: str,
    person_id: UUID,
    form: Form,
    draft: Draft | None = None,
) -> Page:
    person = await access_person(here.actor, person_id)
    here.actor.require("case.open", person["path"])
    regime, rules, asked = await _asked(here, procedure, person, form)
    before, after = opening(procedure)
    known = await known_dates(person_id)
    return page(
        "cases/apply.html",
        status=form.status,
        form=form,
        of=procedure,
        procedure=procedure_of(procedure),
        what=f"{before}{person['name']}{after}",
        person=person,
        units=await way_down(person["path"]),
        blocks=asked,
        row_fields=row_fields,
        pick_unit=person["unit_id"],
        dates={name: label for name, label in dates_asked(regime, procedure).items() if name not in known},
        title=rules.title,
        draft=draft,
        draft_at=form_at(procedure, person_id),
        going=await _going(here, procedure, form),
        counties=[(str(id), name) for id, name in await other_counties()],
    )


async def _where(form: Form, procedure: str) -> tuple[UUID | None, Beyond]:
    """Where somebody goes by a procedure: a branch of the county, or beyond it; one that moves him must say so."""
    one = procedure_of(procedure)
    if not one.opens.goes:
        return None, INSIDE
    named = form.text("beyond", "县外的党组织", required=False, longest=120)
    county = form.uuid("beyond_county", "县（市、区）", required=False)
    inside = not named and county is None
    to = form.uuid("to", one.opens.goes, required=inside and one.confers == "unit")
    return to, Beyond(named, county)


async def _going(here: Here, procedure: str, form: Form) -> Options | None:
    """The branches to which a procedure can take him; None where it moves nobody."""
    if not procedure_of(procedure).opens.goes:
        return None
    return await unit_options(here.actor, "", kinds=with_members(), sought=Sought.of(form, "to"))
