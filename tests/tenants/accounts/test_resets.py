"""A password or a second factor is taken off by two administrators, or by the operator where the county cannot; never by one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pyotp
import pytest

from core.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.register.model import PersonDraft
from core.register.service import enter
from tenants.accounts import totp
from tenants.accounts.access import actor_for
from tenants.accounts.errors import SignInFailed
from tenants.accounts.former import KEPT
from tenants.accounts.owner import set_owner
from tenants.accounts.resets import (
    FACTOR,
    last_reset,
    reset_as_operator,
    reset_factor,
    reset_password,
    waiting,
)
from tenants.accounts.service import change_password, create_account, set_active
from tenants.accounts.sign_in import sign_in
from tenants.accounts.tokens import listed, make
from tenants.counties import open_county
from tenants.database import vault
from tenants.database.session import county_session, current_session, owner_session
from tenants.ground.clock import SHANGHAI
from tests.tenants.conftest import TODAY, Tree, acting, plant
from tests.web.conftest import everything

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 21, 9, 30, 10, tzinfo=SHANGHAI)
OPERATOR = Actor(UUID(int=0), "平台运维")


@pytest.fixture
async def place(one_connection: None) -> Tree:
    """A county of its own."""
    vault.install()
    slug = f"c{uuid4().hex[:12]}"
    return await plant(await open_county(slug, slug, TODAY))


async def person(tree: Tree, admin: Actor, login: str = "li.xin") -> tuple[Actor, str]:
    """A branch's secretary with a password of his own."""
    async with county_session(tree.county):
        made = await create_account(
            admin, login=login, name="李新", role="branch-secretary", unit_id=tree.branch, since=TODAY
        )
        await change_password(Actor(made.id, "李新"), made.password, "Qiu-Tian_2026")
        return (await actor_for(made.id, TODAY)).actor, "Qiu-Tian_2026"


async def two(place: Tree) -> tuple[Actor, Actor]:
    return (
        await acting(place, "department-admin", place.department, "甲管理员"),
        await acting(place, "department-admin", place.department, "乙管理员"),
    )


async def test_one_asks_and_another_agrees(place: Tree) -> None:
    first, second = await two(place)
    owner, password = await person(place, first)
    async with county_session(place.county):
        await make(owner, kind="token", name="试", scopes=["org.view"], read_only=True, days=9)
        before = await actor_for(owner.id, TODAY)
        assert await reset_password(first, owner.id, TODAY) is None
        found = await waiting(owner.id)
        assert found is not None
        assert (found.by, found.by_name, await waiting(owner.id, FACTOR)) == (first.id, "甲管理员", None)
        with pytest.raises(Conflict, match=r"您已于 .* 提出重置，须由另一位管理员"):
            await reset_password(first, owner.id, TODAY)
        await sign_in("li.xin", password, today=TODAY)
        new = await reset_password(second, owner.id, TODAY)
        assert new is not None
        after = await actor_for(owner.id, TODAY)
        assert (after.must_change_password, after.sign_in_epoch) == (True, before.sign_in_epoch + 1)
        assert await listed(owner) == [], "what programs have in his name is revoked"
        assert await waiting(owner.id) is None
        reset = await last_reset(owner.id)
        assert reset is not None
        assert sorted(reset.names) == ["乙管理员", "甲管理员"]
        kind = await current_session().fetchval("select kind from notice where account_id = $1", owner.id)
        assert kind == "reset"
        assert await reset_password(second, owner.id, TODAY) is None, "the next one needs two again"


async def test_a_request_waits_as_long_as_a_first_password_lasts(place: Tree) -> None:
    first, second = await two(place)
    owner, _ = await person(place, first)
    async with county_session(place.county):
        await reset_password(first, owner.id, TODAY)
    for hours, waits in ((71, True), (73, False)):
        async with owner_session(place.county) as session:
            await session.execute(
                "update account_reset set asked_at = now() - make_interval(hours => $1)", hours
            )
        async with county_session(place.county):
            assert (await waiting(owner.id) is not None) is waits, hours
    async with county_session(place.county):
        assert await reset_password(second, owner.id, TODAY) is None, "it is asked for anew"
        assert await reset_password(first, owner.id, TODAY) is not None


async def test_two_accounts_of_one_person_are_one_hand(place: Tree) -> None:
    first, second = await two(place)
    third = await acting(place, "department-admin", place.department, "丙管理员")
    owner, _ = await person(place, first)
    async with county_session(place.county):
        same = await enter(everything(), place.branch, PersonDraft(name="甲管理员"), TODAY)
        await set_owner(third, first.id, same, TODAY)
        await set_owner(third, second.id, same, TODAY)
        ones = [(await actor_for(one.id, TODAY)).actor for one in (first, second)]
        await reset_password(ones[0], owner.id, TODAY)
        with pytest.raises(Conflict, match="须由另一位管理员"):
            await reset_password(ones[1], owner.id, TODAY)
        with pytest.raises(Forbidden):
            await reset_password(ones[1], first.id, TODAY)
        assert await reset_password(third, owner.id, TODAY) is not None


Attempt = Callable[[Actor, UUID], Awaitable[object]]


async def _password(actor: Actor, account: UUID) -> object:
    return await reset_password(actor, account, TODAY)


async def _factor(actor: Actor, account: UUID) -> object:
    return await reset_factor(actor, account, TODAY)


@pytest.mark.parametrize("attempt", [_password, _factor])
async def test_who_has_no_say_about_an_account(attempt: Attempt, place: Tree) -> None:
    first, _ = await two(place)
    owner, _ = await person(place, first)
    above = await acting(place, "department-organizer", place.department)
    committee = await acting(place, "committee-secretary", place.committee)
    elsewhere = await acting(place, "committee-secretary", place.other_committee)
    async with county_session(place.county):
        for who, whom, error in (
            (first, first.id, Forbidden),
            (above, owner.id, NotFound),
            (elsewhere, owner.id, NotFound),
            (committee, above.id, NotFound),
            (first, uuid4(), NotFound),
        ):
            with pytest.raises(error):
                await attempt(who, whom)
        assert not await attempt(committee, owner.id), "whoever administers all that he holds may ask"


async def test_where_there_is_nobody_to_agree_it_is_said_who_can_help(place: Tree) -> None:
    first, second = await two(place)
    owner, _ = await person(place, first)
    async with county_session(place.county):
        await set_active(first, second.id, False, TODAY)
        with pytest.raises(Conflict, match="dangwu counties 代号 --reset 登录名") as refused:
            await reset_password(first, owner.id, TODAY)
        assert refused.value.code == "alone"
        assert await waiting(owner.id) is None
        await set_active(first, second.id, True, TODAY)
        assert await reset_password(first, owner.id, TODAY) is None


async def test_a_second_factor_goes_the_same_way_and_a_password_stays(place: Tree) -> None:
    first, second = await two(place)
    owner, password = await person(place, first)
    async with county_session(place.county):
        code = pyotp.TOTP((await totp.begin(owner)).secret).generate_otp(int(NOW.timestamp()) // 30)
        await totp.confirm(owner, code, NOW)
        await reset_password(first, owner.id, TODAY)
        assert not await reset_factor(second, owner.id, TODAY), (
            "that the other asked for a password is another thing"
        )
        assert (await actor_for(owner.id, TODAY)).second_factor
        before = (await actor_for(owner.id, TODAY)).sign_in_epoch
        assert await reset_factor(first, owner.id, TODAY)
        after = await actor_for(owner.id, TODAY)
        assert (after.second_factor, after.sign_in_epoch) == (False, before + 1)
        assert await waiting(owner.id) is not None, "and the password's request still waits"
        assert (await sign_in("li.xin", password, today=TODAY)).actor.id == owner.id
        assert await last_reset(owner.id) is None


async def test_the_operator_helps_administrators_and_where_there_is_just_one(place: Tree) -> None:
    first, second = await two(place)
    _, password = await person(place, first)
    logins = {}
    async with county_session(place.county) as session:
        for who in (first, second):
            logins[who.id] = await session.fetchval("select login from account where id = $1", who.id)
        for login in ("li.xin", "nobody"):
            with pytest.raises(Conflict, match=f"“{login}”不是该县在用的组织部管理员账号"):
                await reset_as_operator(OPERATOR, login, TODAY)
        assert await reset_as_operator(OPERATOR, f" {logins[first.id].upper()} ", TODAY)
        reset = await last_reset(first.id)
        assert reset is not None
        assert reset.names == ("平台运行维护人员",)
        await set_active(first, second.id, False, TODAY)
        with pytest.raises(Conflict):
            await reset_as_operator(OPERATOR, logins[second.id], TODAY)
        new = await reset_as_operator(OPERATOR, "li.xin", TODAY)
        assert new != password
        assert (await sign_in("li.xin", new, today=TODAY)).must_change_password


async def test_the_last_passwords_are_not_taken_again(place: Tree) -> None:
    first, second = await two(place)
    owner, password = await person(place, first)
    async with county_session(place.county):
        had = [password]
        for number in range(KEPT):
            new = f"Qiu-Tian_20{30 + number}"
            await change_password(owner, had[-1], new)
            had.append(new)
        for again in had[1:-1]:
            with pytest.raises(Invalid, match="最近用过的密码"):
                await change_password(owner, had[-1], again)
        await reset_password(first, owner.id, TODAY)
        given = await reset_password(second, owner.id, TODAY)
        assert given is not None
        with pytest.raises(Invalid, match="最近用过的密码"):
            await change_password(owner, given, had[-1])
        await change_password(owner, given, password)
        kept = "select count(*) from former_password where account_id = $1"
        assert await current_session().fetchval(kept, owner.id) == KEPT


async def test_a_first_password_is_good_for_three_days(place: Tree) -> None:
    admin, _ = await two(place)
    async with county_session(place.county) as session:
        made = await create_account(
            admin, login="new.one", name="新人", role="branch-secretary", unit_id=place.branch, since=TODAY
        )
        left = await session.fetchval("select password_until - now() from account where id = $1", made.id)
        assert timedelta(hours=71) < left <= timedelta(hours=72)
        assert made.password not in str(await session.fetch("select * from account where id = $1", made.id))
        await sign_in("new.one", made.password, today=TODAY)
        await session.execute("update account set password_until = now() where id = $1", made.id)
    async with county_session(place.county):
        with pytest.raises(SignInFailed, match="初始密码已超过 72 小时"):
            await sign_in("new.one", made.password, today=TODAY)
        with pytest.raises(SignInFailed, match="登录名或密码不正确"):
            await sign_in("new.one", "guessed", today=TODAY)


async def test_a_role_that_is_declared_no_more_keeps_nobody_out(place: Tree) -> None:
    """Of an older release: it gives nothing, and lies below everybody."""
    first, second = await two(place)
    owner, _ = await person(place, first)
    async with owner_session(place.county) as session:
        await session.execute("update holding set role = 'gone' where account_id = $1", owner.id)
    async with county_session(place.county):
        assert (await actor_for(owner.id, TODAY)).actor.holdings == ()
        assert await reset_password(first, owner.id, TODAY) is None
        assert await reset_password(second, owner.id, TODAY) is not None
