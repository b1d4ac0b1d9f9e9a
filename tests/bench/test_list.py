"""A list of 50 cases by the API over HTTP, beside a handler that looks up the sign-in, answers the same rows, and no more.

Both are served by granian with one process, 16 connections of eight people at a time, in alternating rounds. The goal is at
least 0.85; on a machine that is busy with something else the ratios of processor time tell more: of the web process alone, and
of it together with the database.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import asyncpg
import msgspec
import psutil
import pytest
from litestar import Litestar

from tenants.counties import county_by_slug
from tenants.database.session import county_session
from tenants.quotas import set_quotas
from tests.bench.loaded import Served, asked, granian, load
from tests.bench.timed import say
from tests.conftest import Database
from tests.web.conftest import TODAY, Seeded, account_of, browser

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]

ROUNDS = 5
LIST = "/api/v1/cases"
MANY = 10**9
PEOPLE = 8
"""So many colleagues ask: one alone may hold only a few of the connections (tenants/database/shares.py)."""


@pytest.mark.parametrize(
    ("role", "place"), [("branch-secretary", "东街支部"), ("department-organizer", "组织部")]
)
async def test_the_list_beside_a_bare_handler(
    app: Litestar, county: Seeded, database: Database, role: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sign-in, county transaction, row-level security, access and the actor's own query are all in ours."""
    await set_quotas(await county_by_slug(county.slug), {"calls": MANY, "calls_of_account": MANY})
    cookies = [await _signed_in(app, county, role, place, number) for number in range(PEOPLE)]
    monkeypatch.setenv("BARE_DATABASE_URL", database.superuser_url)
    monkeypatch.setenv("BARE_COUNTY", str(county.id))
    with granian("tests.bench.bare:app") as bare, granian("web.proxies:served", "--factory") as platform:
        answer = msgspec.json.decode(await asked(platform.port, LIST, cookies[0]))
        rows = msgspec.json.decode(await asked(bare.port, "/rows", cookies[0]))
        assert answer["items"] == rows["items"]
        assert (answer["next"] is None) == (rows["next"] is None)
        postgres = Served(0, await _postgres(database))
        ratios: list[tuple[float, float, float]] = []
        for _ in range(ROUNDS):
            theirs, bare_web, bare_whole = await _loaded(bare, "/rows", cookies, postgres)
            ours, web, whole = await _loaded(platform, LIST, cookies, postgres)
            ratios.append((ours / theirs, bare_web / web, bare_whole / whole))
            say(f"{role}：每秒 {ours:,.0f} 次，对照 {theirs:,.0f} 次，比值 {ours / theirs:.2f}")
    rate, web, whole = (statistics.median(kind) for kind in zip(*ratios[1:], strict=True))
    say(
        f"{role}：50 件的列表，比值的中位数 {rate:.2f}（目标 0.85），"
        f"按网页进程的处理器时间 {web:.2f}，连同数据库 {whole:.2f}"
    )


async def _loaded(
    server: Served, path: str, cookies: Sequence[str], postgres: Served
) -> tuple[float, float, float]:
    """Requests a second; the processor seconds of the web process, and of it and the database."""
    before = postgres.spent()
    rate, web = await load(server, path, cookies)
    return rate, web, web + postgres.spent() - before


async def _postgres(database: Database) -> psutil.Process:
    """The first process of the database."""
    connection = await asyncpg.connect(database.superuser_url)
    try:
        first = psutil.Process(connection.get_server_pid()).parent()
    finally:
        await connection.close()
    assert first is not None
    return first


async def _signed_in(app: Litestar, county: Seeded, role: str, place: str, number: int) -> str:
    """The cookies of one of the colleagues."""
    async with county_session(county.id):
        await account_of(login := f"{role}-{number}", role, county.units[place], TODAY)
    async with browser(app) as clerk:
        assert (await clerk.sign_in(county, login)).status_code == 303
        return "; ".join(f"{one.name}={one.value}" for one in clerk.cookies.jar)
