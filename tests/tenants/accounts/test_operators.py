"""The platform's operators in a county: let in for days that are counted, by a ticket good once, out at the county's word."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from core.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from tenants.accounts.access import actor_for
from tenants.accounts.errors import SignInFailed
from tenants.accounts.operators import (
    LONGEST_DAYS,
    come_in,
    grant_operator,
    operator_grants,
    revoke_operator,
    ticket,
)
from tenants.accounts.sign_in import sign_in
from tenants.database.session import county_session, current_session, owner_session
from tests.tenants.conftest import TODAY, Tree, acting

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
PLAIN = {"role": "inspector", "purpose": "查导入失败的原因", "since": TODAY, "last": TODAY + 2 * DAY}


@pytest.fixture
async def admin(tree: Tree) -> Actor:
    return await acting(tree, "department-admin", tree.department, "管理员")


async def granted(admin: Actor, name: str, **other: object) -> UUID:
    return await grant_operator(admin, **{"name": name, "today": TODAY} | PLAIN | other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "李"}, "name"),
        ({"name": " 李\u200b "}, "name"),
        ({"name": "李" * 31}, "name"),
        ({"role": "department-admin"}, "role"),
        ({"role": "committee-organizer"}, "role"),
        ({"purpose": " "}, "purpose"),
        ({"purpose": "查" * 201}, "purpose"),
        ({"since": TODAY - DAY}, "since"),
        ({"last": TODAY - DAY}, "last"),
        ({"last": TODAY + LONGEST_DAYS * DAY}, "last"),
        ({"since": date.max, "last": date.max}, "last"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    wrong: dict[str, object], field: str, tree: Tree, admin: Actor
) -> None:
    async with county_session(tree.county):
        before = len(await operator_grants(admin))
        with pytest.raises(Invalid) as refused:
            await granted(admin, **{"name": "李运维"} | wrong)  # type: ignore[arg-type]
        assert [*refused.value.fields] == [field]
        assert len(await operator_grants(admin)) == before


async def test_who_has_not_the_whole_county_lets_nobody_in_and_hears_of_nobody(
    tree: Tree, admin: Actor
) -> None:
    others = [
        await acting(tree, "department-organizer", tree.department),
        await acting(tree, "committee-secretary", tree.committee),
        await acting(tree, "audit-admin", tree.department),
    ]
    async with county_session(tree.county):
        made = await granted(admin, "孙运维")
        for other in others:
            with pytest.raises(Forbidden):
                await granted(other, "孙运维")
            with pytest.raises(Forbidden):
                await operator_grants(other)
            with pytest.raises(NotFound):
                await revoke_operator(other, made, TODAY)
        assert (await operator_grants(admin))[0].revoked_at is None


async def test_he_is_let_in_from_the_first_day_through_the_last(tree: Tree, admin: Actor) -> None:
    first, last = TODAY + DAY, TODAY + LONGEST_DAYS * DAY
    async with county_session(tree.county):
        await granted(admin, "周运维", since=first, last=last)
        for day, in_ in ((TODAY, False), (first, True), (last, True), (last + DAY, False)):
            if in_:
                found = await come_in(await ticket(" 周运维 ", day), day)
                assert (found.actor.name, found.operator_until) == ("平台运维·周运维", last + DAY)
                assert [one.role for one in found.actor.holdings] == ["inspector"]
            else:
                with pytest.raises(NotFound, match=r"没有准许周运维今天进入.*运维访问"):
                    await ticket("周运维", day)
        [listed] = [one for one in await operator_grants(admin) if one.name == "平台运维·周运维"]
        assert (listed.acts, listed.entered_at is not None, listed.by_name) == (2, True, "管理员")
        for day in (TODAY, last + DAY):
            assert not (await actor_for(listed.account_id, day)).active


async def test_one_grant_at_a_time_and_one_account_for_all(tree: Tree, admin: Actor) -> None:
    async with county_session(tree.county) as session:
        made = await granted(admin, "吴运维")
        for since, last in ((0, 2), (2, 4), (1, 1)):
            with pytest.raises(Conflict, match="已经准许他了"):
                await granted(admin, "吴运维", since=TODAY + since * DAY, last=TODAY + last * DAY)
        await granted(admin, "吴运维", since=TODAY + 3 * DAY, last=TODAY + 4 * DAY)
        await granted(admin, "郑运维")
        await revoke_operator(admin, made, TODAY)
        await granted(admin, "吴运维")
        count = "select count(*) from account where operator and name = '平台运维·吴运维'"
        assert await session.fetchval(count) == 1


async def test_a_ticket_is_good_once_for_ten_minutes_and_the_last_one_alone(tree: Tree, admin: Actor) -> None:
    async with county_session(tree.county):
        made = await granted(admin, "王运维")
        first, second = await ticket("王运维", TODAY), await ticket("王运维", TODAY)
        with pytest.raises(SignInFailed, match="已经用过、过期，或者县里已经收回准许"):
            await come_in(first, TODAY)
        await come_in(second, TODAY)
        for secret in (second, "", "x" * 43):
            with pytest.raises(SignInFailed):
                await come_in(secret, TODAY)
        third = await ticket("王运维", TODAY)
        kept = await current_session().fetchval("select ticket from operator_grant where id = $1", made)
        assert third.encode() not in kept
    async with owner_session(tree.county) as session:
        late = await session.fetchval("select ticket_until - now() from operator_grant where id = $1", made)
        assert timedelta(minutes=9) < late <= timedelta(minutes=10)
        await session.execute("update operator_grant set ticket_until = now() where id = $1", made)
    async with county_session(tree.county):
        with pytest.raises(SignInFailed):
            await come_in(third, TODAY)
        with pytest.raises(SignInFailed):
            await come_in(await ticket("王运维", TODAY), TODAY + 3 * DAY)


async def test_a_ticket_of_one_county_opens_no_other(tree: Tree, other_tree: Tree, admin: Actor) -> None:
    async with county_session(tree.county):
        await granted(admin, "冯运维")
        secret = await ticket("冯运维", TODAY)
    async with county_session(other_tree.county):
        with pytest.raises(SignInFailed):
            await come_in(secret, TODAY)
        with pytest.raises(NotFound):
            await ticket("冯运维", TODAY)


async def test_what_is_taken_back_ends_at_once(tree: Tree, admin: Actor) -> None:
    async with county_session(tree.county):
        made = await granted(admin, "陈运维")
        found = await come_in(await ticket("陈运维", TODAY), TODAY)
        waits = await ticket("陈运维", TODAY)
        await revoke_operator(admin, made, TODAY)
        after = await actor_for(found.actor.id, TODAY)
        assert not after.active
        assert after.sign_in_epoch > found.sign_in_epoch
        assert after.actor.holdings == ()
        with pytest.raises(SignInFailed):
            await come_in(waits, TODAY)
        with pytest.raises(NotFound):
            await ticket("陈运维", TODAY)
        for again in (made, uuid4()):
            with pytest.raises(NotFound, match="没有找到这项准许"):
                await revoke_operator(admin, again, TODAY)
        over = await granted(admin, "陈运维")
        with pytest.raises(NotFound):
            await revoke_operator(admin, over, TODAY + 3 * DAY)


async def test_by_password_no_operator_comes_in(tree: Tree, admin: Actor) -> None:
    async with county_session(tree.county) as session:
        await granted(admin, "褚运维")
        login = await session.fetchval("select login from account where name = '平台运维·褚运维'")
        for password in ("", "x", "None"):
            with pytest.raises(SignInFailed):
                await sign_in(login, password, today=TODAY)
