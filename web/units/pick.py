"""Units on demand: what a search box of a form finds, and what stands below a unit of the tree that is opened."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath, FromQuery

from core.actor import Capability
from core.errors import NotFound
from core.organisation.model import KINDS
from core.organisation.queries import Among, search, tree
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.query import Text
from web.kit.requests import Request
from web.kit.units import MOST_FOUND, Option, nest


class UnitPickPages(Controller):
    """/units/pick and /units/{id}/below: fragments."""

    path = "/units"

    @get("/pick", asks=("*-q",))
    async def pick(
        self,
        here: FromHere,
        request: Request,
        capability: FromQuery[Capability | Literal[""]] = "org.view",
        kinds: FromQuery[list[str] | None] = None,
        outside: Text = "",
        field: Text = "unit",
    ) -> Page:
        """The options that a picker shows for the words in its search box: of what he may pick there, and nothing else."""
        if not capability and not here.may("case.open"):
            raise NotFound("没有找到可选的党组织。请从所在页面重新选择。")
        among = Among(capability, tuple(kind for kind in kinds or () if kind in KINDS), outside)
        words = str(request.query_params.get(f"{field}-q", ""))[:100]
        found = await search(here.actor, words, among, limit=MOST_FOUND) if words.strip() else []
        return page("units/picked.html", units=[Option(unit.id, unit.name, 0, "") for unit in found])

    @get("/{unit_id:uuid}/below")
    async def below(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """The units below one, as a part of the tree."""
        [top] = nest(await tree(here.actor, unit_id))
        return page("units/below.html", nodes=top.children)
