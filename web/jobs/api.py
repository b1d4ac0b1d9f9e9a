"""The jobs of the county, by the API."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from tenants.queue.jobs import Job, again, cancel
from web.jobs.scope import Group, listed, seen
from web.kit.here import FromHere
from web.kit.paging import After


class Jobs(msgspec.Struct):
    """A page of jobs, newest first; ask again with `after=<next>` for the one behind it."""

    items: tuple[Job, ...]
    next: str | None


class JobApi(Controller):
    """/api/v1/jobs."""

    path = "/jobs"
    tags = ["后台任务"]

    @get(
        "/",
        summary="后台任务",
        description="新的在前。有 job.manage 的看全县的，其他人看自己提出的；group 为 open、lost 或 done。",
    )
    async def index(self, here: FromHere, group: Group = "", after: After = None) -> Jobs:
        """A page of them."""
        pager = await listed(here.actor, group, after)
        return Jobs(pager.items, pager.next)

    @post(
        "/{job_id:uuid}/cancel",
        status_code=HTTP_200_OK,
        summary="取消后台任务",
        description="没有开始的不再开始，正在办理的到下一步停下并撤销；已经结束的答复 409。",
    )
    async def stop(self, here: FromHere, job_id: FromPath[UUID]) -> Job:
        """Have one stopped."""
        await cancel(here.actor, await seen(here.actor, job_id))
        return await seen(here.actor, job_id)

    @post(
        "/{job_id:uuid}/again",
        status_code=HTTP_200_OK,
        summary="重试后台任务",
        description="多次出错、已经放弃的再办理一次；提出人已得到答复的（导入、导出、预览）须重新提出，答复 409。",
    )
    async def retry(self, here: FromHere, job_id: FromPath[UUID]) -> Job:
        """Try one again."""
        await again(await seen(here.actor, job_id))
        return await seen(here.actor, job_id)
