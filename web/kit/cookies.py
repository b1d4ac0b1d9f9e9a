"""Cookies that go with the answer to this request, however a page or the API answers it."""

from __future__ import annotations

from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.types import Message, Scope

from web.kit.requests import Request

_STATE = "_cookies"


def send_along(request: Request, cookie: Cookie) -> None:
    """Send it with the answer."""
    request.scope["state"].setdefault(_STATE, []).append(cookie.to_header(header=""))


async def send_cookies(message: Message, scope: Scope) -> None:
    """Litestar `before_send` hook: pages and API answer in different ways."""
    if message["type"] == "http.response.start":
        for cookie in scope["state"].get(_STATE, ()):
            MutableScopeHeaders.from_message(message).add("Set-Cookie", cookie)
