"""Requests that no browser makes by itself: a sentence, never a failure; and what a token, a cookie or the cache gives away."""

from __future__ import annotations

from uuid import uuid4

import pytest
from litestar import Litestar

from tenants.database.session import county_session
from tenants.ground.redis import redis_client
from tests.web.conftest import Browser, Seeded, browser
from tests.web.test_attacks import call, csrf, is_said

HOSTS = ("x:99999", "x:-1", "x:y", "x y", "[::1", "x/..")


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/units", "/sign-in", "/api/v1/units", "/no-such-page"])
async def test_a_host_that_cannot_be(admin: Browser, host: str, path: str) -> None:
    answer = await admin.get(path, headers={"host": host})
    assert (answer.status_code, is_said(answer)) == (400, True)


@pytest.mark.parametrize("path", ["/units", "/sign-in"])
async def test_two_hosts(admin: Browser, path: str) -> None:
    """Proxy and platform might each believe another one."""
    answer = await admin.get(path, headers=[("host", "dangwu.test"), ("host", "elsewhere.test")])
    assert (answer.status_code, is_said(answer)) == (400, True)


@pytest.mark.parametrize("host", ["dangwu.test", "dangwu.test:8000", "127.0.0.1:80", "[::1]:8000"])
async def test_hosts_that_can_be(admin: Browser, host: str) -> None:
    assert (await admin.get("/units", headers={"host": host})).status_code == 200


@pytest.mark.parametrize("header", ["referer", "hx-current-url"])
async def test_a_malformed_address_of_the_page_before(client: Browser, header: str) -> None:
    answer = await client.get("/units", headers={"hx-request": "true", header: "http://[x"})
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"].startswith("/sign-in?next=%2F")


async def test_an_encoding_that_there_is_not(client: Browser) -> None:
    part = b'--abc\r\ncontent-disposition: form-data; name="a"\r\ncontent-type: text/plain; charset=nope\r\n\r\nb\r\n--abc--\r\n'
    for kind in ("multipart/form-data; boundary=abc", "application/x-www-form-urlencoded; charset=nope"):
        answer = await client.post("/sign-in", content=part, headers={"content-type": kind})
        assert (answer.status_code in (400, 403), is_said(answer)) == (True, True), kind


async def test_a_token_got_before_signing_in_gets_nothing_done_afterwards(
    app: Litestar, county: Seeded
) -> None:
    """Somebody may have planted it: the answer of a sign-in brings another one, and the session knows which."""
    async with browser(app) as made:
        await made.open("/sign-in")
        planted = made.cookies["csrftoken"]
        await made.sign_in(county, "inspector")
        assert made.cookies["csrftoken"] != planted
        kept = made.cookies["dangwu-session"]
    async with browser(app) as other:
        other.cookies.set("dangwu-session", kept, domain="dangwu.test")
        other.cookies.set("csrftoken", planted, domain="dangwu.test")
        answer = await other.post("/sign-out", data={"_csrf_token": planted})
        assert (answer.status_code, is_said(answer)) == (403, True)
        by_api = await other.delete("/api/v1/session", headers={"x-csrftoken": planted})
        assert (by_api.status_code, by_api.json()["code"]) == (403, "csrf")
        assert (await other.get("/units")).status_code == 200


async def test_behind_tls_it_stays_so(client: Browser) -> None:
    plain = await client.get("/sign-in")
    assert "strict-transport-security" not in plain.headers
    secure = await client.get("/sign-in", headers={"x-forwarded-proto": "https"})
    assert secure.headers["strict-transport-security"] == "max-age=31536000"


async def test_the_cache_names_nobody(admin: Browser, county: Seeded) -> None:
    """What is to be said on the next page often names somebody."""
    account = f"/accounts/{county.accounts['inspector']}"
    await admin.open(account)
    assert (await admin.submit(f"{account}/active", active="1")).status_code == 303
    kept = [str(await redis_client().get(key)) for key in await redis_client().keys("session:*")]
    assert kept
    assert not any(mark in one for one in kept for mark in ("notices", str(county.id)))
    assert "账号已重新启用" in (await admin.open(account)).text


async def test_a_role_elsewhere_and_none_are_one_answer(app: Litestar, county: Seeded) -> None:
    async with county_session(county.id) as session:
        elsewhere = await session.fetchval(
            "select id from holding where account_id = $1", county.accounts["elsewhere"]
        )
    async with browser(app) as committee:
        await committee.sign_in(county, "committee-secretary")
        said = [
            (await call(committee, "POST", f"/accounts/grants/{grant}/end", {"last": "2026-11-20"})).json()
            for grant in (elsewhere, uuid4())
        ]
        assert csrf(committee)
    assert said[0] == said[1]
    assert said[0]["status"] == 404
