"""Accounts and roles: who may give what to whom, and where."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from core.errors import Conflict, Forbidden, Invalid, NotFound
from tenants.accounts.access import actor_for, who_can_see
from tenants.accounts.grants import end_role, grant_role
from tenants.accounts.resets import reset_password
from tenants.accounts.service import account, accounts, create_account, set_active
from tenants.audit import entries
from tenants.counties import open_county
from tenants.database.session import county_session
from tests.tenants.conftest import TODAY, Tree, acting, add_person, plant

pytestmark = pytest.mark.anyio

TOMORROW = TODAY + timedelta(days=1)


async def test_an_account_is_made_with_its_first_role(tree: Tree) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    async with county_session(tree.county):
        made = await create_account(
            admin, login="Li.Xin", name="李新", role="branch-secretary", unit_id=tree.branch, since=TODAY
        )
        assert made.login == "li.xin"
        found = await actor_for(made.id, TODAY)
        assert found.must_change_password
        assert [held.role for held in found.actor.holdings] == ["branch-secretary"]
        assert made.password not in str(await entries(admin))


@pytest.mark.parametrize(
    ("login", "name", "role", "field"),
    [
        ("a", "李新", "branch-secretary", "login"),
        ("有汉字", "李新", "branch-secretary", "login"),
        ("good-login", "李", "branch-secretary", "name"),
        ("good-login", "李新", "emperor", "role"),
        ("good-login", "李新", "committee-secretary", "unit_id"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_written(
    tree: Tree, login: str, name: str, role: str, field: str
) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    async with county_session(tree.county) as session:
        with pytest.raises(Invalid) as refused:
            await create_account(admin, login=login, name=name, role=role, unit_id=tree.branch, since=TODAY)
        assert field in refused.value.fields
        assert await session.fetchval("select count(*) from account where login = $1", login) == 0


async def test_a_login_is_taken_once_in_a_county_and_free_in_the_next(tree: Tree, other_tree: Tree) -> None:
    for place in (tree, other_tree):
        admin = await acting(place, "department-admin", place.department)
        async with county_session(place.county):
            await create_account(
                admin, login="twice", name="李新", role="branch-secretary", unit_id=place.branch, since=TODAY
            )
            with pytest.raises(Conflict, match="已被使用"):
                await create_account(
                    admin,
                    login="twice",
                    name="李新",
                    role="branch-secretary",
                    unit_id=place.branch,
                    since=TODAY,
                )


async def test_the_unit_has_to_lie_within_his_reach(tree: Tree, other_tree: Tree) -> None:
    secretary = await acting(tree, "committee-secretary", tree.committee)
    somebody = await add_person(tree, "branch-organizer", tree.branch)
    for unit in (tree.other_branch, other_tree.branch, uuid4()):
        async with county_session(tree.county):
            with pytest.raises(NotFound):
                await grant_role(secretary, somebody, "branch-secretary", unit, since=TODAY)


async def test_no_role_above_ones_own_level_can_be_given(tree: Tree) -> None:
    secretary = await acting(tree, "committee-secretary", tree.committee)
    somebody = await add_person(tree, "branch-organizer", tree.branch)
    async with county_session(tree.county):
        await grant_role(secretary, somebody, "committee-organizer", tree.committee, since=TODAY)
        with pytest.raises(NotFound):
            await grant_role(secretary, somebody, "department-admin", tree.department, since=TODAY)
    organizer = await acting(tree, "department-organizer", tree.department)
    async with county_session(tree.county):
        with pytest.raises(Forbidden):
            await grant_role(organizer, somebody, "branch-secretary", tree.second_branch, since=TODAY)


async def test_nobody_raises_himself(tree: Tree) -> None:
    secretary = await acting(tree, "committee-secretary", tree.committee)
    async with county_session(tree.county):
        with pytest.raises(Forbidden, match="不能给自己"):
            await grant_role(secretary, secretary.id, "committee-organizer", tree.committee, since=TODAY)


async def test_a_role_is_given_for_a_time_and_not_twice(tree: Tree) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    somebody = await add_person(tree, "branch-organizer", tree.branch)
    async with county_session(tree.county):
        await grant_role(admin, somebody, "branch-secretary", tree.branch, since=TODAY, until=TOMORROW)
        with pytest.raises(Conflict, match="不必重复"):
            await grant_role(admin, somebody, "branch-secretary", tree.branch, since=TODAY)
        await grant_role(admin, somebody, "branch-secretary", tree.branch, since=TOMORROW)
        with pytest.raises(Invalid, match="晚于"):
            await grant_role(
                admin, somebody, "branch-secretary", tree.second_branch, since=TODAY, until=TODAY
            )


async def test_a_role_taken_back_holds_through_its_last_day(tree: Tree) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    somebody = await add_person(tree, "inspector", tree.committee)
    async with county_session(tree.county):
        grant = await grant_role(admin, somebody, "branch-secretary", tree.branch, since=TODAY)
        await end_role(admin, grant, last=TODAY, today=TODAY)
        assert (await actor_for(somebody, TODAY)).actor.may("case.record", "/d/c/b/")
        assert not (await actor_for(somebody, TOMORROW)).actor.may("case.record", "/d/c/b/")
        with pytest.raises(Conflict):
            await end_role(admin, grant, last=TODAY, today=TODAY)
        past = [item for item in (await account(admin, somebody, TODAY)).grants if item.until]
        assert [(item.role, item.until, item.holds) for item in past] == [
            ("branch-secretary", TOMORROW, True)
        ]
        assert not any(item.holds for item in (await account(admin, somebody, TOMORROW)).grants if item.until)


async def test_a_higher_role_is_not_for_a_lower_level_to_take(tree: Tree) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    secretary = await acting(tree, "committee-secretary", tree.committee)
    chief = await add_person(tree, "department-organizer", tree.department, "王主任")
    async with county_session(tree.county):
        grant = await grant_role(admin, chief, "branch-secretary", tree.branch, since=TODAY)
        for attempt in (
            set_active(secretary, chief, False, TODAY),
            reset_password(secretary, chief, TODAY),
        ):
            with pytest.raises(Forbidden, match="超出您的管理范围"):
                await attempt
        await end_role(secretary, grant, last=TODAY, today=TODAY)


async def test_switching_off_ends_sign_ins_and_can_be_undone(tree: Tree) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    somebody = await add_person(tree, "branch-organizer", tree.branch)
    async with county_session(tree.county):
        before = await actor_for(somebody, TODAY)
        await set_active(admin, somebody, False, TODAY)
        after = await actor_for(somebody, TODAY)
        assert not after.active
        assert after.sign_in_epoch > before.sign_in_epoch
        with pytest.raises(NotFound, match="停用"):
            await grant_role(admin, somebody, "branch-secretary", tree.branch, since=TODAY)
        await set_active(admin, somebody, True, TODAY)
        assert (await actor_for(somebody, TODAY)).active
        for act in (set_active(admin, admin.id, False, TODAY), reset_password(admin, admin.id, TODAY)):
            with pytest.raises(Forbidden, match="自己"):
                await act


async def test_lists_and_details_stay_within_reach(tree: Tree, other_tree: Tree) -> None:
    secretary = await acting(tree, "committee-secretary", tree.committee)
    near = await add_person(tree, "branch-organizer", tree.branch)
    far = await add_person(tree, "branch-organizer", tree.other_branch)
    abroad = await add_person(other_tree, "branch-organizer", other_tree.branch)
    async with county_session(tree.county):
        seen = {line.id: line for line in await accounts(secretary, TODAY)}
        assert near in seen
        assert seen[near].roles == ("东街党支部 党支部组织委员",)
        assert not {far, abroad} & seen.keys()
        for hidden in (far, abroad, uuid4()):
            with pytest.raises(NotFound):
                await account(secretary, hidden, TODAY)
            with pytest.raises(NotFound):
                await set_active(secretary, hidden, False, TODAY)
        organizer = (await actor_for(near, TODAY)).actor
        with pytest.raises(Forbidden):
            await accounts(organizer, TODAY)
        assert (await account(organizer, near, TODAY)).id == near


async def test_who_can_see_a_unit_names_everybody_whose_role_reaches_it(tree: Tree) -> None:
    secretary = await add_person(tree, "committee-secretary", tree.committee, "书记甲")
    branch = await acting(tree, "branch-secretary", tree.branch, "支书乙")
    await add_person(tree, "branch-secretary", tree.second_branch, "支书丙")
    async with county_session(tree.county):
        readers = await who_can_see(branch, tree.branch, TODAY)
        names = [reader.name for reader in readers]
        assert {"书记甲", "支书乙"} <= set(names)
        assert "支书丙" not in names
        assert names.index("支书乙") < names.index("书记甲")
        found = next(reader for reader in readers if reader.account_id == secretary)
        assert (found.role_title, found.unit_name) == ("党委书记", "城关镇党委")
        assert "case.view" in found.capabilities
        revealing = await who_can_see(branch, tree.branch, TODAY, "identity.reveal")
        assert all("identity.reveal" in reader.capabilities for reader in revealing)
        with pytest.raises(NotFound):
            await who_can_see(branch, tree.second_branch, TODAY)
        with pytest.raises(LookupError):
            await who_can_see(branch, tree.branch, TODAY, "case.peek")  # type: ignore[arg-type]


async def test_an_account_of_another_county_is_not_found(tree: Tree, counties: tuple[UUID, UUID]) -> None:
    somebody = await add_person(tree, "branch-secretary", tree.branch)
    async with county_session(counties[1]):
        with pytest.raises(NotFound):
            await actor_for(somebody, TODAY)


async def test_the_audit_log_is_shown_to_who_oversees_the_units(tree: Tree) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    somebody = await add_person(tree, "branch-organizer", tree.branch)
    async with county_session(tree.county):
        await grant_role(admin, somebody, "branch-secretary", tree.other_branch, since=date(2026, 1, 1))
        newest = (await entries(admin, limit=1))[0]
        assert (newest.verb, newest.title, newest.unit_name) == (
            "role.granted",
            "授予职务权限",
            "河口村党支部",
        )
        assert newest.detail == {"role": "branch-secretary", "since": "2026-01-01", "until": None}
        older = await entries(admin, before=newest.id, limit=3)
        assert newest.id not in {entry.id for entry in older}
        with pytest.raises(Forbidden):
            await entries((await actor_for(somebody, TODAY)).actor)


async def test_two_administrators_cannot_remove_each_other(one_connection: None) -> None:
    """As when both do it at the same moment: the second still believes in the role that the first has just taken back."""
    slug = f"c{uuid4().hex[:12]}"
    tree = await plant(await open_county(slug, slug, TODAY))
    first = await acting(tree, "department-admin", tree.department, "甲管理员")
    second = await acting(tree, "department-admin", tree.department, "乙管理员")
    grants = {}
    async with county_session(tree.county):
        for who in (first, second):
            (grants[who.id],) = (await account(first, who.id, TODAY)).grants
        await end_role(first, grants[second.id].id, last=TODAY - timedelta(days=1), today=TODAY)
    acts: tuple[Callable[[], Awaitable[None]], ...] = (
        lambda: end_role(second, grants[first.id].id, last=TODAY, today=TODAY),
        lambda: set_active(second, first.id, False, TODAY),
    )
    for act in acts:
        async with county_session(tree.county):
            with pytest.raises(Conflict, match="本县就没有组织部管理员了"):
                await act()
