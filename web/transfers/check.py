"""What anybody sees who holds a letter and reads its code: that it is one of ours, and whether it still holds. No sign-in."""

from __future__ import annotations

from datetime import timedelta

from litestar import Controller, get
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath

from core.transfers.queries import said
from tenants.database.session import global_session
from tenants.ground.redis import redis_client
from web.kit.clock import today_of
from web.kit.page import Page, page
from web.kit.requests import Request, address_of

WINDOW = timedelta(minutes=1)
MOST = 30
"""Looks from one address in a minute; a token has 160 random bits, so this spares the database and not the secret."""


class LetterPages(Controller):
    """/letters/{token}."""

    path = "/letters"

    @get("/{token:str}")
    async def check(self, request: Request, token: FromPath[str]) -> Page:
        """Number, issuer, time, state. Raises NotFound, TooManyRequests."""
        await _admit(address_of(request))
        async with global_session():
            found = await said(token[:80])
        return page("transfers/check.html", letter=found, today=today_of(request.app.state))


async def _admit(address: str) -> None:
    async with redis_client().pipeline(transaction=True) as pipe:
        pipe.set(f"letters:{address}", 0, nx=True, ex=WINDOW)
        pipe.incr(f"letters:{address}")
        _, count = await pipe.execute()
    if count > MOST:
        raise TooManyRequestsException("查验得太频繁。请过一分钟再试。")
