"""The page of a case and a record by its form, beside bare handlers that only read the case and write the entry.

Both are called as ASGI applications in this process, one request after another, in alternating rounds; what is measured is
processor time of this process, so that a busy machine does not tell. A case far on its way (20 steps done) is looked at.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from litestar import Litestar, get, post

from tenants.database.session import county_session
from tests.bench.timed import say
from tests.conftest import Database
from tests.web.cases.seed import applicant, opened, walked
from tests.web.conftest import TODAY, Seeded, browser, seed

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]

LOOKS, RECORDS, ROUNDS = 60, 25, 4
TALK = {"talk.with": "applicant", "documents.*": "talk-record-five-points", "as": "branch", "version": "1"}


@pytest.fixture(scope="module")
async def county(app: Litestar) -> Seeded:
    """A county of a few cases."""
    return await seed("bench", "东河县", date(2026, 1, 1))


@asynccontextmanager
async def bare(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The baseline: no sign-in, no row-level security (the superuser passes it), rows in and out as they come."""
    pool = await asyncpg.create_pool(database.superuser_url, min_size=1, max_size=2)

    @get("/cases/{case_id:uuid}")
    async def rows(case_id: UUID) -> list[dict[str, Any]]:
        case = await pool.fetchrow("select * from case_file where id = $1", case_id)
        entries = await pool.fetch("select * from case_entry where case_id = $1 order by seq", case_id)
        return [dict(one) for one in (case, *entries)]

    @post("/cases/{case_id:uuid}")
    async def write(case_id: UUID) -> None:
        await pool.execute("update case_file set updated_at = now() where id = $1", case_id)

    app = Litestar([rows, write], openapi_config=None, logging_config=None)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://bare.test") as client:
        yield client
    await pool.close()


async def seconds(work: Callable[[], Awaitable[object]], times: int) -> float:
    """Processor seconds of this process for one."""
    start = time.process_time()
    for _ in range(times):
        await work()
    return (time.process_time() - start) / times


async def test_the_page_of_a_case(app: Litestar, county: Seeded, database: Database) -> None:
    """GET /cases/{id}."""
    async with county_session(county.id):
        case = await walked(county, "看很多次", "oath")
    async with browser(app) as clerk, bare(database) as baseline:
        await clerk.sign_in(county, "branch-secretary")
        path = f"/cases/{case}"
        assert (await clerk.get(path)).status_code == (await baseline.get(path)).status_code == 200
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(await seconds(lambda: baseline.get(path), LOOKS))
            ours.append(await seconds(lambda: clerk.get(path), LOOKS))
    _told("一份档案的页面", min(ours), min(theirs))


async def test_a_record_by_its_form(app: Litestar, county: Seeded, database: Database) -> None:
    """POST /cases/{id}/record/{step}, each into a case of its own."""
    async with county_session(county.id):
        cases = [
            await opened(county, await applicant(county, f"记录{number}"), date(2026, 11, 2))
            for number in range(ROUNDS * RECORDS)
        ]
    async with browser(app) as clerk, bare(database) as baseline:
        await clerk.sign_in(county, "branch-secretary")
        await clerk.open(f"/cases/{cases[0]}/record/applicant-talk")

        async def recorded() -> None:
            path = f"/cases/{cases.pop()}/record/applicant-talk"
            answer = await clerk.submit(path, day=TODAY.isoformat(), **TALK)
            assert answer.status_code == 303, answer.text

        ours, theirs = [], []
        written = f"/cases/{cases[0]}"
        for _ in range(ROUNDS):
            theirs.append(await seconds(lambda: baseline.post(written), RECORDS))
            ours.append(await seconds(recorded, RECORDS))
    _told("记录一个环节", min(ours), min(theirs))


def _told(what: str, ours: float, theirs: float) -> None:
    say(
        f"{what}：{ours * 1000:.1f} 毫秒（处理器）；光秃秃的对照 {theirs * 1000:.2f} 毫秒；为对照的 {ours / theirs:.1f} 倍"
    )
