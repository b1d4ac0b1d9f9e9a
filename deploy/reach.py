"""Whether the servers named in the settings answer, said to the operator before a part starts that needs them."""

from __future__ import annotations

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from deploy.problem import Problem
from deploy.settings import Settings

SECONDS = 10
UNREACHED = (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What connecting to PostgreSQL raises: nobody there, not let in, an address that is none."""


async def require_servers(settings: Settings) -> None:
    """Raise Problem unless PostgreSQL and Redis answer within ten seconds. `settings` are complete."""
    assert settings.redis_url is not None
    try:
        connection = await asyncpg.connect(settings.database_url, timeout=SECONDS)
        await connection.close()
    except UNREACHED as error:
        raise Problem(
            f"不能连接数据库（{error}）。请检查 DANGWU_DATABASE_URL，并确认数据库正在运行。"
        ) from error
    try:
        async with Redis.from_url(settings.redis_url, socket_connect_timeout=SECONDS) as client:
            await client.ping()
    except (OSError, RedisError, ValueError) as error:
        raise Problem(f"不能连接缓存（{error}）。请检查 DANGWU_REDIS_URL，并确认缓存正在运行。") from error
