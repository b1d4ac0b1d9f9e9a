"""What one county sends to do harm, or does at great length, keeps the others waiting no more than twice as long."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from tests.core.register.roster.rosters import with_rows
from tests.deploy.test_serve import Running
from tests.trials.measured import again_and_again, size, told
from tests.trials.platform import counties, served, signed_in
from tests.web.conftest import Browser, Seeded

pytestmark = [pytest.mark.anyio, pytest.mark.trial, pytest.mark.timeout(1800)]

PAGES = ("/", "/units", "/people", "/cases", "/policies")
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
LONG = b"<si><t>" + b"x" * 600_000 + b"</t></si>"
SHARED = with_rows(b'<row><c t="s"><v>0</v></c></row>' * 1_000, LONG)
FAR = with_rows(b'<row r="1048576"/><row>' + b"<c><v>1</v></c>" * 16_384 + b"</row>")


async def hostile_rosters(platform: Running, who: Browser, county: Seeded) -> None:
    """One after the other, as fast as they are taken."""
    for content in (FAR, SHARED):
        files, unit = {"file": ("名册.xlsx", content)}, str(county.units["东街支部"].id)
        await who.post(
            "/api/v1/imports", data={"unit": unit}, files=files, headers={"x-csrftoken": who.token}
        )


async def aliases(platform: Running, who: Browser, county: Seeded) -> None:
    """A rehearsal that unfolds to hundreds of millions of words."""
    await who.submit("/policies/rehearse", unit=str(county.units["组织部"].id), which="picked", text=BOMB)


async def slow_uploads(platform: Running, who: Browser, county: Seeded) -> None:
    """Twenty at once, a byte a second."""

    async def body() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"-"
            await asyncio.sleep(1)

    async def one() -> None:
        headers = {"x-csrftoken": who.token, "content-type": "multipart/form-data; boundary=abc"}
        with suppress(httpx.HTTPError):
            await who.post("/api/v1/imports", content=body(), headers=headers)

    await asyncio.gather(*(one() for _ in range(20)))


async def silent_connections(platform: Running, who: Browser, county: Seeded) -> None:
    """Eleven hundred that say nothing."""
    with ExitStack() as opened:
        for _ in range(1_100):
            silent = opened.enter_context(socket.socket())
            silent.setblocking(False)
            with suppress(BlockingIOError):
                silent.connect(("127.0.0.1", platform.port))
        await asyncio.sleep(5)


HARM: dict[str, Callable[[Running, Browser, Seeded], Awaitable[None]]] = {
    "恶意名册": hostile_rosters,
    "别名炸弹": aliases,
    "很慢的上传": slow_uploads,
    "不说话的连接": silent_connections,
}


async def test_the_others_wait_no_more_than_twice_as_long(tmp_path: Path) -> None:
    seconds = size("SECONDS", 180) / (2 * len(HARM))
    slower: dict[str, float] = {}
    with served(tmp_path) as platform:
        harmful, *others = await counties(4)
        async with AsyncExitStack() as stack:
            who = await stack.enter_async_context(signed_in(platform, harmful, "department-organizer"))
            readers = [
                await stack.enter_async_context(signed_in(platform, each, "department-organizer"))
                for each in others
            ]
            # The first page of each kind is made from its template.
            await read(readers, len(PAGES))
            for name, harm in HARM.items():
                alone = told("没有别的事时", await read(readers, seconds))
                harming = asyncio.create_task(_without_end(harm, platform, who, harmful))
                beside = told(f"{name}同时", await read(readers, seconds))
                harming.cancel()
                await asyncio.gather(harming, return_exceptions=True)
                slower[name] = beside / alone
        assert platform.process.poll() is None
    assert {name: round(times, 1) for name, times in slower.items() if times > size("SLOWER", 2.0)} == {}


async def _without_end(
    harm: Callable[[Running, Browser, Seeded], Awaitable[None]],
    platform: Running,
    who: Browser,
    county: Seeded,
) -> None:
    while True:
        with suppress(httpx.HTTPError):
            await harm(platform, who, county)
        await asyncio.sleep(0)


async def read(readers: list[Browser], seconds: float) -> list[float]:
    """Pages one after the other, each reader for himself; every one of them must come."""

    async def one(reader: Browser) -> list[float]:
        turn = iter(range(1_000_000))

        async def page() -> None:
            assert (await reader.open(PAGES[next(turn) % len(PAGES)])).status_code == 200

        return await again_and_again(page, seconds, pause=0.2)

    return [took for each in await asyncio.gather(*map(one, readers)) for took in each]
