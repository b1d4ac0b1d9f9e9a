"""The workbooks that one has asked for, by the API."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody

from tenants.exports.agree import PendingExport, agree, decline, waiting_for
from tenants.exports.make import withdraw
from tenants.exports.service import Export, exports, fetched
from web.kit.download import download
from web.kit.here import FromHere


class Agree(msgspec.Struct):
    """Which list: the `mark` with which it was shown."""

    mark: str


class Decline(msgspec.Struct):
    """Why not; who asked reads it."""

    reason: str


class ExportApi(Controller):
    """/api/v1/exports."""

    path = "/exports"
    tags = ["导出"]

    @get(
        "/",
        summary="我要过的表格",
        description="最近一天的，新的在前；state 为 asked 时等另一人同意，为 waiting 时由后台生成，为 done 时可以取走。",
    )
    async def index(self, here: FromHere) -> list[Export]:
        """One's own of the last day, the latest first."""
        return await exports(here.actor)

    @get(
        "/asked",
        summary="等我同意的名单",
        description="别人要导出的、一份或一天合计超过本县限度的名单，须另一位有导出权限的人同意。",
    )
    async def asked(self, here: FromHere) -> list[PendingExport]:
        """What one can agree to."""
        return await waiting_for(here.actor)

    @post(
        "/{export_id:uuid}/agree",
        status_code=204,
        summary="同意导出名单",
        description="mark 照 /exports/asked 给出的填写；名单在查看以后有变化的，答复 409，须重新查看。",
    )
    async def agree(self, here: FromHere, export_id: FromPath[UUID], data: JSONBody[Agree]) -> None:
        """Let it be made, as it was seen."""
        await agree(here.actor, export_id, data.mark)

    @post("/{export_id:uuid}/decline", status_code=204, summary="不同意导出名单")
    async def decline(self, here: FromHere, export_id: FromPath[UUID], data: JSONBody[Decline]) -> None:
        """It is not made."""
        await decline(here.actor, export_id, data.reason)

    @post(
        "/{export_id:uuid}/withdraw",
        status_code=204,
        summary="撤回要导出的名单",
        description="限提出的人，在别人同意以前。",
    )
    async def withdraw(self, here: FromHere, export_id: FromPath[UUID]) -> None:
        """Take it back."""
        await withdraw(here.actor, export_id)

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
