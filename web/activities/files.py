"""附件和照片 of an activity."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from core.activities.files import add, download, remove
from core.activities.queries import activity
from core.files.kinds import JPG, PNG
from web.activities.view import activity_page
from web.kit.download import sent
from web.kit.forms import Form, attempt
from web.kit.here import FromHere
from web.kit.page import Page, see_other
from web.kit.requests import Request
from web.kit.uploads import brought, store_of

SHOWN = frozenset({JPG.mime, PNG.mime})


class FilePages(Controller):
    """/activities/{id}/files."""

    path = "/activities/{activity_id:uuid}/files"

    @post("/")
    async def add(self, here: FromHere, request: Request, activity_id: FromPath[UUID]) -> Page | Redirect:
        """Add what was chosen, all or nothing."""
        form = await Form.of(request)
        async with attempt(form):
            await activity(here.actor, activity_id, "activity.record")
            chosen = await brought(here, request, form)
            if not chosen:
                form.refuse("attachments", "请选择照片或文件。")
            form.check("有的文件没有收下，都还没有添加。")
            await add(here.actor, activity_id, *chosen)
            return see_other(f"/activities/{activity_id}", here.say(f"已添加 {len(chosen)} 个附件。"))
        return await activity_page(here, activity_id, form)

    @get("/{file_id:uuid}")
    async def show(self, here: FromHere, activity_id: FromPath[UUID], file_id: FromPath[UUID]) -> Stream:
        """One of them; photos are shown in the page."""
        found = await download(here.actor, activity_id, file_id, store_of(here))
        return sent(found, shown=found.mime in SHOWN)

    @post("/{file_id:uuid}/remove")
    async def remove(self, here: FromHere, activity_id: FromPath[UUID], file_id: FromPath[UUID]) -> Redirect:
        """Take one away from sight."""
        await remove(here.actor, activity_id, file_id)
        return see_other(f"/activities/{activity_id}", here.say("已移除这个附件。"))
