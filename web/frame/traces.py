"""A request as a span: its route and not its address, its county by id, the status of its answer."""

from __future__ import annotations

from typing import cast

from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from tenants.ground.traces import span
from web.kit.here import STATE_KEY, Here

_SPAN = "span"


def traced(app: ASGIApp) -> ASGIApp:
    """Litestar middleware, among those of an application that is traced and of no other."""

    async def follow(scope: Scope, receive: Receive, send: Send) -> None:
        method, route = cast(HTTPScope, scope)["method"], scope["path_template"]
        with span(f"{method} {route}", "SERVER", http__request__method=method, http__route=route) as made:
            scope["state"][_SPAN] = made
            await app(scope, receive, send)

    return follow


async def tell_status(message: Message, scope: Scope) -> None:
    """Litestar `before_send` hook: the answer begins, whoever has made it."""
    made = scope["state"].get(_SPAN)
    if made is None or message["type"] != "http.response.start":
        return
    made.set_attribute("http.response.status_code", message["status"])
    here: Here | None = scope["state"].get(STATE_KEY)
    if here is not None:
        made.set_attribute("dangwu.county", str(here.county.id))
