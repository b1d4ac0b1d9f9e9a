"""A running task's progress, written past its transaction: people see it while it runs, and can have it stopped."""

from __future__ import annotations

import asyncio
import time
from contextvars import Context
from uuid import UUID

from tenants.database.session import county_session

EVERY_SECONDS = 1.0


class Cancelled(Exception):
    """Somebody has said that this job is to stop; its transaction is undone."""


class Progress:
    """What `core.progress.told` reaches within a task: the last word of each second is written."""

    def __init__(self, county: UUID, message: UUID) -> None:
        self._county, self._message, self._written = county, message, 0.0

    async def tell(self, done: int, total: int | None) -> None:
        """Write it down. Raises Cancelled."""
        now = time.monotonic()
        if now - self._written < EVERY_SECONDS and done != total:
            return
        self._written = now
        # A task of its own, without the session around us: what is told must be seen before that one is committed.
        if await asyncio.create_task(self._write(done, total), context=Context()):
            raise Cancelled

    async def _write(self, done: int, total: int | None) -> bool:
        async with county_session(self._county) as session:
            return bool(await session.fetchval(_TOLD, self._message, done, total))


_TOLD = """
    with told as (update task_run set done = $2, total = $3 where message_id = $1)
    select exists (select from outbox o join outbox root on root.run_id = coalesce(o.part_of, o.run_id)
                   where o.run_id = $1 and root.cancelled_at is not null)
"""
