"""A change of policies over 5,000 cases under way, worked out again: rows written, and how long others wait for a lock.

Beside it: the cases that stand otherwise, and a lock when nothing else goes on. The goal is that nobody waits more than 200 ms.
"""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import date
from uuid import UUID

import asyncpg
import pytest

from core.casework.standing.sweep import recompute, running_below
from core.database import fetch
from tenants.accounts.access import actor_for
from tenants.database.session import county_session
from tenants.policies.changes import Adopt
from tenants.policies.regimes import regime_of_path
from tenants.policies.service import apply
from tenants.policies.standings import PART
from tests.bench.conftest import CASES
from tests.bench.timed import say
from tests.conftest import Database
from tests.web.conftest import TODAY, Seeded

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]

STANDINGS = """select id, xmin::text written, (status, stage, open_steps, open_states, open_levels, waits_for, reasons, next_due,
    waiting_until, changes_on)::text stands from case_file where status = 'running'"""


LOCK = "select id from case_file where tenant_id = $1 and id = $2 for no key update"


async def _work_out(county: Seeded, day: date) -> None:
    """As the worker does: a part in a transaction."""
    last = None
    while True:
        async with county_session(county.id):
            part = await running_below("/", after=last, most=PART)
            await recompute(part, day, regime_of_path)
        if len(part) < PART:
            return
        last = part[-1]


def _longest_wait(url: str, county: UUID, done: threading.Event, times: int = 0) -> float:
    """The longest milliseconds that somebody else waits who locks one case after the other, as a record does.

    In a thread with a connection of its own: what is judged meanwhile keeps this process's event loop busy.
    """

    async def ask() -> float:
        connection = await asyncpg.connect(url)
        cases = await connection.fetch("select id from case_file where tenant_id = $1", county)
        longest, tries = 0.0, 0
        while tries < times if times else not done.is_set():
            tries += 1
            start = time.perf_counter()
            await connection.execute(LOCK, county, cases[tries * 37 % len(cases)]["id"])
            longest = max(longest, time.perf_counter() - start)
        await connection.close()
        return longest * 1000

    return asyncio.run(ask())


async def test_what_a_recomputation_writes_and_whom_it_keeps_waiting(
    county: Seeded, database: Database
) -> None:
    async with county_session(county.id):
        admin = (await actor_for(county.accounts["department-admin"], TODAY)).actor
        await apply(admin, county.units["组织部"].id, Adopt(plugin="yakeshi", since=TODAY), TODAY)
    async with county_session(county.id):
        before = {row["id"]: row for row in await fetch(STANDINGS)}
    url, done = database.superuser_url, threading.Event()
    alone = await asyncio.to_thread(_longest_wait, url, county.id, done, 200)
    waiting = asyncio.create_task(asyncio.to_thread(_longest_wait, url, county.id, done))
    await _work_out(county, TODAY)
    done.set()
    beside = await waiting
    async with county_session(county.id):
        after = {row["id"]: row for row in await fetch(STANDINGS)}
    written = sum(after[one]["written"] != row["written"] for one, row in before.items())
    moved = sum(after[one]["stands"] != row["stands"] for one, row in before.items())
    assert len(before) >= CASES
    assert written == moved > 0
    say(
        f"重新核算 {len(before):,} 件：改写 {written:,} 行（结果有变的 {moved:,} 件）；别人等锁最长 {beside:.0f} 毫秒，"
        f"平时 {alone:.1f} 毫秒（目标 200 毫秒内）"
    )
