"""A command's process as part of the application: secret installed, database pool open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asyncpg import UndefinedColumnError, UndefinedTableError

from deploy.problem import Problem
from tenants.database import vault
from tenants.database.session import close_database, open_database
from tenants.ground.redis import close_redis

BEHIND = "这个数据库还没有升级到当前版本，没有办理。请先执行 dangwu migrate，再执行这个命令。"


@asynccontextmanager
async def inside(connections: int = 2) -> AsyncIterator[None]:
    """Within this block sessions, services and `enqueue` work, as in a web process. Needs the DANGWU_* variables.

    Raises Problem where the database lacks what this version works on.
    """
    vault.install()
    await open_database(max_size=connections)
    try:
        yield
    except (UndefinedColumnError, UndefinedTableError) as lacking:
        raise Problem(BEHIND) from lacking
    finally:
        await close_redis()
        await close_database()
