"""Messages written in the transaction that calls for them, and sent once it is committed: none is lost, none is premature."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import UUID, uuid4

import dramatiq
import msgspec
from dramatiq import Message
from redis.exceptions import RedisError

from tenants.counties import counties
from tenants.database.session import county_session, current_session
from tenants.ground.redis import redis_client
from tenants.queue.broker import broker

log = logging.getLogger(__name__)
WAITING = "outbox"
"""A Redis list of counties that have something to send: it spares the relay looking everywhere. The table is what counts."""

BATCH = 200
SWEEP_SECONDS = 3.0
"""How long the relay waits for a call: less than the Redis client's own time-out (5 s), or the wait would end as a failure."""

KEEP_SENT = "2 days"


async def enqueue(
    actor: dramatiq.Actor[..., Any], *, run_id: UUID | None = None, **arguments: object
) -> UUID:
    """Let `actor` run for the session's county once the transaction is committed, with JSON `arguments`; the run's id.

    A run happens once: give a `run_id` of your own where the same work may be called for twice (the sweep of a day).
    Nothing is sent when the transaction is rolled back.
    """
    session = current_session()
    if session.county_id is None:
        raise RuntimeError("任务属于某个县：请先进入 county_session(县编号)。")
    county, run_id = str(session.county_id), run_id or uuid4()
    message = actor.message(county_id=county, run_id=str(run_id), **arguments)
    await session.execute(
        "insert into outbox (message) values ($1)", msgspec.json.encode(message.asdict()).decode()
    )

    async def wake() -> None:
        await redis_client().lpush(WAITING, county)

    session.after_commit(wake)
    return run_id


async def relay(*, batch: int = BATCH) -> int:
    """Send what waits, in all counties; how many messages were sent. At least once: tasks are idempotent."""
    return sum([await relay_county(county.id, batch=batch) for county in await counties()])


async def relay_county(county_id: UUID, *, batch: int = BATCH) -> int:
    """Send what waits in one county, oldest first; several relays share the work without sending anything twice."""
    sent = 0
    while True:
        async with county_session(county_id) as session:
            rows = await session.fetch(
                "select id, message from outbox where sent_at is null order by id limit $1 for update skip locked",
                batch,
            )
            if not rows:
                await session.execute(f"delete from outbox where sent_at < now() - interval '{KEEP_SENT}'")
                return sent
            await asyncio.to_thread(_send, county_id, [row["message"] for row in rows])
            await session.execute(
                "update outbox set sent_at = now() where id = any($1::uuid[])", [row["id"] for row in rows]
            )
        sent += len(rows)


def _send(county_id: UUID, messages: list[str]) -> None:
    for text in messages:
        values = msgspec.json.decode(text)
        if values["kwargs"].get("county_id") != str(county_id):
            # The table lets nobody write one (migration 0010); should it be there all the same, it does not run elsewhere.
            log.error("a message of county %s names another one: not sent", county_id)
            continue
        broker.enqueue(Message(**{**values, "args": tuple(values["args"])}))


async def run_relay() -> None:
    """Send messages as they come until cancelled: what `dangwu relay` runs. Needs an open database pool.

    Woken by Redis at once; every few seconds it looks everywhere, for what a crash between commit and call left behind.
    """
    while True:
        try:
            called = await redis_client().brpop([WAITING], timeout=SWEEP_SECONDS)
            if called is None:
                await relay()
            else:
                await relay_county(UUID(str(called[1])))
        except (RedisError, OSError) as failure:
            log.warning("relay: Redis is away (%s), trying again", failure)
            await asyncio.sleep(1)
