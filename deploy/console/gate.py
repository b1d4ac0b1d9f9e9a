"""Who may in: whoever opens the address that the command has printed, once, soon; then his browser, until it rests.

Nothing of it is stored: with the command's process all of it ends. There is one operator at a time, by the name he gave.
"""

from __future__ import annotations

import hmac
import secrets
import time
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from core.errors import Forbidden
from deploy.noted import Operator

COOKIE = "dangwu-console"
TICKET_SECONDS = 10 * 60
IDLE_SECONDS = 30 * 60
SHUT = (
    "没有进入控制台：入口只能在打印以后十分钟内用一次，三十分钟没有操作也要重新进入。"
    "请在服务器上停止并重新执行 dangwu console。"
)


class Gate:
    """The gate of one run of the command."""

    def __init__(self, name: str) -> None:
        self.operator = Operator(name, "控制台")
        self.ticket = secrets.token_urlsafe(32)
        self._until = time.monotonic() + TICKET_SECONDS
        self._inside = ""
        self._seen = 0.0
        self.said: list[str] = []
        """Sentences for the next page."""

    def enter(self, ticket: str) -> str:
        """The value of the browser's cookie from now on. Raises Forbidden for a ticket that is another, used, or late."""
        good = hmac.compare_digest(ticket.encode(), self.ticket.encode())
        if not good or time.monotonic() > self._until:
            raise Forbidden(SHUT, code="shut")
        self._until, self._inside, self._seen = 0.0, secrets.token_urlsafe(32), time.monotonic()
        return self._inside

    def admits(self, cookie: str) -> bool:
        """Whether this is the browser that has come in, and it has not rested too long."""
        inside = bool(self._inside) and hmac.compare_digest(cookie.encode(), self._inside.encode())
        if not inside or time.monotonic() - self._seen > IDLE_SECONDS:
            return False
        self._seen = time.monotonic()
        return True

    def leave(self) -> None:
        """Out: nobody comes in again in this run."""
        self._inside = ""


def only_inside(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Litestar guard. Raises Forbidden for whoever is not inside."""
    if not connection.app.state.gate.admits(connection.cookies.get(COOKIE, "")):
        raise Forbidden(SHUT, code="shut")
