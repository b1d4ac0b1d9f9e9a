"""How every process learns that a county's policies have changed."""

from __future__ import annotations

import asyncio
import logging
from uuid import UUID

from redis.exceptions import RedisError

from tenants.database.session import current_session
from tenants.ground.redis import redis_client
from tenants.policies.regimes import PolicyCache, cache

log = logging.getLogger(__name__)
CHANNEL = "policy"
RETRY_SECONDS = 0.5


async def begin_policy_change() -> None:
    """Take the lock under which all changes of a county's policies queue, and raise its version.

    From here on this session reads activations from the database only; once it is committed every process is told. Also for
    a unit that gets another place in the tree.
    """
    session = current_session()
    county_id = session.county_id
    version = await session.fetchval(
        "update county set policy_version = policy_version + 1 where id = $1 returning policy_version",
        county_id,
    )
    session.policies_changed = True

    async def publish() -> None:
        cache.outdate(UUID(str(county_id)), version)
        await redis_client().publish(CHANNEL, f"{county_id} {version}")

    session.after_commit(publish)


async def listen(known: PolicyCache = cache) -> None:
    """Drop outdated policies as the news comes in; runs until it is cancelled (one task per process).

    A lost connection is taken up again. What is missed meanwhile does no harm: each request brings the version along.
    """
    while True:
        try:
            async with redis_client().pubsub(ignore_subscribe_messages=True) as news:
                await news.subscribe(CHANNEL)
                async for message in news.listen():
                    take(message["data"], known)
        except (RedisError, OSError) as failure:
            log.warning("policy news: connection lost (%s), trying again", failure)
            await asyncio.sleep(RETRY_SECONDS)


def take(text: str, known: PolicyCache = cache) -> None:
    """One piece of news: `county version`."""
    county, _, version = text.partition(" ")
    known.outdate(UUID(county), int(version))
