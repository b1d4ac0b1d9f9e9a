"""A list of 50 cases by the API over HTTP, beside a handler that looks up the sign-in, answers the same rows, and no more.

Both are served by granian with one process, 16 connections of eight people at a time, in alternating rounds. The goal is at
least 0.85; on a machine that is busy with something else the ratio of processor time tells more.
"""

from __future__ import annotations

import statistics

import msgspec
import pytest
from litestar import Litestar

from tenants.counties import county_by_slug
from tenants.database.session import county_session
from tenants.quotas import set_quotas
from tests.bench.loaded import asked, granian, load
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
        ratios, processor = [], []
        for _ in range(ROUNDS):
            theirs, bare_spent = await load(bare, "/rows", cookies)
            ours, spent = await load(platform, LIST, cookies)
            ratios.append(ours / theirs)
            processor.append(bare_spent / spent)
            say(f"{role}：每秒 {ours:,.0f} 次，对照 {theirs:,.0f} 次，比值 {ours / theirs:.2f}")
    say(
        f"{role}：50 件的列表，比值的中位数 {statistics.median(ratios[1:]):.2f}（目标 0.85），"
        f"按处理器时间 {statistics.median(processor[1:]):.2f}"
    )


async def _signed_in(app: Litestar, county: Seeded, role: str, place: str, number: int) -> str:
    """The cookies of one of the colleagues."""
    async with county_session(county.id):
        await account_of(login := f"{role}-{number}", role, county.units[place], TODAY)
    async with browser(app) as clerk:
        assert (await clerk.sign_in(county, login)).status_code == 303
        return "; ".join(f"{one.name}={one.value}" for one in clerk.cookies.jar)
