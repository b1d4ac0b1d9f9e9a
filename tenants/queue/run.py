"""A task that runs once for each message, however often the queue delivers it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import dramatiq
import msgspec
from asyncpg import PostgresError

from core.progress import telling
from tenants.database.session import Session, county_session, current_session
from tenants.ground.traces import span
from tenants.queue.broker import COMMON, SINGLY, broker
from tenants.queue.places import AWAITED, EACH_COUNTY, call_back, lay_aside, place
from tenants.queue.progress import Cancelled, Progress
from tenants.queue.starts import MOST_DEATHS, Start, started

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 6
TIME_LIMIT = 30 * 60 * 1000
KEEP_RUNS = "30 days"
BEHIND = 100


class TaskFailed(Exception):
    """A task has failed: which one, how, and where in the code; never with what data."""


Work = Callable[..., Awaitable[str | None]]
Ended = Literal["failed", "killed", "cancelled"]
"""How a task was given up: it failed too often, its process died over it, somebody has stopped it."""

GivenUp = Callable[..., Awaitable[None]]
Task = dramatiq.Actor[..., Any]


class _Task(msgspec.Struct, frozen=True):
    """A task: what it does (it may answer a sentence on what came of it), and what is to be done when it is given up (`ended`).

    Both take the message's arguments. Of one county so many may run before it has to wait: `places`.
    """

    name: str
    work: Work
    given_up: GivenUp | None
    places: int


TITLES: dict[str, str] = {}
"""Name of a task → what it is called where people read of it."""

RETRIED: set[str] = set()
"""Those that can be tried again after they were given up: nobody has been told that they came to nothing."""


ASKED: set[str] = set()
"""Those that somebody asks for and may be told to ask for later; whatever follows from an act by itself is always taken."""


def task(
    title: str,
    *,
    given_up: GivenUp | None = None,
    priority: int = 0,
    asked: bool = False,
    awaited: bool = False,
    singly: bool = False,
) -> Callable[[Work], Task]:
    """Make a Dramatiq actor of `work(session, **arguments)`; call it with outbox.enqueue. People know it as `title`.

    Of what waits for a free thread, the lowest `priority` comes first: BEHIND lets everything else before it. Where so much is
    under way that the county's quota of jobs is reached, what is `asked` for is refused (outbox.enqueue). Where somebody sits and
    waits for it, it is `awaited`: of a county whose places are taken, one such runs beside them. What only reckons, for a second
    or two, is done `singly` by each process, so that an idle one takes the next.

    Of a message only its county and its run are believed: what is to be done stands in that county's own outbox, or is not done.
    The work runs in a session of the county, and that it is done is written in the same transaction: a message that comes twice
    finds it done, or waits for the run that is under way; of one county only so many run at once (places.py).
    After MOST_ATTEMPTS failures, or when its process has died MOST_DEATHS times, or once somebody has stopped it, it is given up:
    `given_up` then says so to whoever waits for it, and `lost_tasks` to the county's administrators.
    """

    def declare(work: Work) -> Task:
        made = _Task(work.__name__, work, given_up, AWAITED if awaited else EACH_COUNTY)
        TITLES[made.name] = title
        if given_up is None:
            RETRIED.add(made.name)
        if asked:
            ASKED.add(made.name)

        return _actor(made, priority, SINGLY if singly else COMMON)

    return declare


def _actor(made: _Task, priority: int, queue: str) -> Task:
    async def run(*, county_id: str, run_id: str, **_unasked: object) -> None:
        await _in_turn(made, UUID(county_id), UUID(run_id))

    run.__name__ = run.__qualname__ = made.name
    run.__doc__ = made.work.__doc__
    return dramatiq.actor(
        actor_name=made.name,
        broker=broker,
        queue_name=queue,
        max_retries=MOST_ATTEMPTS - 1,
        min_backoff=1_000,
        max_backoff=60_000,
        time_limit=TIME_LIMIT,
        priority=priority,
    )(run)


async def _in_turn(made: _Task, county: UUID, message: UUID) -> None:
    try:
        with place(county, made.places) as free:
            if free:
                await _run(made, county, message)
            else:
                await lay_aside(made.name, county, message)
    finally:
        # Also for what was laid aside: meanwhile the last place may have been left.
        await call_back(county)


async def _run(made: _Task, county: UUID, message: UUID) -> None:
    async with started(county, message, made.name) as start:
        if start is None:
            return
        if start.cancelled or start.attempt > MOST_ATTEMPTS or start.deaths >= MOST_DEATHS:
            await _give_up(made, county, message, start)
            return
        try:
            with span(made.name, "CONSUMER", dangwu__county=str(county), dangwu__attempt=start.attempt):
                await _work(made, county, message, start)
        except Cancelled:
            await _give_up(made, county, message, msgspec.structs.replace(start, cancelled=True))
        except Exception as error:
            # What is raised here goes into the worker's log and into the queue.
            failure = TaskFailed(f"{made.name}: {_kind(error)} at {_place(error)}")
            await _failed(county, message, error)
            if start.attempt == MOST_ATTEMPTS:
                await _give_up(made, county, message, start)
            raise failure from None


async def _work(made: _Task, county: UUID, message: UUID, start: Start) -> None:
    async with county_session(county) as session:
        session.asker, session.job = start.asker, start.job
        if await _still_to_do(session, message):
            with telling(Progress(county, message).tell):
                result = await made.work(session, **start.arguments)
            await session.execute(_DONE, message, result or "")


_DONE = """
    update task_run set finished_at = now(), failure = null, runner = null, result = $2 where message_id = $1
"""


async def _give_up(made: _Task, county: UUID, message: UUID, start: Start) -> None:
    """It will not be tried again: say so in the log, to the county, and to whoever waits for it."""
    ended: Ended = "cancelled" if start.cancelled else "killed" if start.deaths >= MOST_DEATHS else "failed"
    log.log(
        logging.INFO if start.cancelled else logging.ERROR,
        "task %s (message %s): given up (%s) at attempt %s, after %s deaths of its process",
        made.name, message, ended, start.attempt, start.deaths,
    )  # fmt: skip
    async with county_session(county) as session:
        await session.execute(
            "update task_run set given_up_at = now(), runner = null where message_id = $1", message
        )
        if made.given_up is not None:
            session.asker = start.asker
            await made.given_up(session, ended=ended, **start.arguments)


async def _still_to_do(session: Session, message: UUID) -> bool:
    """Whoever else runs it is waited for. The row stays free: that a process leaves in good order is noted there meanwhile."""
    await session.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", str(message))
    return (await session.fetchval("select finished_at from task_run where message_id = $1", message)) is None


async def _failed(county: UUID, message: UUID, error: Exception) -> None:
    """Leave a trace of the failure."""
    async with county_session(county) as session:
        await session.execute(
            "update task_run set failure = $2, runner = null where message_id = $1", message, _kind(error)
        )


def _kind(error: Exception) -> str:
    """The kind alone: the text may hold data of persons."""
    name = type(error).__name__
    return f"{name} {error.sqlstate}" if isinstance(error, PostgresError) else name


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))


class Lost(msgspec.Struct, frozen=True):
    """A kind of task that was given up, when for the last time, how often since it last succeeded, and whether workers died."""

    title: str
    at: datetime
    times: int
    killed: bool


async def lost_tasks() -> list[Lost]:
    """What was given up in this county, unless the same kind of task has succeeded since; the latest first."""
    rows = await current_session().fetch(
        f"""select task, max(given_up_at) at, count(*) times, bool_or(deaths >= {MOST_DEATHS}) killed from task_run r
           where given_up_at is not null and not exists
               (select from outbox o join outbox root on root.run_id = coalesce(o.part_of, o.run_id)
                where o.run_id = r.message_id and root.cancelled_at is not null) and not exists
               (select from task_run later where later.task = r.task and later.finished_at > r.given_up_at)
           group by task order by at desc"""
    )
    return [
        Lost(TITLES.get(row["task"], row["task"]), row["at"], row["times"], row["killed"]) for row in rows
    ]


async def forget_old_runs(session: Session) -> None:
    """Drop the traces of tasks that ended long ago."""
    await session.execute(
        f"delete from task_run where coalesce(finished_at, given_up_at) < now() - interval '{KEEP_RUNS}'"
    )
