"""The queue: Dramatiq on Redis, in a database of its own."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AsyncIO, Middleware
from redis import ConnectionPool, Redis

from tenants.ground.environment import QUEUE_DB, redis_url

HEARTBEAT_TIMEOUT = 15_000
"""Milliseconds after which a silent worker counts as dead and its messages go to another one."""

MAINTENANCE_CHANCE = 1_000_000
"""Of a million commands, how many look for dead workers: all. With Dramatiq's thousand it takes a quarter of an hour."""


COURTESY = 5
"""By how much a worker's processes come after those that serve pages (nice), where both want the same processors."""


class PagesFirst(Middleware):
    """Whoever waits before a page comes before what works behind it: an import, a preview, a sweep take what is left."""

    def after_process_boot(self, broker: dramatiq.Broker) -> None:
        """Step back."""
        os.nice(COURTESY)


COMMON, SINGLY = "default", "singly"
"""The queues. From the second a process takes one message at a time: what only reckons goes to whichever process is idle,
instead of two to one that can reckon but one at a time."""


class PoolFromEnvironment(ConnectionPool):
    """Reads DANGWU_REDIS_URL when it connects, not at import: the embedded server sets it at start."""

    def make_connection(self) -> Any:
        """A connection to the queue's database."""
        return ConnectionPool.from_url(redis_url(QUEUE_DB)).make_connection()


class Queues(RedisBroker):
    """Dramatiq's broker, which fetches from SINGLY what is done at once."""

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> dramatiq.Consumer:
        """Messages of a queue, so many ahead, asked for every `timeout` milliseconds at least."""
        ahead = 1 if queue_name == SINGLY else prefetch
        return super().consume(queue_name, ahead, timeout)


def make_broker(*, heartbeat_timeout: int = HEARTBEAT_TIMEOUT) -> RedisBroker:
    """A broker that runs async actors and finds dead workers quickly; connects at first use."""
    broker: RedisBroker = Queues(  # type: ignore[no-untyped-call]
        client=Redis(connection_pool=PoolFromEnvironment()),
        heartbeat_timeout=heartbeat_timeout,
        maintenance_chance=MAINTENANCE_CHANCE,
    )
    broker.add_middleware(AsyncIO())
    broker.add_middleware(PagesFirst())
    return broker


def _lengths() -> dict[str, int]:
    aside = [one for one in broker.client.scan_iter(match="dramatiq:aside.*") if not one.endswith(b".msgs")]
    with broker.client.pipeline(transaction=False) as pipe:
        for name in (*_NOW, *_LATER, *aside):
            pipe.llen(name)
        now, singly, later, singly_later, *laid = pipe.execute()
    return {"now": now + singly, "later": later + singly_later, "aside": sum(laid)}


async def waiting() -> dict[str, int]:
    """How many messages are in the queue: `now`, `later` (put off after a failure), `aside` (until enough of their county has
    run)."""
    return await asyncio.to_thread(_lengths)


_NOW = (f"dramatiq:{COMMON}", f"dramatiq:{SINGLY}")
_LATER = tuple(f"{name}.DQ" for name in _NOW)

broker = make_broker()
dramatiq.set_broker(broker)
