"""Signing in by the API, and who one is."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.params import JSONBody

from core.ledger.note import note
from tenants.accounts.errors import SignInFailed
from tenants.counties import county_at_gate
from web.frame.intake import LARGEST_SIGN_IN
from web.kit.here import FromHere
from web.kit.requests import Request
from web.sign_in.session import begin_session, change_own_password, complete, half_of

CODE_TOO = "这个账号启用了动态口令。请在同一次请求里用 code 填上手机验证器显示的 6 位数字，或一个备用恢复码。"


class Credentials(msgspec.Struct):
    """`county` is the county's slug; `code` the second factor's, of those who have one."""

    county: str
    login: str
    password: str
    code: str | None = None


class OwnPassword(msgspec.Struct):
    """One's own password, old and new."""

    old: str
    new: str


class HeldOut(msgspec.Struct):
    """A role, the unit at which it is held, and what it lets one do there and below."""

    role: str
    level: str
    unit_id: UUID
    capabilities: list[str]


class Me(msgspec.Struct):
    """The signed-in person."""

    id: UUID
    name: str
    county: str
    roles: list[HeldOut]


class SessionApi(Controller):
    """/api/v1/session."""

    path = "/session"
    tags = ["登录"]

    @post(
        "/",
        status_code=204,
        request_max_body_size=LARGEST_SIGN_IN,
        summary="登录",
        description="成功后回答里带会话 cookie。同其他写操作一样须带 x-csrftoken 请求头：先用任意 GET 取得 cookie csrftoken。",
    )
    async def sign_in(self, request: Request, data: JSONBody[Credentials]) -> None:
        """Sign in: the answer sets the session cookie. Needs the CSRF header as every POST (any GET hands out the cookie)."""
        whole = await begin_session(request, await county_at_gate(data.county), data.login, data.password)
        if not whole:
            half = half_of(request)
            request.clear_session()
            if data.code is None:
                raise SignInFailed(CODE_TOO, code="code-needed")
            await complete(request, half, data.code)

    @get("/", summary="当前登录的人和他今天的职务权限")
    async def me(self, here: FromHere) -> Me:
        """Who one is, and what one holds today."""
        held = [HeldOut(h.role, h.level, h.unit_id, sorted(h.capabilities)) for h in here.actor.holdings]
        return Me(here.actor.id, here.actor.name, here.county.name, held)

    @delete("/", status_code=204, summary="退出登录", in_person=True)
    async def sign_out(self, request: Request, here: FromHere) -> None:
        """End the session."""
        await note(here.actor, "account.signed-out", "account", here.actor.id)
        request.clear_session()

    @put(
        "/password",
        status_code=204,
        summary="修改自己的密码",
        in_person=True,
        description="其他地方的登录随即失效。初始密码须先改成自己的密码。",
    )
    async def password(self, request: Request, here: FromHere, data: JSONBody[OwnPassword]) -> None:
        """Change one's own password; all other sign-ins of this person end."""
        await change_own_password(request, here, data.old, data.new)
