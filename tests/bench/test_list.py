"""A list of 50 cases by the API, beside a bare Litestar + asyncpg handler that answers the same rows.

Both are called as ASGI applications in this process, 16 at a time, in alternating rounds: the web server's own cost, which
would be the same for both and flatter the ratio, is left out. The goal is at least 0.6.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec
import pytest
from litestar import Litestar, get

from tests.bench.timed import say
from tests.conftest import Database
from tests.web.conftest import Seeded, browser

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]

AT_ONCE, REQUESTS, ROUNDS = 16, 1_200, 4
SQL = """select c.id, c.person_id, c.person_name, c.unit_id, u.short_name, u.name unit_name, c.procedure, c.started, c.status,
    c.stage, c.membership, c.open_steps, c.open_states, c.waits_for, c.reasons, c.next_due, c.waiting_until
    from case_file c join unit u on u.tenant_id = c.tenant_id and u.id = c.unit_id
    where c.tenant_id = $1 and c.status = 'running' order by c.py, c.id limit 50"""


@asynccontextmanager
async def bare(database: Database, county: Seeded) -> AsyncIterator[Litestar]:
    """The baseline: no sign-in, no row-level security (the superuser passes it), one query, the rows as they come."""
    pool = await asyncpg.create_pool(
        database.superuser_url.rsplit("/", 1)[0] + "/" + _tail(database), min_size=4, max_size=10
    )

    @get("/rows")
    async def rows() -> list[dict[str, Any]]:
        return [dict(row) for row in await pool.fetch(SQL, county.id)]

    yield Litestar([rows], openapi_config=None, logging_config=None)
    await pool.close()


def _tail(database: Database) -> str:
    return database.superuser_url.rsplit("/", 1)[1]


async def _call(app: Any, path: str, cookie: str) -> bytes:
    """One GET through ASGI; the answer."""
    body, status = b"", 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal body, status
        status = message.get("status", status)
        body += message.get("body", b"")

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("dangwu.test", 80),
        "headers": [(b"host", b"dangwu.test"), (b"cookie", cookie.encode()), (b"accept", b"application/json")],
        "state": {}, "extensions": {},
    }  # fmt: skip
    await app(scope, receive, send)
    assert status == 200, status
    return body


async def _rate(app: Any, path: str, cookie: str) -> float:
    """Requests a second, AT_ONCE at a time."""
    left = iter(range(REQUESTS))

    async def worker() -> None:
        for _ in left:
            await _call(app, path, cookie)

    start = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return REQUESTS / (time.perf_counter() - start)


async def test_the_list_beside_a_bare_handler(app: Litestar, county: Seeded, database: Database) -> None:
    """Session, county transaction, row-level security, access and the actor's own query are all in ours."""
    async with browser(app) as clerk:
        assert (await clerk.sign_in(county, "branch-secretary")).status_code == 303
        cookie = "; ".join(f"{one.name}={one.value}" for one in clerk.cookies.jar)
    async with bare(database, county) as baseline:
        answer = msgspec.json.decode(await _call(app, "/api/v1/cases", cookie))
        rows = msgspec.json.decode(await _call(baseline, "/rows", ""))
        assert [one["id"] for one in answer["items"]] == [one["id"] for one in rows]
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(await _rate(baseline, "/rows", ""))
            ours.append(await _rate(app, "/api/v1/cases", cookie))
    ours, theirs = ours[1:], theirs[1:]
    rate, bar = sum(ours) / len(ours), sum(theirs) / len(theirs)
    say(
        f"发展党员列表 50 行：每秒 {rate:,.0f} 次；光秃秃的对照每秒 {bar:,.0f} 次；比值 {rate / bar:.2f}（目标不低于 0.6）"
    )
