"""The servers that a command needs: those named in the settings, the embedded ones, or those already running."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

import msgspec

from deploy.embedded.addresses import Addresses
from deploy.embedded.folder import DataFolder
from deploy.embedded.servers import Servers, running
from deploy.problem import Problem
from deploy.reach import require_servers
from deploy.settings import Settings

T = TypeVar("T")


class Platform(msgspec.Struct, frozen=True):
    """Complete settings (addresses filled in), and the embedded servers if this process runs them."""

    settings: Settings
    servers: Servers | None = None


@contextmanager
def platform(settings: Settings, *, join: bool = False, found: bool = False) -> Iterator[Platform]:
    """The servers, reachable while the block runs; this process's environment then names them.

    Those of the settings are asked first whether they answer (else that is a Problem). `join` lets a command work on the data
    of a platform that is running (else that is a Problem: the folder is in use); `found` begins one where there is none (else
    that is a Problem, too).
    """
    before = dict(os.environ)
    try:
        if not settings.embedded:
            asyncio.run(require_servers(settings))
            yield _published(Platform(settings))
        elif join and (addresses := running(settings.data)):
            yield _published(Platform(_completed(settings, addresses)))
        else:
            if not found:
                require_founded(settings)
            with Servers(settings.data) as servers:
                yield _published(Platform(_completed(settings, servers.addresses), servers))
    finally:
        os.environ.clear()
        os.environ.update(before)


def require_founded(settings: Settings) -> None:
    """Raise Problem where the data folder of the embedded servers holds no platform: a misspelt folder is not to get one."""
    if settings.embedded and not DataFolder(settings.data).postgres.exists():
        raise Problem(
            f"数据目录 {settings.data.absolute()} 里没有平台，没有办理。"
            "请核对 DANGWU_DATA 写的是哪个目录；新的平台先用 dangwu serve 启动。"
        )


def joined(act: Coroutine[None, None, T]) -> T:
    """What comes of `act` on the servers of the settings, or on those that are running."""
    try:
        with platform(Settings.read(), join=True):
            return asyncio.run(act)
    finally:
        act.close()  # where nothing was begun, Python would complain of it beside our sentence


def attach(settings: Settings) -> Settings:
    """Complete settings of servers that run already, in the settings or embedded. Raises Problem if there are none."""
    if not settings.embedded:
        return _published(Platform(settings)).settings
    if found := running(settings.data):
        return _published(Platform(_completed(settings, found))).settings
    raise Problem(
        f"数据目录 {settings.data.absolute()} 上没有正在运行的平台。"
        "请先执行 dangwu serve；使用外部数据库时，请设置 DANGWU_DATABASE_URL 等环境变量。"
    )


def _completed(settings: Settings, found: Addresses) -> Settings:
    return msgspec.structs.replace(
        settings,
        database_url=found.database_url,
        owner_database_url=found.owner_database_url,
        redis_url=found.redis_url,
        secret=settings.secret or found.secret,
        ledger_key=settings.ledger_key or found.ledger_key,
        data=settings.data.absolute(),
    )


def _published(made: Platform) -> Platform:
    os.environ.update(made.settings.environment())
    return made
