"""Where one is signed in, by page and API: other computers and telephones, ended one by one or all."""

from __future__ import annotations

import msgspec
from litestar import Controller, delete, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from tenants.accounts.service import signed_out
from web.frame.signed_in import SignIn, end, end_others, sign_ins
from web.kit.here import FromHere, Here
from web.kit.page import see_other
from web.kit.requests import Request


class SignIns(msgspec.Struct):
    """The latest first."""

    items: list[SignIn]


async def own_sign_ins(request: Request, here: Here) -> list[SignIn]:
    """His open sessions."""
    return await sign_ins(request, here.county.id, here.actor.id, request.session["epoch"])


async def _end(request: Request, here: Here, sign_in: str) -> None:
    await end(request, here.county.id, here.actor.id, sign_in)
    await signed_out(here.actor, 1)


async def _end_others(request: Request, here: Here) -> None:
    if count := await end_others(request, here.county.id, here.actor.id):
        await signed_out(here.actor, count)


class SignInsPages(Controller):
    """/me/sign-ins."""

    path = "/me/sign-ins"

    @post("/{sign_in:str}/end")
    async def end(self, here: FromHere, request: Request, sign_in: FromPath[str]) -> Redirect:
        """One of them."""
        await _end(request, here, sign_in)
        return see_other("/me", here.say("那一处登录已经结束。如果不是您本人登录的，请马上修改密码。"))

    @post("/end")
    async def end_all(self, here: FromHere, request: Request) -> Redirect:
        """All but this one."""
        await _end_others(request, here)
        return see_other("/me", here.say("其他各处的登录都已结束。"))


class SignInsApi(Controller):
    """/api/v1/session/sign-ins."""

    path = "/session/sign-ins"
    tags = ["登录"]

    @get("/", summary="自己在哪些地方登录着", in_person=True)
    async def index(self, here: FromHere, request: Request) -> SignIns:
        """One's open sessions."""
        return SignIns(await own_sign_ins(request, here))

    @delete("/{sign_in:str}", status_code=204, summary="结束另一处登录", in_person=True)
    async def end(self, here: FromHere, request: Request, sign_in: FromPath[str]) -> None:
        """One of them."""
        await _end(request, here, sign_in)

    @delete("/", status_code=204, summary="结束其他各处的登录", in_person=True)
    async def end_all(self, here: FromHere, request: Request) -> None:
        """All but this one."""
        await _end_others(request, here)
