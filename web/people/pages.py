"""党员名册: the list, a person's file, what a look at a number leaves behind."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from core.casework.acts.fit import Stands, how_they_stand, may_begin
from core.casework.levels import takes_over
from core.casework.lists.acted import Acted, acted
from core.casework.lists.cases import CaseFilter, CaseLine, cases
from core.ledger.verbs import READ
from core.register.guests import taking_part
from core.register.history import person_history
from core.register.leaving import LEAVINGS
from core.register.model import FIELD_TITLES, PersonFile
from core.register.queries import MOST_GATHERED, PeopleFilter, count_people, people, person_file
from core.register.readings import readings
from core.register.rights.day import known_people, rights_on
from core.register.rights.spans import person_spans, spans_of
from core.register.service import reveal
from core.transfers.renew import outdated
from dangwu import Titles, kind_of
from tenants.policies.plugins import installed
from tenants.policies.regimes import regime_of_path
from tenants.saved import saved_lists
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, only_once, page
from web.kit.paging import After, Pager, decode_key, encode_key, key_uuid
from web.kit.procedures import list_address, procedure_of, procedures
from web.kit.requests import Request
from web.kit.units import Sought, unit_options, way_down
from web.people.filter import address_of, wanted_of


class PeoplePages(Controller):
    """/people and /people/{id}; entering and correcting are in forms.py, rosters in rosters/."""

    path = "/people"
    dependencies = {"wanted": Provide(wanted_of, sync_to_thread=False)}

    @get("/", only_reads=True)
    async def index(
        self,
        here: FromHere,
        wanted: NamedDependency[PeopleFilter],
        after: After = None,
    ) -> Page:
        """The people that he may see, by pinyin; found by name, pinyin, initials, the end of an id."""
        key = decode_key(after)
        found = await people(here.actor, wanted, after=(str(key[0]), key_uuid(key[-1])) if key else None)
        return page(
            "people/index.html",
            pager=Pager(found.lines, encode_key(found.after) if found.after else None, not after),
            counts=await _counts(here, wanted),
            limited=found.limited,
            most=MOST_GATHERED,
            filters=address_of(wanted),
            saved=await saved_lists(here.actor, "/people"),
            units=await unit_options(
                here.actor, "person.view", sought=Sought(picked=str(wanted.unit_id or ""))
            ),
        )

    @get("/{person_id:uuid}")
    async def show(self, here: FromHere, person_id: FromPath[UUID]) -> Page:
        """A person's file, numbers masked. The look is written into the reading log."""
        return await person_page(here, person_id, Form.blank(), None)

    @post("/{person_id:uuid}/reveal", status_code=200)
    async def reveal(self, here: FromHere, request: Request, person_id: FromPath[UUID]) -> Page:
        """A number in full, on this answer only, after the purpose is written down."""
        form = await Form.of(request)
        shown: tuple[str, str] | None = None
        async with attempt(form):
            what = form.choice("what", "要看的号码", ["national-id", "phone"])
            purpose = form.text("purpose", "查看目的")
            form.check()
            shown = (READ[what], await reveal(here.actor, person_id, what, purpose))
        return only_once(await person_page(here, person_id, form, shown))


async def _counts(here: Here, wanted: PeopleFilter) -> dict[str, int]:
    """By membership, for the chips; of what a search finds no more than are shown."""
    all_of_them = msgspec.structs.replace(wanted, membership=None)
    return await count_people(here.actor, all_of_them, most=MOST_GATHERED if wanted.search else None)


async def person_page(here: Here, person_id: UUID, form: Form, shown: tuple[str, str] | None) -> Page:
    """The page of a person, with the form for revealing as it was typed, and what was revealed."""
    file = await person_file(here.actor, person_id)
    held, stands = await _cases_of(here, file), (await how_they_stand([person_id]))[person_id]
    known = (await known_people([person_id]))[person_id]
    return page(
        "people/show.html",
        status=form.status,
        form=form,
        file=file,
        shown=shown,
        units=await way_down(file.path),
        cases=held,
        begins=[begin for name in procedures() if (begin := _begin(here, name, file, stands))],
        procedures=procedures(),
        openings={name: procedure_of(name).opens.day for name in procedures()},
        taking=await taking_part(person_id),
        letters=(await outdated(person_id)).values() if here.actor.may("case.view", file.path) else (),
        spans=await person_spans(here.actor, person_id),
        rights=rights_on(known, (await spans_of([person_id]))[person_id], here.today),
        acted=await _acted(here, file),
        changes=await person_history(here.actor, person_id),
        readings=await readings(here.actor, person_id) if here.actor.may("audit.view", file.path) else None,
        what=READ,
        leavings=LEAVINGS,
        titles=FIELD_TITLES,
        age=_age(file.born, here.today),
    )


async def _cases_of(here: Here, file: PersonFile) -> list[CaseLine]:
    """His cases, under way and over; none for who may not see cases there."""
    if not here.actor.may("case.view", file.path):
        return []
    found = await cases(here.actor, CaseFilter(status=None, search=file.name), limit=200)
    return [line for line in found.lines if line.person_id == file.id]


async def _acted(here: Here, file: PersonFile) -> list[tuple[Acted, str, str]]:
    """The cases of others in which he had a part, with the titles of the step and of what he did there."""
    found = await acted(here.actor, file.id)
    titles = Titles.of(await regime_of_path(file.path)) if found else None
    return [(one, titles.title(one.step), kind_of(one.facet).title) for one in found if titles]


def _begin(here: Here, procedure: str, file: PersonFile, stands: Stands) -> tuple[str, str] | None:
    """Where a case of a procedure can begin for him here, and what that is called; nowhere with one under way, or his own."""
    if (
        file.left_as
        or file.id == here.actor.person
        or not may_begin(stands, procedure, installed().floor.procedures)
    ):
        return None
    one = procedure_of(procedure)
    on_paper = (*one.opens.of, *one.on_paper) if one.confers_membership else ()
    if takes_over(here.actor, file.path) and file.membership in on_paper:
        return list_address(procedure, f"/cases/paper/{file.id}"), "接续纸质档案"
    if file.membership not in one.opens.of or not here.actor.may("case.open", file.path):
        return None
    return list_address(procedure, f"/cases/new/{file.id}"), one.opens.title


def _age(born: date | None, today: date) -> int | None:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) if born else None
