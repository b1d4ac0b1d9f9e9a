"""文书: what a case can have printed now, what each paper still lacks; one of them as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery

from core.documents.model import Offer
from dangwu import LEVELS as TITLES
from tenants.ground.office import office
from tenants.papers import offered, printed, printed_stage
from web.cases.back import BACK_TO_THE_CASE
from web.cases.file.opened import CaseFile, open_file
from web.cases.papers.dated import dated
from web.kit.download import download
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.requests import Request, site_of
from web.kit.workbook import export_turn


class CasePaperPages(Controller):
    """/cases/{id}/papers."""

    path = "/cases/{case_id:uuid}/papers"
    exception_handlers = BACK_TO_THE_CASE

    @get("/")
    async def index(
        self, here: FromHere, request: Request, case_id: FromPath[UUID], day: FromQuery[str] = ""
    ) -> Page:
        """The papers that it can have, by stage; `day`: as they are dated."""
        file = await open_file(here, case_id)
        on = dated(here, day)
        listed = await offered(here.actor, file.matter, on, site_of(request))
        rare = tuple(dict.fromkeys(one for offer in listed for one in offer.rare))
        return page(
            "cases/papers.html",
            file=file,
            groups=list(_groups(file, listed)),
            day_of_papers=on,
            rare=rare,
            levels=TITLES,
            pdf=office() is not None,
        )

    @get("/set")
    async def together(
        self,
        here: FromHere,
        request: Request,
        case_id: FromPath[UUID],
        stage: FromQuery[str] = "",
        day: FromQuery[str] = "",
    ) -> Response[bytes]:
        """All papers of a stage that he prints, in a zip."""
        async with export_turn(here):
            made = await printed_stage(here.actor, case_id, stage, dated(here, day), site_of(request))
        return download(made.content, f"{made.name}.{made.ending}")

    @get("/{paper:str}")
    async def file(
        self, here: FromHere, request: Request, case_id: FromPath[UUID], paper: FromPath[str], step: FromQuery[str] = "",
        day: FromQuery[str] = "", pdf: FromQuery[bool] = False,
    ) -> Response[bytes]:  # fmt: skip
        """One of them in Word, or as PDF; who printed it is noted."""
        async with export_turn(here):
            made = await printed(
                here.actor, case_id, paper, step, dated(here, day), site_of(request), pdf=pdf
            )
        return download(made.content, f"{made.name}.{made.ending}")


class Group(NamedTuple):
    """The papers of a stage, or those of the whole case."""

    stage: str
    title: str
    offers: list[Offer]


def _groups(file: CaseFile, listed: Sequence[Offer]) -> Iterator[Group]:
    for stage, titled in file.matter.plan.procedure.stages.items():
        if found := [one for one in listed if one.stage == stage]:
            yield Group(stage, titled.name, found)
    if whole := [one for one in listed if not one.step]:
        yield Group("", "整份档案", whole)
