"""The second factor: which digits let in, when, and how often; what a recovery code is good for; and that guessing is counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pyotp
import pytest

from core.actor import Actor
from core.errors import Conflict, Invalid
from tenants.accounts import recovery, totp
from tenants.accounts.access import actor_for
from tenants.accounts.errors import SignInFailed, TooManyAttempts
from tenants.accounts.passwords import hash_password
from tenants.accounts.security import ask_factor_of, owes
from tenants.accounts.service import sign_out
from tenants.accounts.sign_in import enter_code, sign_in
from tenants.accounts.throttle import (
    BEGUN_PER_ADDRESS,
    FAILURES_PER_ACCOUNT,
    FAILURES_PER_ADDRESS,
    begun,
    guarded,
)
from tenants.database import vault
from tenants.database.session import county_session, current_session
from tenants.ground.clock import SHANGHAI
from tenants.ground.redis import redis_client
from tests.tenants.conftest import TODAY, Tree, acting

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 21, 9, 30, 10, tzinfo=SHANGHAI)
HALF = timedelta(seconds=totp.SECONDS)


@pytest.fixture(autouse=True)
async def no_failures_yet(one_connection: None) -> None:
    vault.install()
    await redis_client().flushdb()


class Phone:
    """An authenticator; its clock is ours."""

    def __init__(self, secret: str) -> None:
        self._one = pyotp.TOTP(secret)

    def shows(self, steps: int = 0, at: datetime = NOW) -> str:
        return self._one.generate_otp(int(at.timestamp()) // totp.SECONDS + steps)


async def with_factor(tree: Tree) -> tuple[Actor, Phone, tuple[str, ...]]:
    """Somebody who has set one up an hour ago; in a session of its own."""
    actor = await acting(tree, "branch-secretary", tree.branch, "韩新")
    async with county_session(tree.county):
        phone = Phone((await totp.begin(actor)).secret)
        codes = await totp.confirm(actor, phone.shows(at=NOW - timedelta(hours=1)), NOW - timedelta(hours=1))
    return actor, phone, codes


async def test_it_counts_from_the_first_right_code_on(tree: Tree) -> None:
    actor = await acting(tree, "branch-secretary", tree.branch, "韩新")
    async with county_session(tree.county):
        offer = await totp.begin(actor)
        assert (await totp.begin(actor)).secret == offer.secret, "who looks again need not photograph again"
        assert offer.uri.startswith("otpauth://totp/%E5%85%9A%E5%8A%A1:")
        kept = await current_session().fetchval(
            "select secret from second_factor where account_id = $1", actor.id
        )
        assert offer.secret.encode() not in kept
        phone = Phone(offer.secret)
        with pytest.raises(Invalid) as refused:
            await totp.confirm(actor, phone.shows(9), NOW)
        assert "code" in refused.value.fields
        assert not (await actor_for(actor.id, TODAY)).second_factor
        codes = await totp.confirm(actor, f" {phone.shows()[:3]} {phone.shows()[3:]} ", NOW)
        assert (await actor_for(actor.id, TODAY)).second_factor
        assert len({*codes}) == recovery.COUNT == await recovery.left(actor.id)
        with pytest.raises(Conflict, match="已经启用了动态口令"):
            await totp.begin(actor)
        with pytest.raises(SignInFailed):
            await totp.check(actor.id, phone.shows(), NOW)


@pytest.mark.parametrize(("steps", "lets_in"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_a_clock_may_be_half_a_minute_wrong(steps: int, lets_in: bool, tree: Tree) -> None:
    actor, phone, _ = await with_factor(tree)
    async with county_session(tree.county):
        if lets_in:
            await totp.check(actor.id, phone.shows(steps), NOW)
        else:
            with pytest.raises(SignInFailed):
                await totp.check(actor.id, phone.shows(steps), NOW)


async def test_each_code_once_and_none_from_before_it(tree: Tree) -> None:
    actor, phone, _ = await with_factor(tree)
    async with county_session(tree.county):
        await totp.check(actor.id, phone.shows(), NOW)
        for steps in (0, -1):
            with pytest.raises(SignInFailed):
                await totp.check(actor.id, phone.shows(steps), NOW)
        await totp.check(actor.id, phone.shows(1), NOW)
        await totp.check(actor.id, phone.shows(2), NOW + HALF)


@pytest.mark.parametrize("typed", ["", "12345", "１２３４５６", "²³²³²³", "abcdef", "0" * 400])
async def test_what_is_no_code_is_refused_like_a_wrong_one(typed: str, tree: Tree) -> None:
    actor, _, _ = await with_factor(tree)
    async with county_session(tree.county):
        with pytest.raises(SignInFailed, match="动态口令不正确，或已经用过"):
            await totp.check(actor.id, typed, NOW)


async def test_a_recovery_code_stands_once_for_the_telephone(tree: Tree) -> None:
    actor, phone, codes = await with_factor(tree)
    other, _, _ = await with_factor(tree)
    async with county_session(tree.county):
        await totp.check(actor.id, f" {codes[0].upper()} ", NOW)
        assert await recovery.left(actor.id) == recovery.COUNT - 1
        for account, code in ((actor.id, codes[0]), (other.id, codes[1]), (actor.id, codes[1][:-1])):
            with pytest.raises(SignInFailed):
                await totp.check(account, code, NOW)
        new = await totp.renew_codes(actor, codes[1], NOW)
        assert await recovery.left(actor.id) == recovery.COUNT
        with pytest.raises(SignInFailed):
            await totp.check(actor.id, codes[2], NOW)
        with pytest.raises(SignInFailed):
            await totp.give_up(actor, codes[3], NOW)
        await totp.give_up(actor, new[0], NOW)
        assert not (await actor_for(actor.id, TODAY)).second_factor
        with pytest.raises(SignInFailed):
            await totp.check(actor.id, phone.shows(), NOW)
        assert await recovery.left(actor.id) == 0
        assert (await actor_for(other.id, TODAY)).second_factor


async def test_recovery_codes_have_no_letters_that_look_alike() -> None:
    said = {letter for _ in range(200) for letter in recovery._part()}
    assert not said & set("il1o0")
    assert len(said) > 20


async def half_way(tree: Tree, account: UUID, code: str, epoch: int = 1, address: str = "10.0.0.1") -> object:
    """The second half of a sign-in."""
    return await enter_code(tree.county, account, code, epoch=epoch, address=address, now=NOW, today=TODAY)


async def test_the_second_half_of_a_sign_in(tree: Tree) -> None:
    actor, phone, _ = await with_factor(tree)
    admin = await acting(tree, "department-admin", tree.department)
    with pytest.raises(SignInFailed, match="动态口令不正确"):
        await half_way(tree, actor.id, "000000", address="10.0.0.9")
    async with county_session(tree.county) as session:
        row = await session.fetchrow(
            "select verb, subject_id, said from ledger_entry order by id desc limit 1"
        )
        assert row is not None
        assert (row["verb"], row["subject_id"]) == ("account.sign-in-failed", actor.id)
        assert "10.0.0.9" in row["said"]
    await half_way(tree, actor.id, phone.shows())
    async with county_session(tree.county) as session:
        last = "select verb from ledger_entry where by_id = $1 order by id desc limit 1"
        assert await session.fetchval(last, actor.id) == "account.signed-in"
        await sign_out(admin, actor.id, TODAY)
    with pytest.raises(SignInFailed, match="登录名或密码不正确"):
        await half_way(tree, actor.id, phone.shows(1))
    await half_way(tree, actor.id, phone.shows(1), epoch=2)


async def test_guessing_codes_is_counted_by_itself(tree: Tree) -> None:
    actor, phone, _ = await with_factor(tree)
    for _ in range(FAILURES_PER_ACCOUNT):
        with pytest.raises(SignInFailed):
            await half_way(tree, actor.id, "000000")
    with pytest.raises(TooManyAttempts):
        await half_way(tree, actor.id, phone.shows())
    await redis_client().flushdb()
    for _ in range(FAILURES_PER_ACCOUNT - 1):
        with pytest.raises(SignInFailed):
            await half_way(tree, actor.id, "000000")
    await half_way(tree, actor.id, phone.shows())
    with pytest.raises(SignInFailed):
        await half_way(tree, actor.id, "000000")


async def test_whoever_is_signed_in_guesses_no_more_than_at_the_gate(tree: Tree) -> None:
    """Else who has found an open computer would try the codes of its owner on the page of his own account."""
    actor, _, _ = await with_factor(tree)
    for _ in range(FAILURES_PER_ACCOUNT):
        with pytest.raises(SignInFailed):
            async with guarded(tree.county, actor.id, NOW), county_session(tree.county):
                await totp.give_up(actor, "000000", NOW)
    with pytest.raises(TooManyAttempts, match=r"请于 09:4\d 之后再试"):
        async with guarded(tree.county, actor.id, NOW):
            pytest.fail("it was looked at")
    with pytest.raises(TooManyAttempts):
        await half_way(tree, actor.id, "000000")
    assert not await redis_client().keys("sign-in:address:None")


async def test_a_device_that_is_known_is_counted_by_itself(tree: Tree) -> None:
    """Whoever fills the counters of an account and an address on purpose shuts nobody out who sits at his own computer."""
    actor, phone, _ = await with_factor(tree)
    for _ in range(FAILURES_PER_ACCOUNT):
        with pytest.raises(SignInFailed):
            await half_way(tree, actor.id, "000000")
    await redis_client().set("sign-in:address:10.0.0.1", FAILURES_PER_ADDRESS * 10)
    own = {"address": "10.0.0.1", "now": NOW, "today": TODAY, "device": "d1"}
    for _ in range(FAILURES_PER_ACCOUNT - 1):
        with pytest.raises(SignInFailed):
            await enter_code(tree.county, actor.id, "000000", epoch=1, **own)  # type: ignore[arg-type]
    await enter_code(tree.county, actor.id, phone.shows(), epoch=1, **own)  # type: ignore[arg-type]
    assert not await redis_client().keys("*device:d1*"), "what it has failed is forgotten"


async def test_a_right_password_alone_is_no_sign_in_yet(tree: Tree) -> None:
    """Where a second factor is asked for: nothing of it stands in the ledger as one."""
    actor, phone, _ = await with_factor(tree)
    noted = "select count(*) from ledger_entry where verb = 'account.signed-in' and by_id = $1"
    async with county_session(tree.county) as session:
        login, password = (
            await session.fetchval("select login from account where id = $1", actor.id),
            "Qiu-Tian_2026",
        )
        await session.execute(
            "update account set password_hash = $2 where id = $1", actor.id, await hash_password(password)
        )
        assert (await sign_in(login, password, today=TODAY)).second_factor
        assert await session.fetchval(noted, actor.id) == 0
    await half_way(tree, actor.id, phone.shows())
    async with county_session(tree.county) as session:
        assert await session.fetchval(noted, actor.id) == 1


async def test_what_a_known_device_does_is_no_attempt_of_its_address(tree: Tree) -> None:
    """Else whoever guesses from there would have his attempts taken off by others who sign in."""
    actor, phone, _ = await with_factor(tree)
    place = "sign-in:address:10.0.0.7"
    await redis_client().set(place, 7)
    own = {"address": "10.0.0.7", "now": NOW, "today": TODAY}
    await enter_code(tree.county, actor.id, phone.shows(), epoch=1, device="d2", **own)  # type: ignore[arg-type]
    assert await redis_client().get(place) == "7"
    await enter_code(tree.county, actor.id, phone.shows(1), epoch=1, **own)  # type: ignore[arg-type]
    assert await redis_client().get(place) == "7", "one more, and taken off again"


async def test_ways_to_a_provider_are_counted_by_address_too(one_connection: None) -> None:
    await redis_client().set("oidc:address:10.0.0.7", BEGUN_PER_ADDRESS - 1, ex=600)
    await begun("10.0.0.7", NOW)
    with pytest.raises(TooManyAttempts, match=r"请于 09:4\d 之后再试"):
        await begun("10.0.0.7", NOW)
    await begun("10.0.0.8", NOW)


@pytest.mark.parametrize(
    ("asked_of", "role", "wanted"),
    [
        ("nobody", "department-admin", False),
        ("administrators", "department-admin", True),
        ("administrators", "security-admin", True),
        ("administrators", "branch-secretary", False),
        ("everybody", "branch-secretary", True),
    ],
)
async def test_of_whom_the_county_asks_one(asked_of: str, role: str, wanted: bool, tree: Tree) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    place = tree.branch if role.startswith("branch") else tree.department
    who = await acting(tree, role, place)
    async with county_session(tree.county):
        await ask_factor_of(admin, asked_of)
        found = await actor_for(who.id, TODAY)
        assert found.owes_factor is wanted
        phone = Phone((await totp.begin(found.actor)).secret)
        await totp.confirm(found.actor, phone.shows(), NOW)
        assert not (await actor_for(who.id, TODAY)).owes_factor
        with pytest.raises(Invalid) as refused:
            await ask_factor_of(admin, "some")
        assert "second_factor" in refused.value.fields
        await ask_factor_of(admin, "nobody")
    assert owes("everybody", ())
    assert not owes("administrators", ())
