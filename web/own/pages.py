"""One's own file: by an account that says whose it is, or by a link that opens once."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.changes.own import OwnFile, own_file
from core.errors import NotFound
from core.register.kept import EXPORT, KEPT
from tenants.own import LOOK, NO_LOOK, can_open, end_look, looked_at, open_link
from web.kit.here import FromHere
from web.kit.page import Page, page, see_other
from web.kit.rate import admit
from web.kit.requests import Request, address_of
from web.own.told import told

COOKIE = "dangwu-own"
MOST = 30
"""Requests from one address in a minute; a secret has 192 random bits."""


class OwnPages(Controller):
    """/me/file."""

    path = "/me/file"

    @get("/")
    async def show(self, here: FromHere) -> Page:
        """His own file. Raises NotFound where the account does not say whose it is."""
        if here.actor.person is None:
            raise NotFound("这个账号没有登记使用人是名册中的哪一位。请账号管理员在“账号与权限”中登记。")
        return _page("own/mine.html", await own_file(here.actor, here.actor.person))


class OwnLinkPages(Controller):
    """/own and /own/{token}: no sign-in."""

    path = "/own"

    @get("/{token:str}")
    async def ask(self, request: Request, token: FromPath[str]) -> Page:
        """A button that opens it: what only reads addresses ahead must not use it up. Raises NotFound, TooManyRequests."""
        await admit("own", address_of(request), MOST)
        await can_open(token)
        return page("own/open.html", minutes=LOOK.seconds // 60)

    @post("/{token:str}")
    async def open(self, request: Request, token: FromPath[str]) -> Redirect:
        """Open it, this once. Raises NotFound, TooManyRequests."""
        await admit("own", address_of(request), MOST)
        look = await open_link(token)
        answer = see_other("/own")
        secure = request.url.scheme == "https"
        answer.set_cookie(
            COOKIE, look, max_age=LOOK.seconds, path="/own", httponly=True, samesite="lax", secure=secure
        )
        return answer

    @get("/")
    async def show(self, request: Request) -> Page:
        """The file, while the look lasts. Raises NotFound, TooManyRequests."""
        await admit("own", address_of(request), MOST)
        return _page("own/look.html", await looked_at(_look(request)))

    @post("/")
    async def end(self, request: Request) -> Redirect:
        """He has seen enough. Raises NotFound, TooManyRequests."""
        await admit("own", address_of(request), MOST)
        await end_look(_look(request))
        answer = see_other("/own")
        answer.delete_cookie(COOKIE, path="/own")
        return answer


def _look(request: Request) -> str:
    """What the browser holds of a look. Raises NotFound without one."""
    if not (held := request.cookies.get(COOKIE)):
        raise NotFound(NO_LOOK)
    return held


def _page(template: str, own: OwnFile) -> Page:
    return page(
        template,
        own=own,
        file=own.file,
        told=told(own),
        minutes=LOOK.seconds // 60,
        kept=KEPT,
        exports=EXPORT,
    )
