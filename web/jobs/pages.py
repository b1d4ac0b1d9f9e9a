"""The jobs of the county on a page: how far each is, stopping one, trying one again."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from tenants.queue.jobs import GROUPS, STATES, UNDER_WAY, again, cancel
from web.jobs.scope import Group, listed, seen, whose
from web.kit.here import FromHere
from web.kit.page import Page, page, see_other
from web.kit.paging import After

SIGNS = {
    "running": "open",
    "trying": "failed",
    "stopping": "open",
    "done": "done",
    "lost": "failed",
    "cancelled": "waived",
}


class JobPages(Controller):
    """/jobs."""

    path = "/jobs"

    @get("/")
    async def index(self, here: FromHere, group: Group = "", after: After = None) -> Page:
        """The latest first; the page asks again while one of them is under way."""
        pager = await listed(here.actor, group, after)
        return page(
            "jobs/index.html",
            pager=pager,
            group=group,
            groups=GROUPS,
            states=STATES,
            signs=SIGNS,
            under_way=UNDER_WAY,
            working=pager.first and any(one.state in UNDER_WAY for one in pager.items),
            own=whose(here.actor) is not None,
        )

    @post("/{job_id:uuid}/cancel")
    async def stop(self, here: FromHere, job_id: FromPath[UUID]) -> Redirect:
        """Have one stopped."""
        found = await seen(here.actor, job_id)
        await cancel(here.actor, found)
        return see_other(
            "/jobs", here.say(f"已要求取消“{found.title}”：没有开始的不再开始，正在办理的到下一步停下。")
        )

    @post("/{job_id:uuid}/again")
    async def retry(self, here: FromHere, job_id: FromPath[UUID]) -> Redirect:
        """Try one again."""
        found = await seen(here.actor, job_id)
        await again(found)
        return see_other("/jobs", here.say(f"“{found.title}”将再办理一次。"))
