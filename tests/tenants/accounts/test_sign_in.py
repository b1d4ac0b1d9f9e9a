"""Signing in: who gets in, what is said to who does not, and how guessing is slowed down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from argon2 import PasswordHasher

from core.errors import Invalid
from tenants.accounts import throttle
from tenants.accounts.errors import SignInFailed, TooManyAttempts
from tenants.accounts.passwords import matches, outdated
from tenants.accounts.service import change_password, create_account, set_active
from tenants.accounts.sign_in import enter as let_in
from tenants.accounts.sign_in import sign_in
from tenants.accounts.throttle import FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS
from tenants.database.session import county_session
from tenants.ground.clock import SHANGHAI
from tenants.ground.redis import redis_client
from tests.tenants.conftest import TODAY, Tree, acting

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
async def no_failures_yet(one_connection: None) -> None:
    await redis_client().flushdb()


async def person(tree: Tree, login: str) -> tuple[UUID, str]:
    admin = await acting(tree, "department-admin", tree.department)
    async with county_session(tree.county):
        made = await create_account(
            admin, login=login, name="李新", role="branch-secretary", unit_id=tree.branch, since=TODAY
        )
    return made.id, made.password


async def enter(county: UUID, login: str, password: str, address: str = "10.0.0.1") -> object:
    return await let_in(county, login, password, address=address, now=NOW, today=TODAY)


async def test_login_and_password_let_in_with_what_the_account_holds(tree: Tree) -> None:
    account, password = await person(tree, "enters")
    async with county_session(tree.county) as session:
        found = await sign_in(" Enters ", password, today=TODAY)
        assert found.actor.id == account
        assert found.must_change_password
        assert found.actor.may("case.record", "/d/c/b/")
        assert session.policy_version == found.policy_version
        noted = "select count(*) from ledger_entry where verb = 'account.signed-in' and subject_id = $1"
        assert await session.fetchval(noted, account) == 1


async def test_a_hash_made_with_weaker_settings_is_made_anew(tree: Tree) -> None:
    account, password = await person(tree, "rehashed")
    weaker = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(password)
    async with county_session(tree.county) as session:
        await session.execute("update account set password_hash = $2 where id = $1", account, weaker)
    await enter(tree.county, "rehashed", password)
    async with county_session(tree.county) as session:
        stored = await session.fetchval("select password_hash from account where id = $1", account)
    assert stored != weaker
    assert await matches(stored, password)
    assert not outdated(stored)


async def test_one_sentence_for_all_that_is_wrong(tree: Tree, counties: tuple[UUID, UUID]) -> None:
    account, password = await person(tree, "wrong")
    said = set()
    for county, login, given in (
        (tree.county, "wrong", "not-it"),
        (tree.county, "nobody", password),
        (counties[1], "wrong", password),
    ):
        with pytest.raises(SignInFailed) as refused:
            await enter(county, login, given)
        said.add(refused.value.sentence)
    admin = await acting(tree, "department-admin", tree.department)
    async with county_session(tree.county):
        await set_active(admin, account, False, TODAY)
    with pytest.raises(SignInFailed) as refused:
        await enter(tree.county, "wrong", password)
    said.add(refused.value.sentence)
    assert len(said) == 1


async def test_guessing_one_account_is_stopped_and_says_until_when(tree: Tree) -> None:
    _, password = await person(tree, "guessed")
    for number in range(FAILURES_PER_ACCOUNT):
        with pytest.raises(SignInFailed):
            await enter(tree.county, "guessed", f"guess-{number}", f"10.0.1.{number}")
    with pytest.raises(TooManyAttempts, match=r"请于 09:4\d 之后再试"):
        await enter(tree.county, "guessed", password, "10.0.1.99")


async def test_a_right_password_forgets_the_failures(tree: Tree) -> None:
    _, password = await person(tree, "forgetful")
    for _ in range(2):
        for _ in range(FAILURES_PER_ACCOUNT - 1):
            with pytest.raises(SignInFailed):
                await enter(tree.county, "forgetful", "wrong")
        await enter(tree.county, "forgetful", password)


async def test_guessing_many_accounts_from_one_address_is_slowed_and_shuts_nobody_out(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind one proxy it is a whole county's address."""
    _, password = await person(tree, "neighbour")
    slowed: list[int] = []

    async def never(stored: str | None, password: str) -> bool:
        return False

    def at_once(beyond: int) -> float:
        slowed.append(beyond)
        return 0

    monkeypatch.setattr(throttle, "delay", at_once)
    monkeypatch.setattr("tenants.accounts.sign_in.matches", never)
    for number in range(FAILURES_PER_ADDRESS):
        with pytest.raises(SignInFailed):
            await enter(tree.county, f"someone-{number}", "x", "10.9.9.9")
    assert slowed == []
    for number in range(2):
        with pytest.raises(SignInFailed):
            await enter(tree.county, f"one-more-{number}", "x", "10.9.9.9")
    assert slowed == [1, 2]
    monkeypatch.setattr("tenants.accounts.sign_in.matches", matches)
    await enter(tree.county, "neighbour", password, "10.9.9.9")
    monkeypatch.setattr(throttle, "SLOWED_AT_ONCE", 0)
    with pytest.raises(TooManyAttempts):
        await enter(tree.county, "one-too-many", "x", "10.9.9.9")
    with pytest.raises(SignInFailed):
        await enter(tree.county, "one-more", "x", "10.9.9.10")
    assert not throttle._slowed, "nobody is remembered who does not wait any more"


async def test_the_longer_it_is_tried_the_slower_it_goes() -> None:
    delays = [throttle.delay(beyond) for beyond in (1, 2, 50, 1_000)]
    assert delays == sorted(delays)
    assert (delays[0] > 1, delays[-1]) == (True, throttle.LONGEST_DELAY)


async def test_counters_keep_no_login_and_all_run_out(tree: Tree) -> None:
    with pytest.raises(SignInFailed):
        await enter(tree.county, "my-password-by-mistake", "x")
    keys = await redis_client().keys("sign-in:*")
    assert keys
    assert not [key for key in keys if "my-password" in key]
    assert all([await redis_client().ttl(key) > 0 for key in keys])


async def test_a_new_password_ends_the_other_sign_ins(tree: Tree) -> None:
    _, password = await person(tree, "renews")
    async with county_session(tree.county):
        before = await sign_in("renews", password, today=TODAY)
        epoch = await change_password(before.actor, password, "Qiu-Tian_2026")
        assert epoch == before.sign_in_epoch + 1
    async with county_session(tree.county):
        after = await sign_in("renews", "Qiu-Tian_2026", today=TODAY)
        assert not after.must_change_password
        for old, new, field in (
            ("wrong", "Xin-Mi-Ma_7", "old"),
            ("Qiu-Tian_2026", "Qiu-Tian_2026", "password"),
        ):
            with pytest.raises(Invalid) as refused:
                await change_password(after.actor, old, new)
            assert field in refused.value.fields
