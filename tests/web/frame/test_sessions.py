"""Sessions live on the server; nobody can bring one along, and each has an end."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar
from redis.asyncio import Redis

from tenants.accounts.service import set_active
from tenants.database.session import county_session
from tenants.ground.in_hand import InHand
from tenants.ground.redis import redis_client
from tests.conftest import Database
from tests.waiting import until_so
from tests.web.conftest import PASSWORD, TODAY, Browser, Seeded, browser, everything
from web.frame.sessions import IDLE_SECONDS, LONGEST_SECONDS

COOKIE = "dangwu-session"
DEVICE = "dangwu-device"


def key_of(made: Browser) -> str:
    """Where the store keeps this browser's session."""
    return "session:" + hashlib.sha256(made.cookies[COOKIE].encode()).hexdigest()


async def expired(made: Browser) -> bool:
    """Whether the next page sends this browser to sign in again, and says why."""
    answer = await made.open("/units")
    return answer.status_code == 303 and answer.headers["location"].endswith("&expired=1")


async def test_the_cookie_is_for_the_browser_alone_and_for_this_visit(
    client: Browser, county: Seeded
) -> None:
    answer = await client.sign_in(county, "inspector")
    [cookie] = [line for line in answer.headers.get_list("set-cookie") if line.startswith(COOKIE)]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "max-age" not in cookie.lower()


async def test_over_https_every_cookie_is_secure(app: Litestar, county: Seeded) -> None:
    async with browser(app) as made:
        made.base_url = httpx.URL("https://dangwu.test")
        gate = await made.open("/sign-in")
        answer = await made.sign_in(county, "inspector")
        cookies = gate.headers.get_list("set-cookie") + answer.headers.get_list("set-cookie")
        assert {line.split("=")[0] for line in cookies} == {"csrftoken", COOKIE, "dangwu-county", DEVICE}
        assert all(line.endswith("; Secure") for line in cookies)


async def test_behind_a_proxy_that_says_https_too(client: Browser) -> None:
    answer = await client.get("/sign-in", headers={"x-forwarded-proto": "https"})
    assert answer.headers["set-cookie"].endswith("; Secure")
    client.cookies.clear()
    assert "Secure" not in (await client.get("/sign-in")).headers["set-cookie"]


async def test_visitors_leave_nothing_in_the_store(client: Browser) -> None:
    before = await redis_client().dbsize()
    await client.open("/sign-in")
    await client.open("/units")
    assert await redis_client().dbsize() == before
    assert COOKIE not in client.cookies


async def test_the_store_does_not_hold_the_id_itself(client: Browser, county: Seeded) -> None:
    await client.sign_in(county, "inspector")
    keys = await redis_client().keys("*")
    assert key_of(client) in keys
    assert not any(client.cookies[COOKIE] in key for key in keys)


async def test_a_forged_id_is_nobody_and_never_becomes_somebody(client: Browser, county: Seeded) -> None:
    forged = "ab" * 32
    client.cookies.set(COOKIE, forged, domain="dangwu.test")
    assert await expired(client)
    await client.sign_in(county, "inspector")
    assert client.cookies[COOKIE] != forged
    client.cookies.set(COOKIE, forged, domain="dangwu.test")
    assert await expired(client)


async def test_garbage_is_nobody(client: Browser) -> None:
    for garbage in ("null", "x", "../../etc", "a" * 4000):
        client.cookies.clear()
        client.cookies.set(COOKIE, garbage, domain="dangwu.test")
        assert (await client.open("/units")).status_code == 303


async def test_signing_in_again_gets_a_new_id_and_the_old_one_is_gone(
    client: Browser, county: Seeded
) -> None:
    await client.sign_in(county, "inspector")
    old, old_key = client.cookies[COOKIE], key_of(client)
    await client.sign_in(county, "branch-secretary")
    assert client.cookies[COOKIE] != old
    assert not await redis_client().exists(old_key)


async def test_it_ends_half_an_hour_after_the_last_page(client: Browser, county: Seeded) -> None:
    await client.sign_in(county, "inspector")
    await redis_client().expire(key_of(client), 60)
    await client.open("/units")
    assert IDLE_SECONDS - 5 < await redis_client().ttl(key_of(client)) <= IDLE_SECONDS
    await redis_client().delete(key_of(client))
    assert await expired(client)


async def test_it_ends_after_twelve_hours_whatever_happens(
    client: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.sign_in(county, "inspector")
    assert LONGEST_SECONDS == 12 * 3600
    later = time.time() + LONGEST_SECONDS
    monkeypatch.setattr("web.frame.county.time.time", lambda: later - 60)
    assert (await client.get("/units")).status_code == 200
    monkeypatch.setattr("web.frame.county.time.time", lambda: later + 60)
    assert await expired(client)


async def test_it_ends_when_the_account_is_switched_off(client: Browser, county: Seeded) -> None:
    await client.sign_in(county, "committee-secretary")
    async with county_session(county.id):
        await set_active(everything(), county.accounts["committee-secretary"], False, TODAY)
    assert await expired(client)


async def test_changing_the_password_ends_the_other_sign_ins_and_keeps_this_one(
    app: Litestar, county: Seeded
) -> None:
    async with browser(app) as here, browser(app) as elsewhere:
        await here.sign_in(county, "committee-organizer")
        await elsewhere.sign_in(county, "committee-organizer")
        before = here.cookies[COOKIE]
        await here.open("/password")
        answer = await here.submit("/password", old=PASSWORD, password="Qingshan#9182", again="Qingshan#9182")
        assert answer.status_code == 303
        assert here.cookies[COOKIE] != before
        assert (await here.open("/units")).status_code == 200
        assert await expired(elsewhere)


@pytest.fixture
async def redis(database: Database) -> AsyncIterator[Redis]:
    """A client of its own, with two values."""
    client = Redis.from_url(database.redis_url)
    await client.mset({"one": "1", "two": "2"})
    yield client
    await client.delete("one", "two")
    await client.aclose()


async def test_who_gives_up_his_question_leaves_its_answer_to_nobody(redis: Redis) -> None:
    hand = InHand(redis)
    assert await hand.ask("GET", "one") == b"1"
    waiting = asyncio.create_task(hand.ask("BLPOP", "never", 0))

    async def asked() -> bool:
        return int((await redis.info("clients"))["blocked_clients"]) > 0

    await until_so(asked)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await redis.rpush("never", "not mine")
    assert [await hand.ask("GET", key) for key in ("two", "one", "two")] == [b"2", b"1", b"2"]
    await redis.delete("never")


async def test_a_connection_that_was_lost_in_hand_is_replaced(redis: Redis) -> None:
    hand = InHand(redis)
    await redis.client_kill_filter(_id=str(await hand.ask("CLIENT", "ID")))
    assert [await hand.ask("GET", key) for key in ("two", "one")] == [b"2", b"1"]
