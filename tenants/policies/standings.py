"""Standings that are worked out again in the background, because policies, places in the tree or the day have changed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.casework.standing import sweep as standings
from core.progress import told
from core.ratings.renew import renew
from tenants.database.session import Session, current_session
from tenants.policies import plugins
from tenants.policies.regimes import regime_of_path
from tenants.queue.outbox import enqueue
from tenants.queue.run import forget_old_runs, task

PART = 200
"""Cases that are computed in one transaction: so much is done again after a worker's death. They are locked only while what has
changed is written, and of so many nobody waits more than 200 ms for it. The next part is a message of its own."""


@task("重新计算在办档案")
async def recompute_below(session: Session, path: str, today: str, after: str | None = None) -> None:
    """Compute the standings of the cases below `path` anew, and where people stand in its rounds of ratings: its policies, or its
    place in the tree, have changed.

    `after` is the last case of the part before.
    """
    if after is None:
        await renew(path, regime_for=regime_of_path, today=date.fromisoformat(today))
    await _recompute_part(path, today, UUID(after) if after else None)


async def _recompute_part(path: str, today: str, after: UUID | None = None) -> None:
    part = await standings.running_below(path, after=after, most=PART)
    # A message that was late must not set cases back behind the sweep.
    day = max(date.fromisoformat(today), await _swept() or date.min)
    await standings.recompute(part, day, regime_of_path)
    await told(len(part))
    if len(part) == PART:
        await enqueue(recompute_below, goes_on=True, path=path, today=today, after=str(part[-1]))


@task("每日巡检")
async def sweep_county(session: Session, today: str) -> None:
    """Compute anew what time alone has changed, and everything once the installed plugins are others than the last time."""
    marked = await session.fetchval("select standings_by from county where id = $1", session.county_id)
    if marked == plugins.fingerprint():
        await _sweep_part(today)
    else:
        await _recompute_part("/", today)
        mark = "update county set standings_by = $2, swept_on = greatest(swept_on, $3) where id = $1"
        await session.execute(mark, session.county_id, plugins.fingerprint(), date.fromisoformat(today))
    await forget_old_runs(session)


@task("每日巡检")
async def sweep_on(session: Session, today: str, after: str) -> None:
    """The next part of the sweep of this day, behind the case `after`."""
    await _sweep_part(today, UUID(after))


async def _sweep_part(today: str, after: UUID | None = None) -> None:
    # By ids, and never the same again: a case whose policies cannot be said at present stays due.
    day = date.fromisoformat(today)
    part = await standings.due(day, regime_of_path, swept=await _swept(), after=after, most=PART)
    await standings.recompute(part, day, regime_of_path)
    await told(len(part))
    if len(part) == PART:
        await enqueue(sweep_on, goes_on=True, today=today, after=str(part[-1]))
        return
    session = current_session()
    mark = "update county set swept_on = greatest(swept_on, $2) where id = $1"
    await session.execute(mark, session.county_id, day)


async def _swept() -> date | None:
    """The day up to which rules that begin and end have been seen to in this county."""
    session = current_session()
    found: date | None = await session.fetchval(
        "select swept_on from county where id = $1", session.county_id
    )
    return found
