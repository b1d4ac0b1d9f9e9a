"""Tasks for tests of the queue: `dramatiq tenants.tasks tests.tenants.slow_task` is a worker that knows them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextvars import Context

from core.progress import told
from tenants.database.session import Session
from tenants.ground.redis import redis_client
from tenants.queue.broker import broker
from tenants.queue.run import task

broker.heartbeat_timeout = 2_000


@task("记号")
async def leave_mark(session: Session, mark: str) -> None:
    """Write an account with this login."""
    await session.execute("insert into account (login, name, password_hash) values ($1, $1, '')", mark)


@task("慢")
async def slow(session: Session, mark: str, held: str) -> None:
    """The same, and no end as long as Valkey has the key `held`."""
    await session.execute("insert into account (login, name, password_hash) values ($1, $1, '')", mark)
    while await redis_client().exists(held):  # noqa: ASYNC110 (the test is another process)
        await asyncio.sleep(0.02)


@task("致命")
async def deadly(session: Session) -> None:
    """Kill the worker, as running out of memory does."""
    os._exit(9)


@task("总是失败")
async def failing(session: Session, secret: str) -> None:
    """Raise, with something in the text that must not be kept."""
    raise ValueError(secret)


STEPS: list[Callable[[int], Awaitable[None]]] = []
"""What looks on after each step."""


@task("一步一步")
async def stepping(session: Session, steps: int) -> None:
    """Write an account at each step, and say how far it is."""
    for step in range(1, steps + 1):
        await session.execute(
            "insert into account (login, name, password_hash) values ($1, $1, '')", str(step)
        )
        await told(step, steps)
        for look in STEPS:
            await asyncio.create_task(look(step), context=Context())  # type: ignore[arg-type]
