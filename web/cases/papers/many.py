"""One paper for everybody in a list: which, as one document or a zip, for what purpose; made in the background."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.response import Redirect

from core.actor import Actor
from core.casework.lists.cases import CaseFilter, ids_where
from core.documents.many import MOST, Printing
from core.errors import Invalid
from tenants.exports.kinds import File, Kind, Wish
from tenants.exports.make import ask
from tenants.papers import for_steps, printable, printed_many
from web.cases.list.filter import Wanted, address_of, wanted_of
from web.cases.list.table import cases_total
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.procedures import procedure_of
from web.kit.requests import Request, site_of
from web.kit.workbook import export_turn

SHAPES = [("one", "合成一个文件，一人一页起"), ("zip", "一人一个文件，打成压缩包")]


class ManyPaperPages(Controller):
    """/cases/papers."""

    path = "/cases/papers"
    dependencies = {"wanted": Provide(wanted_of, sync_to_thread=False)}

    @get("/")
    async def ask(self, here: FromHere, wanted: NamedDependency[Wanted]) -> Page:
        """Which paper, for what purpose?"""
        return await _ask_page(here, wanted, Form.blank(shape="one"))

    @post("/")
    async def print_(
        self, here: FromHere, request: Request, wanted: NamedDependency[Wanted]
    ) -> Page | Redirect:
        """First who can have it and who not, and why; then have them made."""
        form, papers = await Form.of(request), dict(await _papers(wanted))
        found: Printing | None = None
        async with attempt(form):
            paper = form.choice("paper", "文书", list(papers))
            shape = form.choice("shape", "合成一个文件还是分开", [value for value, _ in SHAPES])
            purpose = form.text("purpose", "打印目的", longest=100)
            form.check()
            asked = PapersAsked(wanted.filter, wanted.sort, paper, shape == "zip", site_of(request))
            if form.value("shown") == paper:
                await ask(here.actor, "papers", asked, purpose, here.today)
                return see_other("/exports")
            async with export_turn(here):
                await _total(here.actor, asked)
                ids = await _ids(here.actor, asked)
                found = await printable(here.actor, ids, paper, here.today, asked.site)
            form.put("shown", paper if found.papers else "")
        return await _ask_page(here, wanted, form, found)


class PapersAsked(msgspec.Struct, frozen=True):
    """Which paper, for which cases, each in a file of its own or all in one; `site`: where the platform was reached."""

    filter: CaseFilter
    sort: str
    paper: str
    zipped: bool
    site: str = ""


async def _papers(wanted: Wanted) -> list[tuple[str, str]]:
    return [(one.id, one.paper.title) for one in await for_steps(wanted.filter.procedure or "")]


async def _ask_page(here: Here, wanted: Wanted, form: Form, found: Printing | None = None) -> Page:
    return page(
        "cases/papers_many.html",
        status=form.status,
        form=form,
        found=found,
        total=await cases_total(here.actor, wanted.filter),
        most=MOST,
        papers=await _papers(wanted),
        shapes=SHAPES,
        procedure=procedure_of(wanted.filter.procedure or ""),
        filters=address_of(wanted),
    )


async def _total(actor: Actor, asked: PapersAsked) -> int:
    total = await cases_total(actor, asked.filter)
    if not 0 < total <= MOST:
        raise Invalid(
            f"一次可以打印 1 至 {MOST} 人的文书，这份名单有 {total} 人。请用党组织、阶段等条件缩小范围。"
        )
    return total


async def _ids(actor: Actor, asked: PapersAsked) -> list[UUID]:
    return await ids_where(actor, asked.filter, asked.sort, "case.view", MOST)


async def _file(actor: Actor, wish: Wish) -> File:
    asked: PapersAsked = wish.asked
    ids = await _ids(actor, asked)
    made = await printed_many(
        actor, ids, asked.paper, wish.purpose, wish.day, asked.site, zipped=asked.zipped
    )
    return File(made.ending, made.content)


PAPERS = Kind("成批打印的文书", PapersAsked, _total, _file, "document.print")
