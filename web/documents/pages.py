"""文书模板: all papers with their templates; one of them: its fields, replaced by the county's own, looked at, put back."""

from __future__ import annotations

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.documents.check import checked
from core.documents.model import Brought
from core.documents.own import own_templates, require_county, templates_of
from core.documents.prints import file_name
from core.documents.rows import COLUMNS
from core.errors import NotFound
from dangwu import LEVELS as TITLES
from dangwu import SOURCES, STEP
from tenants.papers import all_papers, paper_named, replaced, restored
from tenants.policies.shelf import title_named
from tenants.policies.words import all_words
from web.kit.download import download
from web.kit.forms import Form, attempt
from web.kit.here import FromHere
from web.kit.page import Page, page, see_other
from web.kit.procedures import step_title
from web.kit.requests import Request
from web.kit.workbook import export_turn


class TemplatePages(Controller):
    """/documents."""

    path = "/documents"

    @get("/")
    async def index(self) -> Page:
        """All papers, and which of them the county has replaced."""
        papers, own = await all_papers(), await own_templates()
        return page("documents/index.html", papers=papers, own=own, levels=TITLES, plugin_title=title_named)

    @get("/{paper:str}")
    async def show(self, paper: FromPath[str]) -> Page:
        """One paper: what its template can say."""
        return await _one_page(await paper_named(paper), Form.blank())

    @post("/{paper:str}")
    async def replace(self, here: FromHere, request: Request, paper: FromPath[str]) -> Page | Redirect:
        """Put the county's own template in its place."""
        await require_county(here.actor)
        form, one = await Form.of(request), await paper_named(paper)
        async with attempt(form):
            file = form.file("file", "模板")
            form.check()
            assert file is not None
            async with export_turn(here):
                await replaced(here.actor, paper, file.filename, await file.read())
            return see_other(f"/documents/{paper}", here.say(f"《{one.paper.title}》已换成本县的模板。"))
        return await _one_page(one, form)

    @post("/{paper:str}/original")
    async def restore(self, here: FromHere, paper: FromPath[str]) -> Redirect:
        """Put the plugin's back."""
        one = await restored(here.actor, paper)
        return see_other(f"/documents/{paper}", here.say(f"《{one.paper.title}》已换回原来的模板。"))

    @get("/{paper:str}/template")
    async def template(self, paper: FromPath[str]) -> Response[bytes]:
        """The template that is in use, to be altered."""
        one = await paper_named(paper)
        if one.paper.sealed:
            raise NotFound(f"《{one.paper.title}》由平台统一排成不能修改的 PDF，没有可以换的模板。")
        content = (await templates_of([one]))[one.id]
        return download(content, f"{file_name('模板', one.paper.title)}.docx")

    @get("/{paper:str}/preview")
    async def preview(self, here: FromHere, paper: FromPath[str]) -> Response[bytes]:
        """How it looks, with the names of the fields in their places."""
        one = await paper_named(paper)
        async with export_turn(here):
            content = await checked(one.paper, one.paper.title, (await templates_of([one]))[one.id])
        return download(
            content, f"{file_name('样子', one.paper.title)}.{'pdf' if one.paper.sealed else 'docx'}"
        )


async def _one_page(one: Brought, form: Form) -> Page:
    fields = [(name, _said(source), COLUMNS.get(source, ())) for name, source in one.paper.fields.items()]
    return page(
        "documents/show.html",
        status=form.status,
        form=form,
        one=one,
        own=None if one.paper.sealed else (await own_templates()).get(one.id),
        fields=fields,
        steps=[step_title(step.partition("/")[2]) for step in one.paper.steps],
        plugin_title=title_named(one.plugin),
        levels=TITLES,
    )


def _said(source: str) -> str:
    """What a field stands for, in words."""
    first, *rest = source.split(".")
    if first == "dates":
        return f"本人情况中的{all_words().by['date'].get(rest[0], rest[0])}"
    if first not in ("step", "steps"):
        return SOURCES[source]
    where = "这个环节" if first == "step" else f"“{step_title(rest.pop(0))}”"
    return f"{where}{STEP[rest[0]]}" if rest[0] in STEP else f"{where}记录的内容"
