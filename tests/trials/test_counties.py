"""Five million people in 200 counties: what a county asks takes as long as if it were alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context
from uuid import UUID

import asyncpg
import pytest

from tenants.database.session import close_database, county_session, open_database
from tests.bench.test_plans import HOLDERS, LISTS, Size, build, holder
from tests.bench.timed import say
from tests.conftest import Database
from tests.trials.measured import percentile, size

pytestmark = [pytest.mark.anyio, pytest.mark.trial, pytest.mark.timeout(7200)]

SIZES = {
    "大县": (1, Size(60, 40, 500_000, 25_000)),
    "中等县": (19, Size(30, 30, 100_000, 5_000)),
    "小县": (180, Size(8, 10, 14_500, 700)),
}
"""How many of them, and how large: 5,010,000 people in all."""
ROUNDS = 40
"""So many that the 95th percentile is not the one time at which something else went on."""
NOISE_SECONDS = 0.003
"""A difference of so little nobody notices: a rare name is sought in a committee of 8,000 in 3 ms, alone in 0.7."""
BRANCH_PAGE_SECONDS = 0.010


def scaled(name: str) -> tuple[int, Size]:
    """With TRIAL_SHARE, a smaller land of the same shape."""
    share = size("SHARE", 1.0)
    number, full = SIZES[name]
    people, cases = max(1_000, int(full.people * share)), max(50, int(full.cases * share))
    return max(1, int(number * share)), full._replace(people=people, cases=cases)


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """The database with its pool open; references are not checked row by row while it is filled."""
    root = await asyncpg.connect(database.superuser_url)
    await open_database(database.app_url)
    try:
        yield root
    finally:
        await close_database()
        await root.close()


async def filled(root: asyncpg.Connection, wanted: list[tuple[str, Size]]) -> dict[str, UUID]:
    """Counties of these names and sizes, two at a time, vacuumed and analysed."""
    await root.execute("grant set on parameter session_replication_role to dangwu_app")
    await root.execute("alter role dangwu_app set session_replication_role = replica")
    two = asyncio.Semaphore(2)

    async def one(name: str, how: Size) -> tuple[str, UUID]:
        async with two:
            return name, await build(name, how)

    try:
        await close_database()
        await open_database(max_size=2)
        made = await asyncio.gather(
            *(asyncio.create_task(one(name, how), context=Context()) for name, how in wanted)
        )
    finally:
        await root.execute("alter role dangwu_app reset session_replication_role")
        await root.execute("revoke set on parameter session_replication_role from dangwu_app")
        await close_database()
    await open_database()
    await root.execute("vacuum analyze")
    return dict(made)


async def asked(county: UUID) -> dict[str, float]:
    """Every list of every office: the 95th percentile of its seconds."""
    found: dict[str, float] = {}
    for office in HOLDERS:
        for name, ask in LISTS.items():
            took = []
            for _ in range(ROUNDS):
                async with county_session(county):
                    who = await holder(office)
                    began = time.perf_counter()
                    await ask(who)
                    took.append(time.perf_counter() - began)
            found[f"{office}: {name}"] = percentile(sorted(took), 0.95)
    return found


@pytest.fixture(scope="module")
async def among(database: Database) -> dict[str, dict[str, float]]:
    """One county of each size among all the others."""
    wanted = [
        (f"{'lms'[place]}{number}", how)
        for place, name in enumerate(SIZES)
        for times, how in [scaled(name)]
        for number in range(times)
    ]
    async with opened(database) as root:
        began = time.monotonic()
        made = await filled(root, wanted)
        people = sum(how.people for _, how in wanted)
        say(f"{people:,} 人、{len(wanted)} 个县，建成用了 {time.monotonic() - began:.0f} 秒")
        return {name: await asked(made[f"{'lms'[place]}0"]) for place, name in enumerate(SIZES)}


@pytest.mark.parametrize("name", list(SIZES))
async def test_a_county_among_200_waits_no_longer_than_one_alone(
    among: dict[str, dict[str, float]], own_database: Database, name: str
) -> None:
    async with opened(own_database) as root:
        made = await filled(root, [("alone", scaled(name)[1])])
        alone = await asked(made["alone"])
    slower = {}
    for query, seconds in among[name].items():
        say(f"{name}：{query}：{seconds * 1000:.1f} 毫秒，独自时 {alone[query] * 1000:.1f}")
        if seconds > 1.3 * alone[query] + NOISE_SECONDS:
            slower[query] = (round(seconds * 1000, 1), round(alone[query] * 1000, 1))
    pages = {query: seconds for query, seconds in among[name].items() if query.startswith("branch")}
    assert slower == {}
    assert {query: each for query, each in pages.items() if each > BRANCH_PAGE_SECONDS} == {}
