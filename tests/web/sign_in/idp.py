"""A provider of OpenID Connect as a process of its own (granian), small and strict; `POST /control` says whom it signs in next,
and what it does wrong. Codes are good once, and only with the verifier of their challenge; the key can be changed."""

from __future__ import annotations

import secrets
import time
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.rfc6749.util import extract_basic_authorization
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey
from litestar import Litestar, Request, Response, get, post
from litestar.params import FromQuery, JSONBody
from litestar.response import Redirect

CLIENT, SECRET = "dangwu", "a-secret-of-the-provider"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


def new_key() -> tuple[str, RSAKey]:
    """A key and its name."""
    kid = secrets.token_hex(4)
    return kid, RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


class World:
    """What the provider remembers."""

    def __init__(self) -> None:
        self.kid, self.key = new_key()
        self.subject: dict[str, Any] = {"sub": "someone"}
        self.spoil: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.reads = 0


world = World()


def signed(issuer: str, **claims: object) -> str:
    """A token of the provider's."""
    now = int(time.time())
    made = {"iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 300, **claims, **world.spoil}
    key = new_key()[1] if "forged" in world.spoil else world.key
    return jwt.encode({"alg": "RS256", "kid": world.kid}, made, key)


def issuer_of(request: Request[Any, Any, Any]) -> str:
    """Our address."""
    return f"http://{request.headers['host']}"


@get("/.well-known/openid-configuration")
async def configuration(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Discovery."""
    issuer = issuer_of(request)
    named = {name: f"{issuer}/{path}" for name, path in (
        ("authorization_endpoint", "authorize"), ("token_endpoint", "token"), ("jwks_uri", "jwks"),
        ("end_session_endpoint", "leave"))}  # fmt: skip
    return {"issuer": issuer, **named}


@get("/jwks")
async def jwks() -> dict[str, Any]:
    """The public key."""
    world.reads += 1
    return {"keys": [world.key.as_dict(private=False)]}


@get("/authorize")
async def authorize(request: Request[Any, Any, Any], redirect_uri: FromQuery[str]) -> Redirect:
    """Signs in whom it was told to."""
    code = secrets.token_urlsafe(16)
    world.codes[code] = dict(request.query_params)
    back = urlencode({"code": code, "state": request.query_params["state"], "session_state": "x"})
    return Redirect(f"{redirect_uri}?{back}", status_code=302)


@post("/token", status_code=200)
async def token(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """A code for an identity, once."""
    form = await request.form()
    asked = world.codes.pop(str(form.get("code")), None)
    known = extract_basic_authorization({"Authorization": request.headers.get("authorization", "")}) == (
        CLIENT,
        SECRET,
    )
    challenge = create_s256_code_challenge(str(form.get("code_verifier")))  # type: ignore[no-untyped-call]
    if (
        not asked
        or not known
        or challenge != asked["code_challenge"]
        or form["redirect_uri"] != asked["redirect_uri"]
    ):
        return Response({"error": "invalid_grant"}, status_code=400)
    identity = signed(issuer_of(request), nonce=asked["nonce"], sid="s1", **world.subject)
    return Response({"access_token": "x", "token_type": "Bearer", "id_token": identity})


@post("/control", status_code=200)
async def control(request: Request[Any, Any, Any], data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """Whom it signs in next; what it spoils; a new key; a logout token. Answers how often its keys were read."""
    world.subject, world.spoil = data.get("subject", world.subject), data.get("spoil", {})
    if data.get("rotate"):
        world.kid, world.key = new_key()
    claims = {"jti": secrets.token_hex(8), "events": {EVENT: {}}, **data.get("claims", {})}
    return {"reads": world.reads, "logout_token": signed(issuer_of(request), **claims)}


app = Litestar([configuration, jwks, authorize, token, control])
