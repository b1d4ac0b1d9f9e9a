"""One's own second factor by the API."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar import Controller, post, put
from litestar.params import JSONBody

from tenants.accounts import throttle, totp
from web.kit.clock import SHANGHAI
from web.kit.here import FromHere


class Code(msgspec.Struct):
    """What the authenticator shows, or a recovery code."""

    code: str


class RecoveryCodes(msgspec.Struct):
    """Shown once."""

    recovery_codes: tuple[str, ...]


class FactorApi(Controller):
    """/api/v1/session/second-factor."""

    path = "/session/second-factor"
    tags = ["登录"]

    @post(
        "/",
        status_code=200,
        in_person=True,
        summary="取得动态口令的密钥",
        description="在验证器里登记后，用 PUT 填一次口令才生效。",
    )
    async def begin(self, here: FromHere) -> totp.Offer:
        """A secret for an authenticator; counts for nothing until confirmed."""
        return await totp.begin(here.actor)

    @put("/", in_person=True, summary="启用动态口令", description="回答里的备用恢复码只出现这一次。")
    async def confirm(self, here: FromHere, data: JSONBody[Code]) -> RecoveryCodes:
        """From now on it is asked for."""
        return RecoveryCodes(await totp.confirm(here.actor, data.code, datetime.now(SHANGHAI)))

    @post("/end", status_code=204, in_person=True, summary="停用动态口令")
    async def end(self, here: FromHere, data: JSONBody[Code]) -> None:
        """No longer asked for."""
        now = datetime.now(SHANGHAI)
        async with throttle.guarded(here.county.id, here.actor.id, now):
            await totp.give_up(here.actor, data.code, now)

    @post("/codes", status_code=200, in_person=True, summary="更换备用恢复码", description="原来的随即失效。")
    async def codes(self, here: FromHere, data: JSONBody[Code]) -> RecoveryCodes:
        """New recovery codes instead of the old."""
        now = datetime.now(SHANGHAI)
        async with throttle.guarded(here.county.id, here.actor.id, now):
            return RecoveryCodes(await totp.renew_codes(here.actor, data.code, now))
