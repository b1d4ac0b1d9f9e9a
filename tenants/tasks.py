"""What runs in the background: `dramatiq tenants.tasks` is the worker. Every task is made by task_run.task: once per message.

The day is an argument of each message: a task computes for the day on which it was called for.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from core.casework import sweep as standings
from core.casework.attachments import clear_strays
from core.register.roster import apply, parse
from tenants import plugins, worker
from tenants.broker import broker
from tenants.clock import SHANGHAI
from tenants.counties import counties
from tenants.files import county_files
from tenants.outbox import enqueue
from tenants.policies import regime_of_path
from tenants.session import Session, county_session
from tenants.task_run import forget_old_runs, task

broker.add_middleware(worker.Connections())


@task
async def recompute_below(session: Session, path: str, today: str) -> None:
    """Compute the standings of the cases below `path` anew: its policies, or its place in the tree, have changed."""
    await standings.recompute_below(path, date.fromisoformat(today), regime_of_path)


@task
async def sweep_county(session: Session, today: str) -> None:
    """Compute anew what time alone has changed, and everything once the installed plugins are others than the last time."""
    marked = await session.fetchval("select standings_by from county where id = $1", session.county_id)
    if marked == plugins.fingerprint():
        await standings.sweep(date.fromisoformat(today), regime_of_path)
    else:
        await standings.recompute_below("/", date.fromisoformat(today), regime_of_path)
        mark = "update county set standings_by = $2 where id = $1"
        await session.execute(mark, session.county_id, plugins.fingerprint())
    await forget_old_runs(session)


@task
async def clear_files(session: Session, today: str) -> None:
    """Remove uploads that came to nothing, once they have lain there for more than a day."""
    assert session.county_id is not None
    yesterday = date.fromisoformat(today) - timedelta(days=1)
    await clear_strays(county_files(session.county_id), datetime.combine(yesterday, time(), SHANGHAI))


@task
async def parse_roster(session: Session, batch_id: str, today: str) -> None:
    """Read an uploaded roster into its preview."""
    await parse.parse(UUID(batch_id), date.fromisoformat(today))


@task
async def apply_roster(session: Session, batch_id: str, today: str) -> None:
    """Write a confirmed roster into the register, all of it or nothing."""
    await apply.apply(UUID(batch_id), date.fromisoformat(today), regime_of_path)


async def enqueue_sweeps(today: date) -> int:
    """Call for the sweep of this day in every county, of standings and of files; in how many it had not been called for.

    Calling again on the same day, with the same plugins installed, does nothing.
    """
    called = 0
    for county in await counties():
        run_id = uuid5(county.id, f"sweep {today.isoformat()} {plugins.fingerprint()}")
        async with county_session(county.id) as session:
            if not await session.fetchval(_KNOWN, run_id, str(run_id)):
                await enqueue(sweep_county, run_id=run_id, today=today.isoformat())
                await enqueue(clear_files, today=today.isoformat())
                called += 1
    return called


_KNOWN = """
    select exists (select from task_run where message_id = $1)
        or exists (select from outbox where message -> 'kwargs' ->> 'run_id' = $2)
"""
