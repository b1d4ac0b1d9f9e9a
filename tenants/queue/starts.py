"""Who has begun a message, and how often its process died meanwhile: such a message is poison, and must not go on for ever."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import msgspec

from tenants.database.session import Asker, county_session

log = logging.getLogger(__name__)
MOST_DEATHS = 2
"""One may be an accident (another's message, the machine); the second, when no other suspect ran beside it, is its own doing."""

_running: set[tuple[UUID, UUID]] = set()
_suspects = asyncio.Lock()


class Start(msgspec.Struct, frozen=True):
    """Which attempt at a message it is, in how many before it the process died, and what the county's outbox asks for:
    for whom, as (a part of) which job, and whether that is to stop."""

    attempt: int
    deaths: int
    arguments: dict[str, Any]
    asker: Asker | None
    job: UUID
    cancelled: bool


@asynccontextmanager
async def started(county: UUID, message: UUID, name: str) -> AsyncIterator[Start | None]:
    """Count this attempt, in a transaction of its own; None when there is nothing (more) to do.

    What was under way when its process died runs one at a time: who is to blame shows, and who is not is not blamed.
    """
    async with _suspects if await _suspected(county, message) else nullcontext():
        _running.add((county, message))
        try:
            yield await _begin(county, message, name)
        except asyncio.CancelledError:
            await _forgive(county, message)
            raise
        finally:
            _running.discard((county, message))


async def leave() -> None:
    """Before this process ends in good order: what it has to leave unfinished did not kill it."""
    for county, message in tuple(_running):
        await _forgive(county, message)


@cache
def _runner(pid: int) -> UUID:
    """This process; by its number, since a fork must not be taken for its parent."""
    return uuid4()


async def _suspected(county: UUID, message: UUID) -> bool:
    async with county_session(county) as session:
        return bool(
            await session.fetchval(
                "select deaths > 0 or runner <> $2 from task_run where message_id = $1 and finished_at is null",
                message, _runner(os.getpid()),
            )
        )  # fmt: skip


async def _begin(county: UUID, message: UUID, name: str) -> Start | None:
    async with county_session(county) as session:
        row = await session.fetchrow(_BEGUN, message, name, _runner(os.getpid()))
        waits = row is None and await session.execute(_WAITS, message)
    if waits == "UPDATE 1":
        return None
    if row is None:
        # Whoever can write into the queue, and not into the county's tables, gets nothing done.
        log.error("message %s asks for %s, and county %s has not: not done", message, name, county)
        return None
    if row["finished_at"] or row["given_up_at"]:
        return None
    asked = msgspec.json.decode(row["asked"])
    arguments = {key: asked[key] for key in asked.keys() - {"county_id", "run_id"}}
    asker = (row["asked_id"], row["asked_by"]) if row["asked_id"] else None
    return Start(row["attempts"], row["deaths"], arguments, asker, row["job"], row["cancelled"])


_WAITS = """
    update outbox set sent_at = null
    where run_id = $1 and exists (select from county c where c.id = session_county() and c.suspended_at is not null)
"""
"""What was sent before its county was suspended is sent once more when that is over."""

_BEGUN = """
    with called as (
        select o.message -> 'kwargs' asked, o.asked_id, o.asked_by, root.run_id job, root.cancelled_at is not null cancelled
        from outbox o join outbox root on root.run_id = coalesce(o.part_of, o.run_id)
        where o.run_id = $1 and o.message ->> 'actor_name' = $2 and not exists (select from county c
            where c.id = o.tenant_id and c.suspended_at is not null) limit 1
    ), begun as (
    insert into task_run (message_id, task, attempts, runner) select $1, $2, 1, $3::uuid from called
    on conflict (tenant_id, message_id) do update set attempts = task_run.attempts + 1, runner = $3,
        deaths = task_run.deaths + coalesce(task_run.runner <> $3, false)::int
    returning attempts, deaths, finished_at, given_up_at
    ) select * from begun, called
"""


async def _forgive(county: UUID, message: UUID) -> None:
    async with county_session(county) as session:
        await session.execute("update task_run set runner = null where message_id = $1", message)
