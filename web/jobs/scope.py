"""Whose jobs somebody sees: all of the county's with `job.manage`, else those that he has asked for."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar.params import QueryParameter

from core.actor import Actor
from core.errors import Invalid
from tenants.queue.jobs import GROUPS, Job, job, jobs
from tenants.worker import tasks
from web.kit.paging import Pager, decode_key, key_uuid

__all__ = ["Group", "listed", "seen", "tasks", "whose"]
# `tasks`: with them come the titles of all there are.

Group = Annotated[str, QueryParameter(max_length=20)]


def whose(actor: Actor) -> UUID | None:
    """None: everybody's."""
    return None if actor.scopes("job.manage") else actor.id


async def seen(actor: Actor, job_id: UUID) -> Job:
    """One of those he sees. Raises NotFound."""
    return await job(job_id, whose(actor))


async def listed(actor: Actor, group: str, after: str | None) -> Pager[Job]:
    """A page of them. Raises Invalid for a group that there is not."""
    if group not in GROUPS:
        raise Invalid("没有这一类任务。请从列表上方选择。", fields={"group": "没有这一类。"})
    key = decode_key(after)
    found = await jobs(whose=whose(actor), group=group, before=key_uuid(key[0]) if key else None, limit=51)
    return Pager.of(found, lambda one: (one.id,), after)
