"""The token of forms belongs to a sign-in: one that somebody got, or planted, before it or elsewhere gets nothing done."""

from __future__ import annotations

from hashlib import sha256

from litestar.datastructures import Cookie
from litestar.exceptions import PermissionDeniedException
from litestar.middleware.csrf import CSRFMiddleware, generate_csrf_token
from litestar.types import Receive, Scope, Send
from litestar.utils.scope.state import ScopeState

from web.frame.intake import LOOKING
from web.frame.secret import csrf_secret
from web.kit.cookies import send_along
from web.kit.requests import Connection, Request

COOKIE = "csrftoken"
_HELD = "csrf"
BY_TOKEN = "_by_token"
"""Set in a request's state once a token of the API has opened it: no browser sends that by itself."""


class FormTokens(CSRFMiddleware):
    """Litestar's middleware, which lets a program's requests pass."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look for the token in header or form; who only looks, and has one, needs no more than that pages know it."""
        if not scope["state"].get(BY_TOKEN):
            held = Connection(scope).cookies.get(COOKIE) if _looks(scope) else None
            if not held:
                await super().__call__(scope, receive, send)
                return
            ScopeState.from_scope(scope).csrf_token = held
        await self.app(scope, receive, send)


def _looks(scope: Scope) -> bool:
    """Whether it only looks, and sends nothing along."""
    return scope.get("method") in LOOKING and all(name != b"content-type" for name, _ in scope["headers"])


def begin_token(request: Request) -> None:
    """A sign-in begins: the browser gets a token of its own, and the session remembers which."""
    token = generate_csrf_token(csrf_secret())
    request.session[_HELD] = _digest(token)
    send_along(request, Cookie(key=COOKIE, value=token, path="/", httponly=True, samesite="lax"))


def refuse_strange_token(connection: Connection, method: str) -> None:
    """Raise PermissionDeniedException when the browser's token is not that of its sign-in. That a form has it, too, is
    looked at later (Litestar's CSRF middleware)."""
    if method in LOOKING:
        return
    if _digest(connection.cookies.get(COOKIE, "")) != connection.session.get(_HELD):
        raise PermissionDeniedException("CSRF: the token of another sign-in")


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
