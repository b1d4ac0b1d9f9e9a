"""One letter: what has become of it; of ours the code by which anybody can check it, to be printed and enclosed."""

from __future__ import annotations

from uuid import UUID

import segno
from litestar import Controller, get
from litestar.params import FromPath

from core.transfers.queries import letter_file
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.requests import Request, site_of


class EnclosedPages(Controller):
    """/transfers/letters/{letter}."""

    path = "/transfers/letters/{letter_id:uuid}"

    @get("/")
    async def show(self, here: FromHere, request: Request, letter_id: FromPath[UUID]) -> Page:
        """The letter and its code. Raises NotFound."""
        line = await letter_file(here.actor, letter_id)
        token = line.letter.token if line.letter.ours else None
        address = f"{site_of(request)}/letters/{token}" if token else ""
        code = segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=False) if address else ""
        return page("transfers/letter.html", line=line, address=address, code=code)
