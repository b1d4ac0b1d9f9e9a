"""A command's process as part of the application: secret installed, database pool open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tenants.database import vault
from tenants.database.session import close_database, open_database
from tenants.ground.redis import close_redis


@asynccontextmanager
async def inside(connections: int = 2) -> AsyncIterator[None]:
    """Within this block sessions, services and `enqueue` work, as in a web process. Needs the DANGWU_* variables."""
    vault.install()
    await open_database(max_size=connections)
    try:
        yield
    finally:
        await close_redis()
        await close_database()
