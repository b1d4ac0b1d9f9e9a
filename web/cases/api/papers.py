"""The papers of a case by the API: which there are, what each lacks; one of them as a file."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery

from tenants.papers import offered, printed
from web.cases.api.acting import taken_up
from web.cases.papers.dated import dated
from web.kit.download import download
from web.kit.here import FromHere
from web.kit.requests import Request, site_of
from web.kit.workbook import export_turn


class PaperOffer(msgspec.Struct, frozen=True):
    """A paper of a case: `id` and `step` ask for it; `lacks` are the fields that stay blank; `mine`: he prints it."""

    id: str
    title: str
    step: str
    by: str
    mine: bool
    lacks: dict[str, str]
    rare: tuple[str, ...]


class PaperApi(Controller):
    """/api/v1/cases/{id}/papers."""

    path = "/cases/{case_id:uuid}/papers"
    tags = ["文书"]

    @get(
        "/",
        summary="一份档案现在有哪些文书",
        description="lacks 是还不知道、留成横线的字段和原因；rare 是常用字体没有的字。",
    )
    async def index(
        self, here: FromHere, request: Request, case_id: FromPath[UUID], day: FromQuery[str] = ""
    ) -> list[PaperOffer]:
        """In the order of its steps; `day`: as they are dated."""
        listed = await offered(here.actor, await taken_up(here, case_id), dated(here, day), site_of(request))
        return [
            PaperOffer(
                one.brought.id, one.brought.paper.title, one.step, one.brought.paper.by, one.mine,
                {lack.field: lack.why for lack in one.lacks}, one.rare,
            )
            for one in listed
        ]  # fmt: skip

    @get(
        "/{paper:str}",
        media_type="application/octet-stream",
        summary="打印一份文书",
        description="Word 文件；pdf=true 时是 PDF（平台装有 LibreOffice 的）。记入阅档记录和操作日志。",
    )
    async def file(
        self, here: FromHere, request: Request, case_id: FromPath[UUID], paper: FromPath[str], step: FromQuery[str] = "",
        day: FromQuery[str] = "", pdf: FromQuery[bool] = False,
    ) -> Response[bytes]:  # fmt: skip
        """One of them; who printed it is noted."""
        async with export_turn(here):
            made = await printed(
                here.actor, case_id, paper, step, dated(here, day), site_of(request), pdf=pdf
            )
        return download(made.content, f"{made.name}.{made.ending}")
