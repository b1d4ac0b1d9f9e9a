"""What anybody sees who holds a letter and reads its code: that it is one of ours, and whether it still holds. No sign-in."""

from __future__ import annotations

from litestar import Controller, get
from litestar.params import FromPath

from core.transfers.queries import said
from tenants.database.session import global_session
from web.kit.clock import today_of
from web.kit.page import Page, page
from web.kit.rate import admit
from web.kit.requests import Request, address_of

MOST = 30
"""Looks from one address in a minute; a token has 160 random bits, so this spares the database and not the secret."""


class LetterPages(Controller):
    """/letters/{token}."""

    path = "/letters"

    @get("/{token:str}")
    async def check(self, request: Request, token: FromPath[str]) -> Page:
        """Number, issuer, time, state. Raises NotFound, TooManyRequests."""
        await admit("letters", address_of(request), MOST)
        async with global_session():
            found = await said(token[:80])
        return page("transfers/check.html", letter=found, today=today_of(request.app.state))
