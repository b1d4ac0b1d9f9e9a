"""A county's own templates: put in the place of a plugin's, looked at, taken away again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from core.actor import Actor
from core.database import fetchval
from core.documents.check import checked
from core.documents.model import Brought, Own
from core.documents.tables import PaperTemplate
from core.errors import Conflict, NotFound
from core.text import tidy

LONGEST_NAME = 100


async def own_templates() -> dict[str, Own]:
    """By the name of the paper (`Brought.id`), who has replaced its template, and when."""
    table = PaperTemplate
    rows = await table.select(table.paper, table.filename, table.by_name, table.at)
    return {row["paper"]: Own(row["paper"], row["filename"], row["by_name"], row["at"]) for row in rows}


async def templates_of(brought: Iterable[Brought]) -> Mapping[str, bytes]:
    """By the names of papers, the templates by which they are set: the county's own, else the plugin's."""
    listed = list(brought)
    found = {one.id: one.paper.content for one in listed}
    return found | await _own([one.id for one in listed if not one.paper.sealed])


async def _own(papers: Collection[str]) -> dict[str, bytes]:
    table = PaperTemplate
    if not papers:
        return {}
    rows = await table.select(table.paper, table.content).where(table.paper.is_in(list(papers)))
    return {row["paper"]: bytes(row["content"]) for row in rows}


async def replace(actor: Actor, one: Brought, filename: str, content: bytes) -> None:
    """Put a template in the place of a plugin's. Raises Forbidden, Conflict for a sealed paper, and Invalid for what cannot be
    a template (check.py)."""
    await require_county(actor)
    if one.paper.sealed:
        raise Conflict(
            f"《{one.paper.title}》由平台统一排成不能修改的 PDF，没有可以换的模板。", code="paper-sealed"
        )
    named = tidy(filename)[:LONGEST_NAME] or "模板.docx"
    await checked(one.paper, named, content)
    await _drop(one.id)
    await PaperTemplate.insert(
        PaperTemplate(paper=one.id, filename=named, content=content, by_id=actor.id, by_name=actor.name)
    )


async def put_back(actor: Actor, one: Brought) -> None:
    """Take the county's own template away. Raises Forbidden, and NotFound where there is none."""
    await require_county(actor)
    if not await _drop(one.id):
        raise NotFound(f"《{one.paper.title}》用的就是原来的模板。")


async def _drop(paper: str) -> bool:
    table = PaperTemplate
    return bool(await table.delete().where(table.paper == paper).returning(table.id))


async def require_county(actor: Actor) -> None:
    """Raise Forbidden for somebody who does not replace templates for the whole county."""
    top = await fetchval("select path from unit where parent_id is null")
    actor.require("document.template", top or "/")
