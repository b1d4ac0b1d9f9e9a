"""What runs in the background: `dramatiq tenants.tasks` is the worker. Every task is made by task_run.task: once per message.

The day is an argument of each message: a task computes for the day on which it was called for.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from core.casework.acts.attach import clear_strays
from core.casework.standing import sweep as standings
from core.register.roster import apply, parse
from core.register.roster.batch import give_up
from tenants.counties import counties
from tenants.database.session import Session, county_session
from tenants.ground.clock import SHANGHAI
from tenants.ground.files import county_files
from tenants.policies import plugins
from tenants.policies.regimes import regime_of_path
from tenants.queue.broker import broker
from tenants.queue.outbox import enqueue
from tenants.queue.run import forget_old_runs, task
from tenants.worker import process

broker.add_middleware(process.Connections())


PART = 2_000
"""Cases that are computed in one transaction, about two seconds: so long nobody else can write into them, and so much is done
again after a worker's death. The next part is a message of its own."""


async def _batch_lost(session: Session, batch_id: str, today: str) -> None:
    await give_up(UUID(batch_id))


@task("重新计算在办档案")
async def recompute_below(session: Session, path: str, today: str, after: str | None = None) -> None:
    """Compute the standings of the cases below `path` anew: its policies, or its place in the tree, have changed.

    `after` is the last case of the part before.
    """
    await _recompute_part(path, today, UUID(after) if after else None)


async def _recompute_part(path: str, today: str, after: UUID | None = None) -> None:
    part = await standings.running_below(path, after=after, most=PART)
    await standings.recompute(part, date.fromisoformat(today), regime_of_path)
    if len(part) == PART:
        await enqueue(recompute_below, path=path, today=today, after=str(part[-1]))


@task("每日巡检")
async def sweep_county(session: Session, today: str) -> None:
    """Compute anew what time alone has changed, and everything once the installed plugins are others than the last time."""
    marked = await session.fetchval("select standings_by from county where id = $1", session.county_id)
    if marked == plugins.fingerprint():
        await _sweep_part(today)
    else:
        await _recompute_part("/", today)
        mark = "update county set standings_by = $2 where id = $1"
        await session.execute(mark, session.county_id, plugins.fingerprint())
    await forget_old_runs(session)


@task("清理没有用上的上传文件")
async def clear_files(session: Session, today: str) -> None:
    """Remove uploads that came to nothing, once they have lain there for more than a day."""
    assert session.county_id is not None
    yesterday = date.fromisoformat(today) - timedelta(days=1)
    await clear_strays(county_files(session.county_id), datetime.combine(yesterday, time(), SHANGHAI))


@task("每日巡检")
async def sweep_on(session: Session, today: str, after: str) -> None:
    """The next part of the sweep of this day, behind the case `after`."""
    await _sweep_part(today, UUID(after))


async def _sweep_part(today: str, after: UUID | None = None) -> None:
    # By ids, and never the same again: a case whose policies cannot be said at present stays due.
    day = date.fromisoformat(today)
    part = await standings.due(day, regime_of_path, after=after, most=PART)
    await standings.recompute(part, day, regime_of_path)
    if len(part) == PART:
        await enqueue(sweep_on, today=today, after=str(part[-1]))


@task("读取上传的名册", given_up=_batch_lost)
async def parse_roster(session: Session, batch_id: str, today: str) -> None:
    """Read an uploaded roster into its preview."""
    await parse.parse(UUID(batch_id), date.fromisoformat(today))


@task("写入已确认的名册", given_up=_batch_lost)
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
