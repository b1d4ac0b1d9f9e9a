"""What follows from the register by itself when a case is opened: nobody has to tick it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
import pytest

from core.casework.acts.open import open_case
from core.casework.load import load_one
from core.database import fetchrow
from core.errors import DomainError
from core.organisation import service
from core.organisation.service import UnitDraft
from core.register.columns import draft_of
from core.register.model import PersonDraft
from core.register.rights.day import known_people, rights_of
from core.register.service import correct, enter
from tenants.database.session import county_session
from tests.core.casework.cases import LETTER
from tests.core.conftest import TODAY, Clerks, applicant, with_roles


async def removed(clerks: Clerks, name: str, day: date) -> UUID:
    """Somebody of whom the department has entered that he was removed on a day."""
    person = await applicant(clerks.world, name)
    assert await entered(clerks, person, removed=day) == ("removed",)
    return person


async def entered(clerks: Clerks, person: UUID, **values: object) -> tuple[str, ...]:
    """What the department has changed in his file."""
    row = await fetchrow("select * from person where id = $1", person)
    assert row is not None

    async def without_case(_: object) -> frozenset[UUID]:
        return frozenset()

    draft = msgspec.structs.replace(draft_of(row), **values)
    return await correct(clerks.world.organizer, person, draft, row["version"], TODAY, without_case)


async def test_whoever_was_removed_cannot_apply_for_five_years(clerks: Clerks) -> None:
    """On the day on which they are full he can (不合格党员组织处置办法第四条)."""
    async with county_session(clerks.world.county):
        person = await removed(clerks, "曾除名", date(2021, 6, 2))
        with pytest.raises(DomainError, match="被劝退、除名未满五年"):
            await clerks.open(person, date(2026, 6, 1), TODAY)
    async with county_session(clerks.world.county):
        person = await removed(clerks, "已满五年", date(2021, 6, 1))
        assert (await clerks.open(person, date(2026, 6, 1), TODAY)).case_id


async def test_whoever_was_removed_and_admitted_again_is_a_member_again(clerks: Clerks) -> None:
    async with county_session(clerks.world.county):
        person = await removed(clerks, "重新入党", date(2010, 5, 4))
        assert not (await rights_of(await known_people([person]), TODAY))[person].votes
        await entered(clerks, person, membership="full", joined=date(2018, 7, 1), converted=date(2019, 7, 1))
        assert (await rights_of(await known_people([person]), TODAY))[person].votes


async def test_what_stands_under_a_general_branch_is_known_by_the_tree(clerks: Clerks) -> None:
    """So the general branch's review is asked for before the committee approves (细则第二十二条)."""
    world = clerks.world
    async with county_session(world.county):
        wanted = UnitDraft(kind="general-branch", name="城关中学党总支")
        general = await service.create(world.admin, world.town.id, wanted, TODAY)
        branch = UnitDraft(kind="branch", name="语文组党支部")
        below = await service.create(world.admin, general.id, branch, TODAY)
        secretary = with_roles("语文组书记", ("branch-secretary", below))
        for unit, actor, expected in ((below, secretary, True), (world.east, world.secretary, False)):
            draft = PersonDraft(name=f"总支{expected}", born=date(1995, 3, 2))
            person = await enter(actor, unit.id, draft, TODAY)
            written = await open_case(actor, person, TODAY, LETTER, regime_for=clerks.regime_for, today=TODAY)
            case = await load_one(written.case_id)
            assert case is not None
            assert ("under-general-branch" in case.case.subject.tags) is expected
