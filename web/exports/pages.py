"""The workbooks that one has asked for: how far each is, and fetching it."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath

from tenants.exports.service import exports, fetched
from web.kit.download import download
from web.kit.here import FromHere
from web.kit.page import Page, page


class ExportedPages(Controller):
    """/exports."""

    path = "/exports"

    @get("/")
    async def index(self, here: FromHere) -> Page:
        """One's own of the last day; the page asks again while one of them is being made."""
        found = await exports(here.actor)
        return page("exports/index.html", exports=found, working=any(one.state == "waiting" for one in found))

    @get("/{export_id:uuid}/file")
    async def file(self, here: FromHere, export_id: FromPath[UUID]) -> Response[bytes]:
        """The workbook."""
        name, content = await fetched(here.actor, export_id)
        return download(content, name)
