"""三员分立 as the services keep it: on whatever day two of the three roles would meet in one person, it is refused."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from core.actor import Actor
from core.errors import Conflict, Forbidden
from core.register.model import PersonDraft
from core.register.service import enter
from tenants.accounts.apart import lacks_for_apart, refuse_one_person, set_apart
from tenants.accounts.grants import end_role, grant_role, grants_of
from tenants.accounts.owner import set_owner
from tenants.accounts.service import create_account, set_active
from tenants.counties import open_county
from tenants.database.session import county_session
from tests.tenants.conftest import TODAY, Tree, acting, add_person, plant
from tests.web.conftest import everything

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
APART = ("system-admin", "security-admin", "audit-admin")


@pytest.fixture
async def place(one_connection: None) -> Tree:
    """A county of its own."""
    slug = f"c{uuid4().hex[:12]}"
    return await plant(await open_county(slug, slug, TODAY))


async def given(admin: Actor, account: UUID, role: str, at: UUID, since: date = TODAY) -> UUID:
    return await grant_role(admin, account, role, at, since=since)


@pytest.mark.parametrize("held", [*APART, "department-admin"])
async def test_no_account_holds_two_of_them(held: str, tree: Tree) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    account = await add_person(tree, held, tree.department)
    async with county_session(tree.county):
        for wanted in (*APART, "department-admin"):
            if wanted != held:
                with pytest.raises(Conflict, match="须由不同的人担任") as refused:
                    await given(admin, account, wanted, tree.department)
                assert "role" in refused.value.fields
        await given(admin, account, "inspector", tree.department)


async def test_what_is_over_by_then_is_in_nobodys_way(tree: Tree) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    account = await add_person(tree, "audit-admin", tree.department)
    async with county_session(tree.county):
        [held] = await grants_of(account, TODAY)
        await end_role(admin, held.id, last=TODAY + 9 * DAY, today=TODAY)
        with pytest.raises(Conflict):
            await given(admin, account, "system-admin", tree.department, TODAY + 9 * DAY)
        await given(admin, account, "system-admin", tree.department, TODAY + 10 * DAY)


async def test_nor_do_two_accounts_of_one_person(tree: Tree) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    first = await add_person(tree, "audit-admin", tree.department)
    second = await add_person(tree, "inspector", tree.department)
    system = await add_person(tree, "system-admin", tree.department)
    async with county_session(tree.county):
        person = await enter(everything(), tree.branch, PersonDraft(name="张三"), TODAY)
        other = await enter(everything(), tree.branch, PersonDraft(name="李四"), TODAY)
        await set_owner(admin, first, person, TODAY)
        await set_owner(admin, second, person, TODAY)
        with pytest.raises(Conflict, match="“审计管理员”，不能再有“系统管理员”"):
            await given(admin, second, "system-admin", tree.department)
        await refuse_one_person(person, TODAY)
        await refuse_one_person(other, TODAY)
        await set_owner(admin, system, other, TODAY)
    async with county_session(tree.county) as session:
        # Two files turn out to be one man's.
        await session.execute("update account set person_id = $1 where id = $2", person, system)
        with pytest.raises(Conflict, match=r"“审计管理员”“系统管理员”.*不能合并成一个人") as refused:
            await refuse_one_person(person, TODAY)
        assert refused.value.code == "apart"


async def test_three_people_first_and_then_for_good(place: Tree) -> None:
    admin = await acting(place, "department-admin", place.department)
    security = await add_person(place, "security-admin", place.department)
    organizer = await acting(place, "department-organizer", place.department)
    async with county_session(place.county):
        assert "还没有系统管理员、审计管理员" in await lacks_for_apart(TODAY)
        with pytest.raises(Conflict, match="还没有系统管理员、审计管理员"):
            await set_apart(admin, TODAY)
        with pytest.raises(Forbidden):
            await set_apart(organizer, TODAY)
    system = await add_person(place, "system-admin", place.department)
    auditor = await add_person(place, "audit-admin", place.department)
    keeper = await acting(place, "security-admin", place.department)
    async with county_session(place.county):
        assert "还有人是组织部管理员" in await lacks_for_apart(TODAY)
        await set_active(admin, auditor, False, TODAY)
        assert "还没有审计管理员" in await lacks_for_apart(TODAY), "who is switched off audits nothing"
        await set_active(admin, auditor, True, TODAY)
        [held] = await grants_of(admin.id, TODAY)
        await end_role(keeper, held.id, last=TODAY - DAY, today=TODAY)
        assert await lacks_for_apart(TODAY) == ""
        await set_apart(keeper, TODAY)
        with pytest.raises(Conflict, match="本县已实行三员分立，不再设组织部管理员"):
            await given(keeper, system, "department-admin", place.department)
        with pytest.raises(Conflict, match="不再设组织部管理员"):
            await create_account(
                keeper, login="again", name="又一人", role="department-admin", unit_id=place.department, since=TODAY
            )  # fmt: skip
        with pytest.raises(Conflict, match="须由不同的人担任"):
            await given(keeper, security, "audit-admin", place.department)


async def test_a_right_that_begins_later_keeps_no_county_open(place: Tree) -> None:
    """Until it begins nobody could give anything to anybody."""
    admin = await acting(place, "department-admin", place.department)
    second = await acting(place, "department-admin", place.department)
    later = await add_person(place, "inspector", place.committee)
    async with county_session(place.county) as session:
        await given(admin, later, "department-admin", place.department, TODAY + 30 * DAY)
        [held] = await grants_of(second.id, TODAY)
        await end_role(admin, held.id, last=TODAY, today=TODAY)
        [own] = await grants_of(admin.id, TODAY)
        for act in (
            end_role(second, own.id, last=TODAY, today=TODAY),
            set_active(second, admin.id, False, TODAY),
        ):
            with pytest.raises(Conflict, match="本县就没有组织部管理员了"):
                async with session.savepoint():
                    await act
        await end_role(second, own.id, last=TODAY + 29 * DAY, today=TODAY)
