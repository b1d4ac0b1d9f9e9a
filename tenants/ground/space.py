"""A full disk: by what PostgreSQL, Valkey and files are told by it, and how much is left where our own files lie."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from asyncpg import DiskFullError
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from tenants.ground.environment import setting

SHORT_BYTES = 500 * 1024 * 1024
"""So much is left: time to see to it. PostgreSQL needs room of its own to write what is begun."""

_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})


def no_space(error: BaseException) -> bool:
    """Whether this is what is raised where nothing more can be written."""
    if isinstance(error, OSError):
        return error.errno in _ERRNOS
    return isinstance(error, DiskFullError) or cannot_append(error)


def cannot_append(error: BaseException) -> bool:
    """Whether Valkey refuses to write because it cannot append to its log; it goes on answering what only reads."""
    return isinstance(error, ResponseError) and str(error).startswith("MISCONF")


async def short_of_space(redis: Redis) -> list[str]:
    """Which parts cannot write any more, or soon, a sentence each; for the operator."""
    said = []
    free = shutil.disk_usage(Path(setting("DANGWU_DATA"))).free
    if free < SHORT_BYTES:
        said.append(f"数据目录所在的磁盘只剩 {free // 1024 // 1024} MB，快要写满。")
    if (await redis.info("persistence")).get("aof_last_write_status", "ok") != "ok":
        said.append("缓存写不进磁盘（AOF 写入失败）：不能登录、不能保存，已登录的可以查看。")
    return said
