"""A workbook as a download, and whose turn it is to have one made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Response

from core.errors import Conflict
from core.files import kinds
from tenants.database.errors import DatabaseBusy, ShareSpent
from tenants.database.shares import Shares
from web.kit.download import download
from web.kit.here import Here

XLSX = kinds.XLSX.mime

_turns = Shares(each_account=1, each_county=1)
"""Of this process. Two are made at a time (core/apart.py): one county never keeps the others from theirs."""


@asynccontextmanager
async def export_turn(here: Here) -> AsyncIterator[None]:
    """Inside, a workbook may be made: one at a time for a person, and for a county. Waits; raises Conflict after some seconds."""
    try:
        async with _turns.turn(here.county.id, here.actor.id):
            yield
    except ShareSpent:
        raise Conflict("您上一次导出的表格还在生成。请等它下载完再导出。", code="export-running") from None
    except DatabaseBusy:
        raise Conflict(
            "本县别的同志正在导出，轮到您还要一会儿。请稍后再试。", code="export-running"
        ) from None


def workbook(content: bytes, name: str) -> Response[bytes]:
    """A download; the name may be Chinese."""
    return download(content, name)
