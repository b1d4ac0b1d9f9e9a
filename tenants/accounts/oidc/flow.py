"""The way there and back: authorization code with PKCE; what is asked is kept once, and bound to the browser that asked."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from hashlib import sha256
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from core.secrecy import vault
from tenants.accounts.oidc.discovery import Metadata, claims, failed, metadata
from tenants.accounts.oidc.providers import Provider
from tenants.ground.outgoing import OutgoingRefused, fetch
from tenants.ground.redis import redis_client

SECONDS = 600
"""How long somebody may take at the provider."""
LEEWAY = 60
FIELD = "oidc.pending"


class Pending(msgspec.Struct):
    """A sign-in under way at a provider."""

    county: UUID
    slug: str
    provider: UUID
    nonce: str
    verifier: str
    browser: str
    next: str


class Begun(msgspec.Struct):
    """Where the browser goes, and what it has to bring back in a cookie."""

    url: str
    browser: str


class Subject(msgspec.Struct):
    """Whom the provider has signed in; `name` is only shown. `leave` is where signing out goes on."""

    provider: UUID
    subject: str
    name: str
    sid: str
    leave: str | None


async def begin(one: Provider, county: UUID, slug: str, next: str) -> Begun:
    """Raises SignInFailed when the provider is away."""
    found = await metadata(one)
    state, nonce, verifier, browser = (secrets.token_urlsafe(32) for _ in range(4))
    pending = Pending(county, slug, one.id, nonce, verifier, _digest(browser), next)
    sealed = b64encode(vault().seal(FIELD, msgspec.json.encode(pending)))
    await redis_client().set(f"oidc:{_digest(state)}", sealed, ex=SECONDS)
    url: str = prepare_grant_uri(
        found.authorization_endpoint, one.client_id, "code", redirect_uri=one.redirect_uri, scope="openid profile",
        state=state, nonce=nonce, code_challenge=_challenge(verifier), code_challenge_method="S256",
    )  # fmt: skip
    return Begun(url, browser)


async def taken(state: str, browser: str) -> Pending:
    """What was asked under this state by this browser: once, whoever brings it. Raises SignInFailed."""
    sealed = await redis_client().getdel(f"oidc:{_digest(state)}")
    if not sealed:
        raise failed("这次登录已经用过，或者等得太久。")
    pending = msgspec.json.decode(vault().open(FIELD, b64decode(sealed)), type=Pending)
    if not hmac.compare_digest(pending.browser, _digest(browser)):
        raise failed("这次登录不是从这个浏览器开始的。")
    return pending


async def finish(one: Provider, secret: str, pending: Pending, code: str) -> Subject:
    """Exchange the code, and check what the provider says. Raises SignInFailed."""
    found = await metadata(one)
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": one.redirect_uri,
        "code_verifier": pending.verifier, "client_id": one.client_id,
    }  # fmt: skip
    try:
        answer = await fetch(
            "POST", found.token_endpoint, host=one.host, form=form, auth=(one.client_id, secret)
        )
        token = msgspec.json.decode(answer.content, type=dict[str, object]).get("id_token")
    except (OutgoingRefused, msgspec.DecodeError) as wrong:
        raise failed("对方没有给出身份。") from wrong
    if answer.status_code != 200 or not isinstance(token, str):
        raise failed("对方没有给出身份。")
    said = await claims(one, token)
    check(one, said, nonce=pending.nonce)
    return Subject(
        one.id,
        str(said["sub"]),
        str(said.get("name") or ""),
        str(said.get("sid") or ""),
        _leave(one, found, token),
    )


def check(one: Provider, said: dict[str, object], *, nonce: str) -> None:
    """Raise SignInFailed unless the token was made by this provider, for us, now, for what we asked."""
    registry = JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": one.issuer},
        sub={"essential": True},
        aud={"essential": True, "value": one.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        registry.validate(said)
    except JoseError as wrong:
        raise failed("对方给出的身份不是这次登录的。") from wrong
    audience = said["aud"]
    if isinstance(audience, list) and len(audience) > 1 and said.get("azp") != one.client_id:
        raise failed("对方给出的身份不是给本平台的。")


def _challenge(verifier: str) -> str:
    found: str = create_s256_code_challenge(verifier)  # type: ignore[no-untyped-call]
    return found


def _leave(one: Provider, found: Metadata, token: str) -> str | None:
    if found.end_session_endpoint is None:
        return None
    asked = {
        "id_token_hint": token, "client_id": one.client_id, "post_logout_redirect_uri": f"{one.home}/sign-in",
    }  # fmt: skip
    return f"{found.end_session_endpoint}?{urlencode(asked)}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
