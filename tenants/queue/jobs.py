"""Jobs as people see them: what was asked for, by whom, how far it is, what came of it; stopping one, and trying one again."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from core.actor import Actor
from core.errors import Conflict, NotFound
from tenants.database.session import current_session
from tenants.queue.outbox import CALLS
from tenants.queue.run import RETRIED, TITLES

State = Literal["waiting", "running", "trying", "stopping", "done", "lost", "cancelled"]
STATES: dict[State, str] = {
    "waiting": "等候",
    "running": "正在办理",
    "trying": "出错，等候重试",
    "stopping": "正在取消",
    "done": "已完成",
    "lost": "没有办成",
    "cancelled": "已取消",
}
GROUPS: dict[str, tuple[str, frozenset[State]]] = {
    "": ("全部", frozenset(STATES)),
    "open": ("正在办", frozenset({"waiting", "running", "trying", "stopping"})),
    "lost": ("没有办成", frozenset({"lost", "cancelled"})),
    "done": ("已完成", frozenset({"done"})),
}
UNDER_WAY = GROUPS["open"][1]
NO_SUCH = "没有找到这项后台任务，它可能已经清理（完成后保存 30 天）。请从列表中重新选择。"


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job with all its parts: `done` of `total` (None: unknown) things; `failure` is the kind of the last error, `deaths`
    how often it ended its process, `again` whether trying it again makes sense."""

    id: UUID
    title: str
    asked_by: str
    at: datetime
    state: State
    parts: int
    done: int | None
    total: int | None
    attempts: int
    failure: str | None
    deaths: int
    result: str
    ended_at: datetime | None
    cancelled_by: str
    again: bool


_JOBS = """
    select o.run_id id, o.message ->> 'actor_name' task, o.asked_by, o.created_at at, all_.parts, all_.done, all_.total,
           coalesce(last.attempts, 0) attempts, last.failure, coalesce(last.deaths, 0) deaths, coalesce(last.result, '') result,
           coalesce(last.finished_at, last.given_up_at) ended_at, o.cancelled_by,
           case when last.given_up_at is not null and o.cancelled_at is not null then 'cancelled'
                when last.given_up_at is not null then 'lost' when last.finished_at is not null then 'done'
                when o.cancelled_at is not null then 'stopping' when last.runner is not null then 'running'
                when last.attempts > 0 then 'trying' else 'waiting' end state
    from outbox o
    join lateral (
        select count(*) parts, sum(r.done) done, max(r.total) total
        from outbox p left join task_run r on r.tenant_id = p.tenant_id and r.message_id = p.run_id
        where p.tenant_id = o.tenant_id and (p.run_id = o.run_id or p.part_of = o.run_id)) all_ on true
    join lateral (
        select r.* from outbox p left join task_run r on r.tenant_id = p.tenant_id and r.message_id = p.run_id
        where p.tenant_id = o.tenant_id and (p.run_id = o.run_id or p.part_of = o.run_id)
        order by case when r.finished_at is not null then 2 when r.given_up_at is not null then 1 else 0 end, p.id desc
        limit 1) last on true
    where o.part_of is null
"""


async def jobs(
    *, whose: UUID | None = None, group: str = "", before: UUID | None = None, limit: int = 50
) -> list[Job]:
    """The county's, the latest first; `whose`: of this account alone; `before` is the last id of the page before."""
    return await _read(
        f"""select * from ({_JOBS} and ($1::uuid is null or o.asked_id = $1) and ($3::uuid is null or o.id <
                (select id from outbox where run_id = $3)) order by o.id desc) job where state = any($2) limit {int(limit)}""",
        whose, sorted(GROUPS[group][1]), before,
    )  # fmt: skip


async def job(job_id: UUID, whose: UUID | None = None) -> Job:
    """One of them. Raises NotFound."""
    found = await _read(f"{_JOBS} and o.run_id = $1 and ($2::uuid is null or o.asked_id = $2)", job_id, whose)
    if not found:
        raise NotFound(NO_SUCH)
    return found[0]


async def _read(sql: str, *args: object) -> list[Job]:
    rows = await current_session().fetch(sql, *args)
    return [
        Job(
            **{name: row[name] for name in row.keys() if name != "task"},  # noqa: SIM118 (a Record iterates values)
            title=TITLES.get(row["task"], row["task"]),
            again=row["state"] == "lost" and row["task"] in RETRIED,
        )
        for row in rows
    ]


class Counted(msgspec.Struct, frozen=True):
    """Messages of a county by state; `oldest` is the age in seconds of the one that has waited longest."""

    by_state: dict[str, int]
    oldest: float


async def counted() -> Counted:
    """How many there are, and for how long something waits."""
    rows = await current_session().fetch(_COUNTED)
    return Counted(
        {row["state"]: row["times"] for row in rows}, max((row["oldest"] for row in rows), default=0.0)
    )


_COUNTED = """
    select state, count(*) times,
           coalesce(max(extract(epoch from now() - created_at)) filter (where state = 'open'), 0)::float oldest
    from (select o.created_at, case when r.given_up_at is not null then 'lost' when r.finished_at is not null then 'done'
                 else 'open' end state
          from outbox o left join task_run r on r.tenant_id = o.tenant_id and r.message_id = o.run_id) job
    group by state
"""


async def cancel(actor: Actor, found: Job) -> None:
    """Have it stopped: at once while it waits, at its next step while it runs. Raises Conflict when it has ended."""
    if found.state not in UNDER_WAY:
        raise Conflict(f"这项任务{STATES[found.state]}，不用再取消。")
    await current_session().execute(
        "update outbox set cancelled_at = now(), cancelled_by = $2 where run_id = $1 and cancelled_at is null",
        found.id, actor.name,
    )  # fmt: skip


async def again(found: Job) -> None:
    """Try once more what was given up: the part that failed, from its beginning. Raises Conflict where nobody waits for that."""
    if not found.again:
        raise Conflict("这项任务不能在这里重试。请由提出的人重新办理一次（重新上传、导出或预览）。")
    session = current_session()
    await session.execute(_AGAIN, found.id)
    await session.execute(f"select pg_notify('{CALLS}', $1)", str(session.county_id))


_AGAIN = """
    with given as (
        update task_run r set given_up_at = null, attempts = 0, deaths = 0, failure = null, runner = null
        from outbox p where p.tenant_id = r.tenant_id and p.run_id = r.message_id and r.given_up_at is not null
            and (p.run_id = $1 or p.part_of = $1)
        returning r.message_id)
    update outbox set sent_at = null where run_id in (select message_id from given)
"""
