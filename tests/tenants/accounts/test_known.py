"""What an account holds is read once and then only asked after; any change takes effect with the very next session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from core.database import execute, fetchval
from tenants.accounts.access import actor_for
from tenants.accounts.grants import end_role, grant_role, grants_of
from tenants.accounts.known import SignedIn, question
from tenants.accounts.service import set_active
from tenants.database.session import county_session
from tests.tenants.conftest import TODAY, Tree, acting, add_person

pytestmark = pytest.mark.anyio

Change = Callable[[Tree, UUID], Awaitable[object]]


async def looked(tree: Tree, account: UUID) -> tuple[SignedIn, bool]:
    """What a request finds, and whether it was only asked after."""
    async with county_session(tree.county, question(tree.county, account, TODAY)) as session:
        asked = session.answered
        return await actor_for(account, TODAY), asked


async def test_what_has_not_changed_is_not_read_again(tree: Tree) -> None:
    account = await add_person(tree, "branch-secretary", tree.branch)
    first, asked = await looked(tree, account)
    assert not asked
    again, asked = await looked(tree, account)
    assert asked
    assert again is first
    async with county_session(tree.county, question(tree.county, account, TODAY)) as session:
        await actor_for(account, TODAY)
        assert session.policy_version == first.policy_version


async def _grant(tree: Tree, account: UUID) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    async with county_session(tree.county):
        await grant_role(admin, account, "inspector", tree.department, since=TODAY)


async def _end(tree: Tree, account: UUID) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    async with county_session(tree.county):
        [held] = await grants_of(account, TODAY)
        await end_role(admin, held.id, last=TODAY.replace(day=TODAY.day - 1), today=TODAY)


async def _switch_off(tree: Tree, account: UUID) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    async with county_session(tree.county):
        await set_active(admin, account, False, TODAY)


async def _move(tree: Tree, account: UUID) -> None:
    async with county_session(tree.county):
        await execute("update unit set path = '/d/moved/' where id = $1", tree.branch)


async def _adopt(tree: Tree, account: UUID) -> None:
    async with county_session(tree.county) as session:
        await execute(
            "update county set policy_version = policy_version + 1 where id = $1", session.county_id
        )


@pytest.mark.parametrize("change", [_grant, _end, _switch_off, _move, _adopt])
async def test_a_change_takes_effect_at_once(change: Change, tree: Tree) -> None:
    account = await add_person(tree, "branch-secretary", tree.branch)
    before, _ = await looked(tree, account)
    await change(tree, account)
    after, asked = await looked(tree, account)
    assert not asked
    assert after != before


async def test_a_change_within_the_session_is_seen_by_the_next(tree: Tree) -> None:
    account = await add_person(tree, "branch-secretary", tree.branch)
    await looked(tree, account)
    await _switch_off(tree, account)
    assert not (await looked(tree, account))[0].active
    assert (await looked(tree, account))[1]


async def test_the_answer_of_one_county_says_nothing_about_another(tree: Tree, other_tree: Tree) -> None:
    account = await add_person(tree, "branch-secretary", tree.branch)
    await looked(tree, account)
    asking = question(tree.county, account, TODAY)
    async with county_session(other_tree.county, asking) as session:
        assert not session.answered
        assert await fetchval("select count(*) from account where id = $1", account) == 0
