"""The workbooks that one has asked for: how far each is, and fetching it."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from tenants.exports.agree import agree, decline, waiting_for
from tenants.exports.make import withdraw
from tenants.exports.service import exports, fetched
from web.kit.download import download
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request


class ExportedPages(Controller):
    """/exports."""

    path = "/exports"

    @get("/")
    async def index(self, here: FromHere) -> Page:
        """One's own of the last day; the page asks again while one of them is being made."""
        return await _page(here, Form.blank())

    @post("/{export_id:uuid}/agree")
    async def agree(self, here: FromHere, request: Request, export_id: FromPath[UUID]) -> Page | Redirect:
        """Let somebody else's long list be made, as it was shown. Raises NotFound, Forbidden, Conflict."""
        form = await Form.of(request)
        async with attempt(form):
            await agree(here.actor, export_id, form.value("mark"))
            return see_other("/exports", here.say("已同意，后台开始生成，由要导出的人下载。"))
        return await _page(here, form)

    @post("/{export_id:uuid}/decline")
    async def decline(self, here: FromHere, request: Request, export_id: FromPath[UUID]) -> Page | Redirect:
        """It is not made. Raises NotFound, Forbidden."""
        form = await Form.of(request)
        async with attempt(form):
            await decline(here.actor, export_id, form.value("reason"))
            return see_other("/exports", here.say("没有同意，要导出的人会看到理由。"))
        return await _page(here, form, declined=export_id)

    @post("/{export_id:uuid}/withdraw")
    async def withdraw(self, here: FromHere, export_id: FromPath[UUID]) -> Redirect:
        """Who has asked takes it back. Raises NotFound."""
        await withdraw(here.actor, export_id)
        return see_other("/exports", here.say("已撤回，没有生成。"))

    @get("/{export_id:uuid}/file")
    async def file(self, here: FromHere, export_id: FromPath[UUID]) -> Response[bytes]:
        """The workbook."""
        name, content = await fetched(here.actor, export_id)
        return download(content, name)


async def _page(here: Here, form: Form, declined: UUID | None = None) -> Page:
    """What he has asked for, and what he is asked; `form` is that by which one was agreed to or `declined`."""
    found = await exports(here.actor)
    return page(
        "exports/index.html",
        status=form.status,
        form=form,
        declined=declined,
        exports=found,
        asked=await waiting_for(here.actor),
        working=any(one.state == "waiting" for one in found),
    )
