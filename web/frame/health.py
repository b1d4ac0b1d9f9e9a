"""Is this process alive, and can it reach what it needs?"""

from __future__ import annotations

from litestar import get

from tenants.database.session import global_session
from tenants.ground.pulse import troubles
from tenants.ground.redis import redis_client
from tenants.ground.space import short_of_space


@get("/healthz", include_in_schema=False, media_type="text/plain")
async def health() -> str:
    """200 "ok" when PostgreSQL and Redis answer; anything else is a failure of the process's surroundings.

    200 "degraded" while another part of the platform keeps falling or a disk is full, a sentence for each: the pages go on.
    """
    async with global_session() as session:
        await session.fetchval("select 1")
    fallen = [*troubles(), *await short_of_space(redis_client())]
    return "\n".join(["degraded", *fallen]) if fallen else "ok"
