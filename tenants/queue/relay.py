"""The relay: sends what is committed as soon as PostgreSQL calls, and asks no county that has nothing to send."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from uuid import UUID

import asyncpg
from redis.exceptions import RedisError

from tenants.counties import counties
from tenants.database.errors import DatabaseAway
from tenants.ground.environment import database_url
from tenants.queue.outbox import CALLS, relay_county

log = logging.getLogger(__name__)
ROUND_SECONDS = 3.0
"""After so long without a call it makes sure that it would still be heard: one query, however many counties there are."""

ANSWER_SECONDS = 10.0
"""A database that does not answer that query by then is taken for gone."""

EVERYWHERE_SECONDS = 3600.0
"""Calls are not lost as long as the connection lasts, and without one it starts anew: to look everywhere is a precaution."""


async def run_relay() -> None:
    """Send messages as they come until cancelled: what `dangwu relay` runs. Needs an open database pool.

    Raises what PostgreSQL raises when it goes away; started anew, it looks everywhere for what was committed meanwhile.
    """
    connection = await asyncpg.connect(database_url())
    try:
        await _answer(connection)
    except asyncpg.InternalClientError as failure:
        # What asyncpg raises when the server is gone between two of its steps.
        raise DatabaseAway from failure
    finally:
        connection.terminate()


async def _answer(connection: asyncpg.Connection) -> None:
    waiting: set[UUID] = set()
    called = asyncio.Event()

    def hear(_connection: object, _process: int, _channel: str, county: object) -> None:
        waiting.add(UUID(str(county)))
        called.set()

    await connection.add_listener(CALLS, hear)
    clock = asyncio.get_running_loop().time
    looked = -EVERYWHERE_SECONDS
    while True:
        if clock() - looked >= EVERYWHERE_SECONDS:
            waiting |= {county.id for county in await counties()}
            looked = clock()
        called.clear()
        await _send(waiting)
        with suppress(TimeoutError):
            async with asyncio.timeout(ROUND_SECONDS):
                await called.wait()
        if not called.is_set():
            await connection.fetchval("select 1", timeout=ANSWER_SECONDS)


async def _send(waiting: set[UUID]) -> None:
    """Send for each of them; while Redis is away they go on waiting."""
    while waiting:
        county = waiting.pop()
        try:
            await relay_county(county)
        except RedisError as failure:
            waiting.add(county)
            log.warning("relay: Redis is away (%s), trying again", type(failure).__name__)
            await asyncio.sleep(1)
