"""Whoever sends slowly, or asks for much at once, keeps nobody else waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from tenants.accounts.access import actor_for
from tenants.accounts.known import SignedIn
from tenants.database import shares
from tests.waiting import PATIENCE_SECONDS, until_so
from tests.web.conftest import Browser, Seeded, browser
from tests.web.test_attacks import csrf, is_said

UPLOAD = {"content-type": "multipart/form-data; boundary=abc"}
PATHS = ("/people/import", "/api/v1/imports", "/api/v1/cases")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is patient."""
    monkeypatch.setattr("web.frame.pace.GRACE_SECONDS", 0.05)
    monkeypatch.setattr(shares, "PATIENCE_SECONDS", 0.05)


@asynccontextmanager
async def running(*requests: asyncio.Task[httpx.Response]) -> AsyncIterator[None]:
    """While these are under way; ended afterwards."""
    try:
        yield
    finally:
        for each in requests:
            each.cancel()
        await asyncio.gather(*requests, return_exceptions=True)


def stalled(begun: list[str], done: asyncio.Event) -> AsyncIterator[bytes]:
    """A body of which the first bytes come, and then none for a long time."""

    async def body() -> AsyncIterator[bytes]:
        yield b"--abc\r\n"
        begun.append("")
        await done.wait()

    return body()


async def so_many(of: Sequence[object], number: int) -> None:
    """Wait until there are so many."""

    async def there_are() -> bool:
        return len(of) >= number

    await until_so(there_are)


@pytest.mark.parametrize("path", PATHS)
async def test_slow_uploads_hold_no_connection(
    app: Litestar, admin: Browser, other_county: Seeded, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.frame.pace.GRACE_SECONDS", PATIENCE_SECONDS)
    begun: list[str] = []
    never = asyncio.Event()
    headers = csrf(admin) | UPLOAD
    sent = [
        asyncio.create_task(admin.post(path, content=stalled(begun, never), headers=headers))
        for _ in range(20)
    ]
    async with running(*sent), browser(app) as other:
        await so_many(begun, len(sent))
        assert (await other.sign_in(other_county, "department-admin")).status_code == 303
        assert (await other.open("/units")).status_code == 200
        assert (await admin.open("/units")).status_code == 200
        assert not any(each.done() for each in sent), "nobody had to wait for them"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("path", PATHS)
async def test_a_body_that_does_not_come_is_given_up(admin: Browser, path: str) -> None:
    answer = await admin.post(path, content=stalled([], asyncio.Event()), headers=csrf(admin) | UPLOAD)
    assert (answer.status_code, is_said(answer)) == (408, True)


@pytest.mark.usefixtures("quick")
async def test_nor_a_sign_in_that_does_not_come(client: Browser) -> None:
    answer = await client.post("/sign-in", content=stalled([], asyncio.Event()), headers=UPLOAD)
    assert (answer.status_code, is_said(answer)) == (408, True)


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch, county: Seeded) -> list[UUID]:
    """Whoever looks at a page of the first county stays in the database; who is there."""
    inside: list[UUID] = []
    never = asyncio.Event()

    async def slowly(account: UUID, today: date) -> SignedIn:
        found = await actor_for(account, today)
        if found.county_name == "东河县":
            inside.append(account)
            await never.wait()
        return found

    monkeypatch.setattr("web.frame.county.actor_for", slowly)
    return inside


async def asking(
    who: Browser, inside: list[UUID], times: int, most: int
) -> list[asyncio.Task[httpx.Response]]:
    """So many requests under way, of which `most` have come through to the database."""
    sent = [asyncio.create_task(who.get("/units")) for _ in range(times)]
    await so_many(inside, len(inside) + most)
    return sent


async def test_one_person_and_one_county_hold_no_more_than_their_share(
    app: Litestar,
    admin: Browser,
    organizer: Browser,
    secretary: Browser,
    other_county: Seeded,
    busy: list[UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shares, "PATIENCE_SECONDS", 0.5)
    async with browser(app) as other:
        await other.sign_in(other_county, "department-admin")
        first = await asking(admin, busy, 10, shares.EACH_ACCOUNT)
        second = await asking(organizer, busy, 10, shares.EACH_COUNTY - shares.EACH_ACCOUNT)
        async with running(*first, *second):
            assert (await other.open("/units")).status_code == 200
            own, county = await admin.get("/units"), await secretary.get("/units")
        assert (own.status_code, is_said(own), own.headers["retry-after"]) == (429, True, "5")
        assert "您同时提交或打开的内容太多" in own.text
        assert (county.status_code, county.headers["retry-after"]) == (503, "5")
        assert "现在同时办理的人太多" in county.text
        assert len(busy) == shares.EACH_COUNTY
        monkeypatch.undo()
        assert (await admin.open("/units")).status_code == 200


async def test_who_goes_away_in_the_middle_is_no_failure(
    app: Litestar, admin: Browser, capfd: pytest.CaptureFixture[str]
) -> None:
    """He closed the window while his file was on its way: nobody is to look for a defect."""
    sent: list[str] = []

    async def gone() -> dict[str, object]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(str(message.get("status", "")))

    request = admin.build_request("POST", "/people/import", headers=csrf(admin) | UPLOAD)
    headers = [(name.lower(), value) for name, value in request.headers.raw]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/people/import", "raw_path": b"/people/import", "query_string": b"", "root_path": "",
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("dangwu.test", 80), "state": {},
    }  # fmt: skip
    await app(scope, gone, send)  # type: ignore[arg-type]
    assert sent[0] == "400"
    assert "unexpected" not in "".join(capfd.readouterr())
