"""A list of 50 cases by the API over HTTP, beside a handler that looks up the sign-in, answers the same rows, and no more.

Both are served by granian with one process, 16 connections at a time, in alternating rounds. The goal is at least 0.85.
"""

from __future__ import annotations

import statistics

import msgspec
import pytest
from litestar import Litestar

from tests.bench.loaded import asked, granian, per_second
from tests.bench.timed import say
from tests.conftest import Database
from tests.web.conftest import Seeded, browser

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]

ROUNDS = 5
LISTS = {"branch-secretary": "/api/v1/cases", "department-organizer": "/api/v1/cases"}


@pytest.mark.parametrize("login", list(LISTS))
async def test_the_list_beside_a_bare_handler(
    app: Litestar, county: Seeded, database: Database, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sign-in, county transaction, row-level security, access and the actor's own query are all in ours."""
    async with browser(app) as clerk:
        assert (await clerk.sign_in(county, login)).status_code == 303
        cookie = "; ".join(f"{one.name}={one.value}" for one in clerk.cookies.jar)
    monkeypatch.setenv("BARE_DATABASE_URL", database.superuser_url)
    monkeypatch.setenv("BARE_COUNTY", str(county.id))
    with granian("tests.bench.bare:app") as bare, granian("web.proxies:served", "--factory") as platform:
        answer = msgspec.json.decode(await asked(platform, LISTS[login], cookie))
        rows = msgspec.json.decode(await asked(bare, "/rows", cookie))
        assert [one["id"] for one in answer["items"]] == [one["id"] for one in rows]
        ratios = []
        for _ in range(ROUNDS):
            theirs = await per_second(bare, "/rows", cookie)
            ours = await per_second(platform, LISTS[login], cookie)
            ratios.append(ours / theirs)
            say(f"{login}：每秒 {ours:,.0f} 次，对照 {theirs:,.0f} 次，比值 {ours / theirs:.2f}")
    say(f"{login}：50 件的列表，比值的中位数 {statistics.median(ratios[1:]):.2f}（目标 0.85）")
