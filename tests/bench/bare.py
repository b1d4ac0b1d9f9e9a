"""What the list of cases is measured by: the sign-in looked up, the same rows by asyncpg, the same JSON, and nothing else.

Served as the platform is: `granian tests.bench.bare:app`.
"""

from __future__ import annotations

import hashlib
import os
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from litestar import Litestar, Request, get
from msgspec import json
from redis.asyncio import Redis

from core.casework.lists.cases import LINE
from web.frame.sessions import IDLE_SECONDS

SQL = f"""select {LINE} from case_file c join unit u on u.tenant_id = c.tenant_id and u.id = c.unit_id
    where c.tenant_id = $1 and c.status = 'running' order by c.py, c.id limit 51"""


@asynccontextmanager
async def _servers(app: Litestar) -> AsyncIterator[None]:
    app.state.pool = await asyncpg.create_pool(os.environ["BARE_DATABASE_URL"], min_size=4, max_size=10)
    app.state.redis = Redis.from_url(os.environ["DANGWU_REDIS_URL"])
    yield
    await app.state.pool.close()
    await app.state.redis.aclose()


@get("/rows")
async def rows(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """The first 50 rows of the county, and where the next page begins, for whoever has a sign-in."""
    named = hashlib.sha256(request.cookies.get("dangwu-session", "").encode()).hexdigest()
    await request.app.state.redis.getex(f"LITESTAR:sessions:{named}", ex=IDLE_SECONDS)
    found = await request.app.state.pool.fetch(SQL, os.environ["BARE_COUNTY"])
    last = found[49]
    after = json.encode([last["py"], last["id"]])
    return {"items": [dict(row) for row in found[:50]], "next": urlsafe_b64encode(after).decode()}


app = Litestar([rows], lifespan=[_servers], openapi_config=None, logging_config=None)
