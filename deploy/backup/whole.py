"""Whoever reads all rows of the database, or writes them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from deploy.problem import Problem
from deploy.reach import SECONDS, UNREACHED

TOO_LITTLE = (
    "DANGWU_BACKUP_DATABASE_URL 的角色权限不够，没有办理，什么也没有改。备份和导出用只读的 dangwu_backup 就够；"
    "恢复、导入和删除一个县，这一次请把它设为数据库管理员连到这个库的地址。"
)

_PAST_IT = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"


@asynccontextmanager
async def whole(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection by the address of somebody who may. Raises Problem where he may not."""
    try:
        connection = await asyncpg.connect(url, timeout=SECONDS)
    except UNREACHED as error:
        raise Problem(
            f"不能连接 DANGWU_BACKUP_DATABASE_URL 写的数据库（{error}），没有办理。请核对地址和密码，并确认数据库正在运行。"
        ) from error
    try:
        # Row-level security would keep rows from anybody else: what he copies would lack them.
        if not await connection.fetchval(_PAST_IT):
            raise Problem(TOO_LITTLE)
        yield connection
    except asyncpg.InsufficientPrivilegeError as refused:
        raise Problem(TOO_LITTLE) from refused
    finally:
        await connection.close()
