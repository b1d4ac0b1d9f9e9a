"""The Redis connection of this process (one client per event loop, made at first use)."""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

from redis.asyncio import Redis

from tenants.ground.environment import SESSIONS_DB, redis_url

_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = WeakKeyDictionary()


def redis_client() -> Redis:
    """The client of the running event loop, on the database of sessions, counters and policy messages."""
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        client = _clients[loop] = Redis.from_url(redis_url(SESSIONS_DB), decode_responses=True)
    return client


async def close_redis() -> None:
    """Close the client of the running event loop."""
    client = _clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.aclose()
