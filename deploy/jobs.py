"""`dangwu jobs`: what runs in the background of each county; stopping one, trying one again."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator
from uuid import UUID

from core.errors import NotFound
from deploy.inside import inside
from deploy.opening import OPERATOR, named
from deploy.problem import Problem
from tenants.counties import CountyView, counties
from tenants.database.session import county_session
from tenants.queue.jobs import NO_SUCH, STATES, Job, again, cancel, job, jobs
from tenants.worker import tasks

__all__ = ["jobs_told", "tasks"]

MOST = 20
"""Of a county; who wants more asks for that county alone."""


async def jobs_told(given: Namespace) -> str:
    """Do what is asked for; what to print. Raises Problem, NotFound, Conflict."""
    async with inside():
        asked = [await named(given.slug)] if given.slug else await counties()
        if given.cancel or given.again:
            return await _act(asked, given)
        most = MOST if len(asked) > 1 else 50
        return "\n".join([line async for line in _listed(asked, given.group, most)]) or "没有这样的任务。"


async def _act(asked: list[CountyView], given: Namespace) -> str:
    job_id = _id(given.cancel or given.again)
    for county in asked:
        async with county_session(county.id):
            try:
                found = await job(job_id)
            except NotFound:
                continue
            await (cancel(OPERATOR, found) if given.cancel else again(found))
            return f"{county.name}的“{found.title}”：{'已要求取消' if given.cancel else '将再办理一次'}。"
    raise NotFound(NO_SUCH)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem(f"“{text}”不是任务的编号。编号在 dangwu jobs 列出的每行末尾。") from None


async def _listed(asked: list[CountyView], group: str, most: int) -> AsyncIterator[str]:
    for county in asked:
        async with county_session(county.id):
            for one in await jobs(group=group, limit=most):
                yield "\t".join([county.slug, *_cells(one)])


def _cells(one: Job) -> list[str]:
    """Without the names of who has asked: whose county it is not, need not know them."""
    done = "" if one.done is None else f"{one.done}/{one.total or '?'}"
    wrong = f"{one.failure}×{one.attempts}" if one.failure else f"中断 {one.deaths} 次" if one.deaths else ""
    return [f"{one.at.astimezone():%m-%d %H:%M}", one.title, STATES[one.state], done, wrong, str(one.id)]
