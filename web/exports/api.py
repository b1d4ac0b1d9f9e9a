"""The workbooks that one has asked for, by the API."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath

from tenants.exports.service import Export, exports, fetched
from web.kit.download import download
from web.kit.here import FromHere


class ExportApi(Controller):
    """/api/v1/exports."""

    path = "/exports"
    tags = ["导出"]

    @get(
        "/",
        summary="我要过的表格",
        description="最近一天的，新的在前；state 为 waiting 时由后台生成，为 done 时可以取走。",
    )
    async def index(self, here: FromHere) -> list[Export]:
        """One's own of the last day, the latest first."""
        return await exports(here.actor)

    @get(
        "/{export_id:uuid}/file",
        media_type="application/octet-stream",
        summary="取走表格或文书",
        description="只有要表格的人可以取，保存一天。",
    )
    async def file(self, here: FromHere, export_id: FromPath[UUID]) -> Response[bytes]:
        """The workbook."""
        name, content = await fetched(here.actor, export_id)
        return download(content, name)
