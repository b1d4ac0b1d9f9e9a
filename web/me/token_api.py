"""One's own tokens by the API; a program makes none for itself."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post
from litestar.params import FromPath, JSONBody

from tenants.accounts.tokens import Kind, NewToken, Token, listed, make, revoke
from web.kit.here import FromHere


class Draft(msgspec.Struct):
    """A token (`kind` token) or a client of OAuth 2.0 (client), and what it may do of what its owner may."""

    name: str
    scopes: list[str]
    kind: Kind = "token"
    read_only: bool = True
    days: int = 90


class Tokens(msgspec.Struct):
    """The newest first."""

    items: list[Token]


class TokenApi(Controller):
    """/api/v1/session/tokens."""

    path = "/session/tokens"
    tags = ["登录"]

    @get("/", summary="自己的令牌", in_person=True)
    async def index(self, here: FromHere) -> Tokens:
        """Those that open something."""
        return Tokens(await listed(here.actor))

    @post(
        "/",
        summary="新建令牌或程序客户端",
        description="secret 只出现这一次。用法：请求头 Authorization: Bearer …；不需要 x-csrftoken。",
        in_person=True,
    )
    async def make(self, here: FromHere, data: JSONBody[Draft]) -> NewToken:
        """Another; its secret is in this answer and nowhere else."""
        return await make(here.actor, **msgspec.structs.asdict(data))

    @delete("/{token_id:uuid}", status_code=204, summary="撤销令牌", in_person=True)
    async def revoke(self, here: FromHere, token_id: FromPath[UUID]) -> None:
        """It opens nothing any more."""
        await revoke(here.actor, token_id)
