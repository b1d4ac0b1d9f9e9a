"""Nobody is shut out of his own computer by guesses made elsewhere; and his computer is no way around the counters."""

from __future__ import annotations

from base64 import urlsafe_b64decode

import pytest
from litestar import Litestar

from core.secrecy import vault
from tenants.accounts import throttle
from tenants.accounts.throttle import FAILURES_PER_ACCOUNT
from tenants.ground.redis import redis_client
from tests.web.conftest import PASSWORD, Browser, Seeded, browser
from tests.web.test_attacks import csrf
from web.frame.devices import COOKIE, MOST_ACCOUNTS


@pytest.fixture(autouse=True)
async def nothing_counted(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with empty counters; of a used-up address nobody waits, so that those who would are told apart."""
    monkeypatch.setattr(throttle, "SLOWED_AT_ONCE", 0)
    await redis_client().flushdb()


async def guess(made: Browser, county: Seeded, login: str, times: int) -> list[int]:
    """Wrong passwords, and how each was answered."""
    return [(await made.sign_in(county, login, f"guess-{number}")).status_code for number in range(times)]


async def test_guesses_elsewhere_shut_out_nobody_at_his_own_computer(
    app: Litestar, client: Browser, county: Seeded
) -> None:
    async with browser(app) as own:
        assert (await own.sign_in(county, "inspector")).status_code == 303
        await own.submit("/sign-out")
        assert (await guess(client, county, "inspector", FAILURES_PER_ACCOUNT + 1))[-1] == 429
        assert (await client.sign_in(county, "inspector")).status_code == 429, (
            "elsewhere the right one waits, too"
        )
        assert (await own.sign_in(county, "inspector")).status_code == 303


async def test_nor_does_an_office_whose_address_is_used_up(
    app: Litestar, client: Browser, county: Seeded
) -> None:
    """A whole county's offices may share one address."""
    async with browser(app) as own:
        await own.sign_in(county, "inspector")
        await redis_client().set("sign-in:address:127.0.0.1", 10_000, ex=600)
        assert (await client.sign_in(county, "committee-secretary")).status_code == 429
        assert (await own.sign_in(county, "inspector")).status_code == 303


async def test_who_is_known_in_one_county_is_not_known_in_another(
    app: Litestar, county: Seeded, other_county: Seeded
) -> None:
    """Logins are the same in many counties."""
    async with browser(app) as own:
        await own.sign_in(county, "inspector")
        await redis_client().set("sign-in:address:127.0.0.1", 10_000, ex=600)
        assert (await own.sign_in(other_county, "inspector")).status_code == 429


async def test_at_ones_own_computer_one_guesses_no_faster(app: Litestar, county: Seeded) -> None:
    async with browser(app) as own:
        await own.sign_in(county, "inspector")
        said = await guess(own, county, "inspector", FAILURES_PER_ACCOUNT + 1)
        assert said == [401] * FAILURES_PER_ACCOUNT + [429]
        assert (await guess(own, county, "branch-secretary", 1)) == [401], (
            "another's account is counted as everywhere"
        )
        assert await redis_client().get("sign-in:address:127.0.0.1") == "1"


async def test_the_cookie_cannot_be_made_by_hand(client: Browser, county: Seeded) -> None:
    for made in ("x", "AAAA", "é", "QUFB" * 40, "." * 50):
        client.cookies.clear()
        client.cookies.set(COOKIE, made.encode("latin-1").decode("ascii", "ignore"), domain="dangwu.test")
        assert (await client.sign_in(county, "inspector")).status_code == 303
    assert vault().open("sign-in.device", urlsafe_b64decode(client.cookies[COOKIE]))


async def test_it_names_nobody_and_keeps_the_latest_few(app: Litestar, county: Seeded) -> None:
    logins = ["inspector", "branch-secretary", "branch-organizer", "committee-organizer", "committee-secretary",
              "department-organizer"]  # fmt: skip
    assert len(logins) == MOST_ACCOUNTS + 1
    async with browser(app) as shared:
        for login in logins:
            assert (await shared.sign_in(county, login)).status_code == 303
        assert "inspector" not in shared.cookies[COOKIE]
        await redis_client().set("sign-in:address:127.0.0.1", 10_000, ex=600)
        said = {login: (await shared.sign_in(county, login)).status_code for login in logins}
    assert said == {"inspector": 429} | dict.fromkeys(logins[1:], 303)


async def test_the_api_remembers_as_the_page_does(client: Browser, county: Seeded) -> None:
    await client.open("/sign-in")
    said = {"county": county.slug, "login": "inspector", "password": PASSWORD}
    answer = await client.post("/api/v1/session", json=said, headers=csrf(client))
    assert answer.status_code == 204
    [cookie] = [line for line in answer.headers.get_list("set-cookie") if line.startswith(COOKIE)]
    assert "HttpOnly" in cookie
