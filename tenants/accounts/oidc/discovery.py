"""What a provider says of itself: its endpoints and its keys, kept in this process for a while."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from tenants.accounts.errors import SignInFailed
from tenants.accounts.oidc.providers import Provider
from tenants.ground.outgoing import OutgoingRefused, fetch

KEPT_SECONDS = 600
LEAST_SECONDS = 30
"""Between two looks at the keys, however many tokens name one that is not known."""

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures with a key that the provider alone has: never `none`, nor one that its clients could make."""

UNREADABLE = (JoseError, ValueError, TypeError)
"""What comes of a token that is none: anybody may send one, with a head of any types."""

FAILED = "统一认证没有成功：{}请稍后重试，或用登录名和密码登录。"


class Metadata(msgspec.Struct, frozen=True):
    """Its endpoints (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None


class _Keys(msgspec.Struct):
    keys: KeySet
    at: float


_said: dict[tuple[str, str], tuple[Metadata, float]] = {}
_keys: dict[tuple[str, str], _Keys] = {}


def failed(why: str) -> SignInFailed:
    """One sentence for what goes wrong with a provider."""
    return SignInFailed(FAILED.format(why), code="oidc-failed")


async def metadata(one: Provider) -> Metadata:
    """Its endpoints, all of them at its own host. Raises SignInFailed."""
    known = _said.get(_key(one))
    if known and time.monotonic() - known[1] < KEPT_SECONDS:
        return known[0]
    body = await _read(one, one.issuer.rstrip("/") + "/.well-known/openid-configuration")
    try:
        found = msgspec.json.decode(body, type=Metadata)
    except msgspec.DecodeError as wrong:
        raise failed("对方的说明文件不完整。") from wrong
    ends = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri, found.end_session_endpoint)
    if found.issuer != one.issuer or not all(_there(one, end) for end in ends if end):
        raise failed("对方的说明文件与登记的地址不一致。")
    _said[_key(one)] = (found, time.monotonic())
    return found


async def claims(one: Provider, token: str) -> dict[str, object]:
    """What a token signed by the provider says; its keys are read anew for one that does not fit. Raises SignInFailed."""
    try:
        return _decoded(token, await _known_keys(one, KEPT_SECONDS))
    except UNREADABLE:
        pass
    try:
        return _decoded(token, await _known_keys(one, LEAST_SECONDS))
    except UNREADABLE as wrong:
        raise failed("对方的签名核对不上。") from wrong


def _decoded(token: str, keys: KeySet) -> dict[str, object]:
    found: dict[str, object] = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    return found


async def _known_keys(one: Provider, oldest: float) -> KeySet:
    known = _keys.get(_key(one))
    if known and time.monotonic() - known.at < oldest:
        return known.keys
    body = await _read(one, (await metadata(one)).jwks_uri)
    try:
        found = KeySet.import_key_set(msgspec.json.decode(body, type=KeySetSerialization))
    except (msgspec.DecodeError, JoseError, ValueError) as wrong:
        raise failed("读不懂对方的公钥。") from wrong
    _keys[_key(one)] = _Keys(found, time.monotonic())
    return found


async def _read(one: Provider, url: str) -> bytes:
    try:
        answer = await fetch("GET", url, host=one.host)
    except OutgoingRefused as refused:
        raise failed(str(refused)) from refused
    if answer.status_code != 200:
        raise failed(f"{one.host} 答复 {answer.status_code}。")
    return answer.content


def _there(one: Provider, url: str) -> bool:
    ours, theirs = urlsplit(one.issuer), urlsplit(url)
    return (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc)


def _key(one: Provider) -> tuple[str, str]:
    return str(one.id), one.issuer
