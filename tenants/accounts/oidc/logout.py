"""Back-channel logout: the provider tells us, server to server, that somebody has left (OIDC Back-Channel Logout 1.0)."""

from __future__ import annotations

from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from tenants.accounts.oidc.discovery import claims, failed
from tenants.accounts.oidc.flow import LEEWAY, SECONDS
from tenants.accounts.oidc.providers import Provider
from tenants.ground.redis import redis_client

EVENT = "http://schemas.openid.net/event/backchannel-logout"


async def left(one: Provider, token: str) -> tuple[str, str]:
    """Subject and session ("" for all of his) that the token ends. Raises SignInFailed, also for one that was used before."""
    said = await claims(one, token)
    registry = JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": one.issuer},
        aud={"essential": True, "value": one.client_id},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
        sub={"essential": True},
    )
    try:
        registry.validate(said)
    except JoseError as wrong:
        raise failed("退出通知不完整。") from wrong
    events = said.get("events")
    if not isinstance(events, dict) or EVENT not in events or "nonce" in said:
        raise failed("这不是退出通知。")
    fresh = await redis_client().set(f"oidc-left:{one.id}:{said['jti']}", 1, nx=True, ex=SECONDS)
    if not fresh:
        raise failed("退出通知已经用过。")
    return str(said["sub"]), str(said.get("sid") or "")
