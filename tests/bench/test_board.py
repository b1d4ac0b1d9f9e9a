"""Who is behind in a county of 800 branches, by the policies of all plugins; the goal is 50 ms of PostgreSQL's time."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core.duties import queries, rows
from dangwu import Adoption, Regime, discover
from tenants.database.session import county_session, current_session
from tests.bench.test_plans import Size, build, explained, holder
from tests.bench.timed import say
from tests.conftest import Database

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]

TODAY, SINCE = date(2026, 11, 21), "2024-12-01"
YEARS = Path(__file__).with_name("board.sql")
SIZE = Size(20, 40, 2_000, 500)


@pytest.fixture(scope="module")
async def county(pool: Database) -> UUID:
    """The county, analysed."""
    made = await build("board", SIZE)
    async with county_session(made) as session:
        await session.execute("select set_config('board.since', $1, true)", SINCE)
        await session.execute(YEARS.read_text())
    connection = await asyncpg.connect(pool.superuser_url)
    await connection.execute("vacuum analyze")
    await connection.close()
    return made


async def test_the_board_of_a_large_county(county: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    plugins = discover()
    regime = plugins.compose([Adoption(policy) for policy in plugins.policies.values()])
    asked: list[tuple[str, tuple[object, ...]]] = []

    def noting(how: str) -> Callable[..., Awaitable[Any]]:
        async def noted(sql: str, *args: object) -> Any:
            asked.append((sql, args))
            return await getattr(current_session(), how)(sql, *args)

        return noted

    async def regimes(paths: Iterable[str]) -> dict[str, Regime]:
        return dict.fromkeys(paths, regime)

    for how in ("fetch", "fetchval"):
        monkeypatch.setattr(rows, how, noting(how))
    async with county_session(county) as session:
        who = await holder("department")
        begun = time.process_time()
        board = await queries.behind(who, regimes, TODAY)
        spent = (time.process_time() - begun) * 1000
        assert board.behind
        total = 0.0
        for one in asked:
            plan, took, read = await explained(session, [one])
            total += took
            say(f"{took:6.1f} ms（{read:,} 行）{' '.join(one[0].split())[:90]}")
            assert "Seq Scan on activity" not in plan, plan
    say(
        f"{len(board.behind)} 个党组织逾期 {sum(len(one.missed) for one in board.behind)} 项："
        f"数据库 {total:.1f} ms（目标 50），本进程 {spent:.0f} ms"
    )
