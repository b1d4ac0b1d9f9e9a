"""帮助: one screen of plain words for each section."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get
from litestar.params import PathParameter

from core.errors import NotFound
from web.help.words import HELP, help_address
from web.kit.here import FromHere, Here
from web.kit.navigation import rail
from web.kit.page import Page, page
from web.kit.requests import Request


class HelpPages(Controller):
    """/help and /help/{section}: words alone, for everybody who is signed in."""

    path = "/help"

    @get("/")
    async def index(self, here: FromHere, request: Request) -> Page:
        """The sections that he may use, each with what it is for."""
        mine = _mine(here, request)
        listed = [(help_address(f"/{one.section}"), one) for one in HELP.values() if one.section in mine]
        return page("help/index.html", listed=listed)

    @get("/{section:str}")
    async def show(
        self, here: FromHere, request: Request, section: Annotated[str, PathParameter(max_length=40)]
    ) -> Page:
        """What to do there, and what others have asked."""
        found = HELP.get("" if section == "home" else section)
        if found is None:
            raise NotFound("没有这个栏目的帮助。请从帮助的目录中选择。")
        return page("help/show.html", one=found, mine=found.section in _mine(here, request))


def _mine(here: Here, request: Request) -> set[str]:
    """The sections that he may use."""
    return {link.path.strip("/") for link in rail(request, here)} | {"me"}
