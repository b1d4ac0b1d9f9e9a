"""查找: people, units, cases and pages from one box (Ctrl K); works as a page of its own, too."""

from __future__ import annotations

import msgspec
from litestar import Controller, get

from core.casework.lists.cases import CaseFilter, cases
from core.organisation.queries import search
from core.register.queries import PeopleFilter, people
from core.register.values import MEMBERSHIP
from web.kit.here import FromHere, Here
from web.kit.navigation import rail
from web.kit.page import Page, page
from web.kit.query import Text
from web.kit.requests import Request
from web.kit.words import unit_kind

MOST = 8
"""Lines of each kind."""


class Hit(msgspec.Struct, frozen=True):
    """Something found: where it is, what it is called, what it is."""

    href: str
    title: str
    note: str


class FindPages(Controller):
    """/find."""

    path = "/find"

    @get("/")
    async def index(
        self,
        here: FromHere,
        request: Request,
        q: Text = "",
    ) -> Page:
        """What begins with, is read as, or is called `q`; only what he may see anyway."""
        wanted = q.strip()
        groups: dict[str, list[Hit]] = {}
        if wanted:
            groups = {
                "人员": await _people(here, wanted),
                "办理事项": await _cases(here, wanted),
                "党组织": await _units(here, wanted),
                "页面": _pages(request, here, wanted),
            }
        return page("find.html", q=q, groups={title: hits for title, hits in groups.items() if hits})


async def _people(here: Here, wanted: str) -> list[Hit]:
    found = await people(here.actor, PeopleFilter(search=wanted), limit=MOST)
    return [
        Hit(f"/people/{line.id}", line.name, f"{MEMBERSHIP.get(line.membership, '')} · {line.unit_name}")
        for line in found.lines
    ]


async def _cases(here: Here, wanted: str) -> list[Hit]:
    found = await cases(here.actor, CaseFilter(search=wanted), limit=MOST)
    return [Hit(f"/cases/{line.id}", line.person_name, line.unit_name) for line in found.lines]


async def _units(here: Here, wanted: str) -> list[Hit]:
    found = await search(here.actor, wanted, limit=MOST)
    return [Hit(f"/units/{unit.id}", unit.name, unit_kind(unit.kind)) for unit in found]


def _pages(request: Request, here: Here, wanted: str) -> list[Hit]:
    return [Hit(link.path, link.title, "栏目") for link in rail(request, here) if wanted in link.title]
