"""A task that runs once for each message, however often the queue delivers it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import dramatiq
from asyncpg import PostgresError

from tenants.broker import broker
from tenants.session import Session, county_session

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 6
TIME_LIMIT = 30 * 60 * 1000
KEEP_RUNS = "30 days"


class TaskFailed(Exception):
    """A task has failed: which one, how, and where in the code; never with what data."""


Work = Callable[..., Awaitable[None]]


def task(work: Work) -> dramatiq.Actor[..., Any]:
    """Make a Dramatiq actor of `work(session, **arguments)`; call it with outbox.enqueue.

    The work runs in a session of the message's county, and that it is done is written in the same transaction: a message that
    comes twice finds it done, or waits for the run that is under way. After MOST_ATTEMPTS starts without an end (a message
    that kills its worker) it is given up and stays visible in `task_run`.
    """

    async def run(*, county_id: str, run_id: str, **arguments: Any) -> None:
        await _run(work, UUID(county_id), UUID(run_id), arguments)

    run.__name__ = run.__qualname__ = work.__name__
    run.__doc__ = work.__doc__
    declare = dramatiq.actor(
        actor_name=work.__name__,
        broker=broker,
        max_retries=MOST_ATTEMPTS - 1,
        min_backoff=1_000,
        max_backoff=60_000,
        time_limit=TIME_LIMIT,
    )
    return declare(run)


async def _run(work: Work, county: UUID, message: UUID, arguments: dict[str, Any]) -> None:
    if not await _begin(county, message, work.__name__):
        return
    try:
        async with county_session(county) as session:
            if await _still_to_do(session, message):
                await work(session, **arguments)
                await session.execute(
                    "update task_run set finished_at = now(), failure = null where message_id = $1", message
                )
    except Exception as error:
        # What is raised here goes into the worker's log and into the queue.
        failure = TaskFailed(f"{work.__name__}: {_kind(error)} at {_place(error)}")
        await _failed(county, message, error)
        raise failure from None


async def _begin(county: UUID, message: UUID, name: str) -> bool:
    """Count this attempt, in a transaction of its own; False when there is nothing (more) to do."""
    async with county_session(county) as session:
        row = await session.fetchrow(
            "insert into task_run (message_id, task, attempts) values ($1, $2, 1)"
            " on conflict (tenant_id, message_id) do update set attempts = task_run.attempts + 1"
            " returning attempts, finished_at",
            message, name,
        )  # fmt: skip
    assert row is not None
    if row["finished_at"] is None and row["attempts"] > MOST_ATTEMPTS:
        log.error("task %s (message %s): given up after %s attempts", name, message, row["attempts"] - 1)
        return False
    return row["finished_at"] is None


async def _still_to_do(session: Session, message: UUID) -> bool:
    return (
        await session.fetchval("select finished_at from task_run where message_id = $1 for update", message)
        is None
    )


async def _failed(county: UUID, message: UUID, error: Exception) -> None:
    """Leave a trace of the failure."""
    async with county_session(county) as session:
        await session.execute("update task_run set failure = $2 where message_id = $1", message, _kind(error))


def _kind(error: Exception) -> str:
    """The kind alone: the text may hold data of persons."""
    name = type(error).__name__
    return f"{name} {error.sqlstate}" if isinstance(error, PostgresError) else name


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))


async def forget_old_runs(session: Session) -> None:
    """Drop the traces of tasks that ended long ago."""
    await session.execute(f"delete from task_run where finished_at < now() - interval '{KEEP_RUNS}'")
