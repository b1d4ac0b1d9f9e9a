"""Signing in through a provider that is a process of its own: there and back, linked, refused, signed out by either side."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from litestar import Litestar

from tenants.accounts.oidc import discovery
from tenants.database.session import county_session
from tenants.ground.outgoing import OutgoingRefused, fetch
from tests.waiting import until_so
from tests.web.conftest import PASSWORD, Browser, Seeded, browser
from tests.web.sign_in.idp import CLIENT, SECRET

ROOT = Path(__file__).parents[3]
HOME = "http://dangwu.test"


@pytest.fixture(scope="module")
async def idp() -> AsyncIterator[httpx.AsyncClient]:
    """The provider, on a port of its own of this machine, which calls may go to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--port",
        str(port),
        "--no-ws",
        "tests.web.sign_in.idp:app",
    ]
    os.environ["DANGWU_INTRANET"] = "127.0.0.1/32"
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: ASYNC220
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:

            async def answers() -> bool:
                try:
                    return (await client.get("/jwks")).status_code == 200
                except httpx.TransportError:
                    return False

            await until_so(answers)
            yield client
        process.terminate()
    del os.environ["DANGWU_INTRANET"]


@pytest.fixture(scope="module")
async def entry(app: Litestar, county: Seeded, idp: httpx.AsyncClient) -> str:
    """The provider entered by the county's administrator: the address that begins a sign-in."""
    async with browser(app) as admin:
        await admin.sign_in(county, "department-admin")
        await admin.open("/accounts/providers")
        fields = {
            "name": "市统一认证",
            "issuer": str(idp.base_url).rstrip("/"),
            "home": HOME,
            "client_id": CLIENT,
        }
        assert "请填写client_secret" in (await admin.submit("/accounts/providers", **fields)).text
        assert (await admin.submit("/accounts/providers", **fields, secret=SECRET)).status_code == 303
        assert SECRET not in (await admin.open("/accounts/providers")).text
    async with browser(app) as anyone:
        page = (await anyone.open(f"/sign-in/oidc?county={county.slug}")).text
        found = re.search(rf"/sign-in/oidc/{county.slug}/[0-9a-f-]{{36}}", page)
        assert found, page
        return found[0]


async def control(idp: httpx.AsyncClient, **said: Any) -> dict[str, Any]:
    """What the provider does next."""
    found: dict[str, Any] = (await idp.post("/control", json=said)).json()
    return found


async def there(who: Browser, idp: httpx.AsyncClient, entry: str, next: str = "/people") -> str:
    """To the provider, which signs in; the address that the browser is sent back to."""
    gone = await who.get(entry, params={"next": next})
    assert gone.status_code == 303, gone.text
    asked = parse_qs(urlsplit(gone.headers["location"]).query)
    assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
    back = await idp.get(gone.headers["location"])
    location: str = back.headers["location"].removeprefix(HOME)
    return location


async def link(admin: Browser, county: Seeded, entry: str, login: str, subject: str) -> httpx.Response:
    """Entered by an administrator."""
    path = f"/accounts/{county.accounts[login]}/links"
    await admin.open(path)
    return await admin.submit(path, provider=entry.rsplit("/", 1)[1], subject=subject)


async def test_there_and_back_linked_confirmed_and_signed_out_by_either_side(
    app: Litestar, idp: httpx.AsyncClient, entry: str, county: Seeded, admin: Browser
) -> None:
    await control(idp, subject={"sub": "zhang", "name": "张", "email": "branch-secretary@x"})
    async with browser(app) as owner, browser(app) as other:
        stranger = await owner.get(await there(owner, idp, entry))
        assert (stranger.status_code, "标识是 zhang" in stranger.text) == (401, True), (
            "never linked by a name"
        )
        assert (await link(admin, county, entry, "branch-secretary", "zhang")).status_code == 303
        assert (await link(admin, county, entry, "branch-organizer", "zhang")).status_code == 409
        # An administrator alone cannot be him: the first time his password is asked for.
        first = await owner.get(await there(owner, idp, entry))
        assert first.headers["location"] == "/sign-in/oidc/confirm"
        assert (await owner.get("/people")).status_code == 303
        await owner.open("/sign-in/oidc/confirm")
        assert (await owner.submit("/sign-in/oidc/confirm", password="Guessed-2026-x")).status_code == 401
        assert (await owner.submit("/sign-in/oidc/confirm", password=PASSWORD)).headers[
            "location"
        ] == "/people"
        assert (await owner.open("/people")).status_code == 200
        # From then on without; a state is good once, and for the browser that was sent only.
        address = await there(other, idp, entry)
        stolen = await admin.get(address)
        assert (stolen.status_code, "不是从这个浏览器开始" in stolen.text) == (401, True)
        assert (await other.get(address)).status_code == 401, "whoever brought it, it is spent"
        address = await there(other, idp, entry, "https://evil.example/")
        before = other.cookies.get("dangwu-session")
        assert (await other.get(address)).headers["location"] == "/", "never another site"
        assert other.cookies["dangwu-session"] != before
        replayed = await other.get(address)
        assert (replayed.status_code, "已经用过" in replayed.text) == (401, True)
        # We end it: the way on to the provider is a link. The provider ends it: all of his sign-ins through it.
        await other.open("/units")
        left = await other.open((await other.submit("/sign-out")).headers["location"])
        assert f"{idp.base_url}/leave?id_token_hint=" in left.text
        assert (await other.get("/units")).status_code == 303
        ending = (await control(idp, claims={"sub": "zhang", "sid": "s1"}))["logout_token"]
        for spoilt in (
            {"sub": "zhang", "events": {}},
            {"sub": "zhang", "nonce": "n"},
            {"sub": "zhang", "aud": "x"},
        ):
            token = (await control(idp, claims=spoilt))["logout_token"]
            assert (await idp_says(other, entry, token)) == 401
        assert await idp_says(other, entry, "eyJhbGciOiJSUzI1NiIsImNyaXQiOjF9.e30.x") == 401, (
            "a head of any types"
        )
        assert (await owner.get("/people")).status_code == 200
        assert await idp_says(other, entry, ending) == 200
        assert (await owner.get("/people")).status_code == 303
        assert await idp_says(other, entry, ending) == 401, "a notice is good once"


async def handed_out(county: Seeded, yes: bool) -> None:
    """Whether the inspector's password is one that he has not made himself."""
    async with county_session(county.id) as session:
        await session.execute("update account set must_change_password = $1 where login = 'inspector'", yes)


async def asked_long_ago() -> None:
    """As if the keys had been read half a minute ago: they are not read anew more often."""
    for kept in discovery._keys.values():
        kept.at -= discovery.LEAST_SECONDS


async def idp_says(through: Browser, entry: str, token: str) -> int:
    """The provider's own call: no cookie, no form token."""
    through.cookies.clear()
    return (await through.post(f"{entry}/logout", data={"logout_token": token})).status_code


async def test_an_identity_that_was_not_made_for_this_sign_in_is_refused(
    app: Litestar, idp: httpx.AsyncClient, entry: str, county: Seeded, admin: Browser
) -> None:
    assert (await link(admin, county, entry, "inspector", "li")).status_code == 303
    async with browser(app) as owner:
        for spoil in (
            {"nonce": "another"}, {"aud": "another"}, {"iss": "http://another"}, {"exp": 1}, {"forged": 1},
            {"aud": [CLIENT, "another"]},
        ):  # fmt: skip
            await control(idp, subject={"sub": "li"}, spoil=spoil)
            answer = await owner.get(await there(owner, idp, entry))
            assert (answer.status_code, "统一认证没有成功" in answer.text) == (401, True), spoil
        await control(idp, subject={"sub": "li"})
        assert (await owner.get(await there(owner, idp, entry))).headers[
            "location"
        ] == "/sign-in/oidc/confirm"
        # Its keys are kept, and read anew when it signs with another.
        reads = (await control(idp, subject={"sub": "li"}))["reads"]
        assert (await owner.get(await there(owner, idp, entry))).headers[
            "location"
        ] == "/sign-in/oidc/confirm"
        assert (await control(idp, subject={"sub": "li"}))["reads"] == reads
        await control(idp, subject={"sub": "li"}, rotate=True)
        await asked_long_ago()
        assert (await owner.get(await there(owner, idp, entry))).headers[
            "location"
        ] == "/sign-in/oidc/confirm"
        # With a password that an administrator has handed out he could confirm it himself.
        await handed_out(county, True)
        await owner.open("/sign-in/oidc/confirm")
        assert (await owner.submit("/sign-in/oidc/confirm", password=PASSWORD)).status_code == 409
        assert (await owner.get("/people")).status_code == 303
        await handed_out(county, False)
        await owner.get(await there(owner, idp, entry))
        path = f"/accounts/{county.accounts['inspector']}/links"
        page = (await admin.open(path)).text
        [ended] = re.findall(rf"{path}/[0-9a-f-]{{36}}/end", page)
        assert (await admin.submit(ended)).status_code == 303
        await owner.open("/sign-in/oidc/confirm")
        assert (await owner.submit("/sign-in/oidc/confirm", password=PASSWORD)).status_code == 404, (
            "ended meanwhile"
        )
        assert (await owner.get("/people")).status_code == 303


@pytest.mark.parametrize(
    ("url", "host", "says"),
    [
        ("http://127.0.0.1:1/", "127.0.0.1", "在内网"),
        ("https://localhost/", "localhost", "在内网"),
        ("https://169.254.169.254/", "169.254.169.254", "在内网"),
        ("https://[::ffff:10.0.0.1]/", "::ffff:10.0.0.1", "在内网"),
        ("https://10.0.0.1/", "elsewhere.example", "不在 elsewhere.example"),
        ("http://1.1.1.1/", "1.1.1.1", "https"),
    ],
)
async def test_calls_go_never_inwards_nor_elsewhere(
    url: str, host: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DANGWU_INTRANET", raising=False)
    with pytest.raises(OutgoingRefused, match=says):
        await fetch("GET", url, host=host)
