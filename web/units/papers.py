"""批复等文件 of a unit: added, opened, taken away."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from core.organisation.access import access_unit
from core.organisation.papers import add, download, papers, remove
from web.kit.download import sent
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.units import way_down
from web.kit.uploads import brought, store_of


class UnitPaperPages(Controller):
    """/units/{id}/papers."""

    path = "/units/{unit_id:uuid}/papers"

    @get("/")
    async def index(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """What is kept."""
        return await _page(here, unit_id, Form.blank())

    @post("/")
    async def add(self, here: FromHere, request: Request, unit_id: FromPath[UUID]) -> Page | Redirect:
        """Add what was chosen, all or nothing."""
        form = await Form.of(request)
        async with attempt(form):
            await access_unit(here.actor, unit_id, "org.edit")
            chosen = await brought(here, request, form)
            if not chosen:
                form.refuse("attachments", "请选择文件。")
            form.check("有的文件没有收下，都还没有添加。")
            await add(here.actor, unit_id, *chosen)
            return see_other(f"/units/{unit_id}/papers", here.say(f"已添加 {len(chosen)} 个文件。"))
        return await _page(here, unit_id, form)

    @get("/{unit_file_id:uuid}")
    async def show(self, here: FromHere, unit_id: FromPath[UUID], unit_file_id: FromPath[UUID]) -> Stream:
        """One of them."""
        return sent(await download(here.actor, unit_id, unit_file_id, store_of(here)))

    @post("/{unit_file_id:uuid}/remove")
    async def remove(self, here: FromHere, unit_id: FromPath[UUID], unit_file_id: FromPath[UUID]) -> Redirect:
        """Take one away from sight."""
        await remove(here.actor, unit_id, unit_file_id)
        return see_other(f"/units/{unit_id}/papers", here.say("已移除这个文件。"))


async def _page(here: Here, unit_id: UUID, form: Form) -> Page:
    unit = await access_unit(here.actor, unit_id)
    return page(
        "units/papers.html",
        status=form.status,
        form=form,
        unit=unit,
        units=await way_down(unit.path),
        files=await papers(unit_id),
    )
