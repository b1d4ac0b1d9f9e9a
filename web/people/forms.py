"""Entering a person, correcting the particulars, and the tags that policies look at."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.casework.carry import people_with_cases
from core.changes.correct import correct
from core.changes.tags import refuse_while_running, set_tags
from core.organisation.access import access_unit
from core.organisation.queries import unit_at
from core.register.access import access_person
from core.register.check import LONGEST
from core.register.columns import draft_of
from core.register.model import FIELD_TITLES, PersonDraft
from core.register.queries import person_file, tags_on
from core.register.service import MEMBERSHIP_FIELDS, enter
from tenants.policies.regimes import regime_of_path
from tenants.policies.tags import tag_titles
from web.kit.draft import Draft, begun, discard_once_kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.query import Text, unit_asked
from web.kit.requests import Request
from web.kit.units import Sought, unit_options, way_down
from web.kit.words import PARTICULARS

TEXTS = ("landline", "job", "address", "destination")
DAYS = {one: FIELD_TITLES[one] for one in ("born", "joined", "converted", "removed", "lost_since")}


NEW = "/people/new"
"""The address of the form for a new person, by which its draft is known."""


def edited_at(person_id: UUID) -> str:
    """That of somebody's particulars."""
    return f"/people/{person_id}/edit"


class PersonFormPages(Controller):
    """Forms of /people."""

    path = "/people"

    @get("/new")
    async def new(self, here: FromHere, unit: Text = "") -> Page:
        """A new person at a branch."""
        if (chosen := unit_asked(unit)) is not None:
            await access_unit(here.actor, chosen, "person.edit")
        first = {"ethnicity": "汉族", "membership": "none", "standing": "normal"}
        blank = Form.blank(unit=chosen or await _only_branch(here), **first)
        form, draft = await begun(here, NEW, blank)
        return await _new_page(here, form, draft)

    @post("/new")
    async def enter(self, here: FromHere, request: Request) -> Page | Redirect:
        """Enter him."""
        form = await Form.of(request)
        async with attempt(form):
            unit_id, draft = form.uuid("unit", "所在党支部"), read_draft(form, PersonDraft(name=""))
            form.check()
            assert unit_id is not None
            person_id = await enter(here.actor, unit_id, draft, here.today, distinct=form.flag("distinct"))
            discard_once_kept(request, here, NEW)
            return see_other(f"/people/{person_id}", here.say(f"已登记“{draft.name}”。"))
        return await _new_page(here, form)

    @get("/{person_id:uuid}/edit")
    async def edit_form(self, here: FromHere, person_id: FromPath[UUID]) -> Page:
        """His particulars; the numbers stay hidden and stay as they are unless typed anew."""
        row = await access_person(here.actor, person_id, "person.edit")
        known = msgspec.structs.asdict(draft_of(row)) | {
            "national_id": "",
            "phone": "",
            "version": row["version"],
        }
        form, draft = await begun(here, edited_at(person_id), Form.blank(**known))
        return await _edit_page(here, person_id, form, draft)

    @post("/{person_id:uuid}/edit")
    async def edit(self, here: FromHere, request: Request, person_id: FromPath[UUID]) -> Page | Redirect:
        """Correct them."""
        form = await Form.of(request)
        row = await access_person(here.actor, person_id, "person.edit")
        async with attempt(form):
            draft = read_draft(form, draft_of(row))
            seen = form.version()
            form.check()
            changed = await correct(here.actor, person_id, draft, seen, here.today, regime_of_path)
            discard_once_kept(request, here, edited_at(person_id))
            return see_other(f"/people/{person_id}", here.say("已保存。" if changed else "没有改动。"))
        return await _edit_page(here, person_id, form)

    @get("/{person_id:uuid}/tags")
    async def tags_form(self, here: FromHere, person_id: FromPath[UUID]) -> Page:
        """What is special about him, on which rules depend."""
        await access_person(here.actor, person_id, "person.edit")
        await refuse_while_running(person_id)
        held = await tags_on(person_id, here.today)
        return await _tags_page(here, person_id, Form.blank(tags=sorted(held), day=here.today))

    @post("/{person_id:uuid}/tags")
    async def save_tags(self, here: FromHere, request: Request, person_id: FromPath[UUID]) -> Page | Redirect:
        """From a day on."""
        form = await Form.of(request)
        async with attempt(form):
            day, chosen = form.date("day", "自哪一天起"), form.many("tags", list(tag_titles()))
            form.check()
            assert day is not None
            await set_tags(here.actor, person_id, frozenset(chosen), day, here.today)
            return see_other(f"/people/{person_id}", here.say("已保存。"))
        return await _tags_page(here, person_id, form)


def read_draft(form: Form, was: PersonDraft) -> PersonDraft:
    """What was typed; numbers that were left empty, and what was not asked for, stay as they `was`."""
    typed: dict[str, Any] = {name: form.value(name).strip() or None for name in TEXTS}
    typed |= {name: form.date(name, label, required=False) for name, label in DAYS.items()}
    for name, options in PARTICULARS.items():
        typed[name] = (
            form.choice(name, FIELD_TITLES[name], [value for value, _ in options], required=False) or None
        )
    typed["standing"] = typed["standing"] or "normal"
    for name in MEMBERSHIP_FIELDS:
        # These are not asked for from who may not set them: then they stay.
        typed[name] = typed[name] if name in form.names() else getattr(was, name)
    typed["membership"] = typed["membership"] or "none"
    return PersonDraft(
        name=form.text("name", "姓名", longest=LONGEST["name"]),
        national_id=form.value("national_id").strip() or was.national_id,
        phone=form.value("phone").strip() or was.phone,
        lost_contact=form.flag("lost_contact"),
        mobile=form.flag("mobile"),
        **typed,
    )


async def _only_branch(here: Here) -> UUID | None:
    """The branch of somebody who enters people at one branch alone: he need not pick it."""
    scopes = here.actor.scopes("person.edit")
    unit = await unit_at(scopes[0]) if len(scopes) == 1 else None
    return unit.id if unit and unit.level == "branch" else None


async def _new_page(here: Here, form: Form, draft: Draft | None = None) -> Page:
    options = await unit_options(
        here.actor, "person.edit", levels=("branch",), recent=here.recent_units, sought=Sought.of(form)
    )
    may = here.may("register.import")
    return _draft_page(form, options=options, sets_membership=may, draft=draft, draft_at=NEW)


async def _edit_page(here: Here, person_id: UUID, form: Form, draft: Draft | None = None) -> Page:
    file = await person_file(here.actor, person_id, purpose="修改档案")
    form.against(file.version)
    may = here.actor.may("register.import", file.path) and file.id not in await people_with_cases([file.id])
    units, at = await way_down(file.path), edited_at(person_id)
    return _draft_page(form, file=file, units=units, sets_membership=may, draft=draft, draft_at=at)


def _draft_page(form: Form, **more: object) -> Page:
    context = {"options": (), "file": None, "units": (), "choices": PARTICULARS, **more}
    return page("people/draft.html", status=form.status, form=form, **context)


async def _tags_page(here: Here, person_id: UUID, form: Form) -> Page:
    file = await person_file(here.actor, person_id, purpose="修改特征")
    titles = list(tag_titles().items())
    return page(
        "people/tags.html",
        status=form.status,
        form=form,
        file=file,
        units=await way_down(file.path),
        tags=titles,
    )
