"""Computers on which somebody has signed in before: a sealed cookie says for which accounts, and to nobody but us.

It signs nobody in. It only keeps guesses made elsewhere from shutting out who sits at his own (tenants/accounts/throttle.py).
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from uuid import UUID

from litestar.datastructures import Cookie

from core.secrecy import vault
from web.kit.cookies import send_along
from web.kit.requests import Request

COOKIE = "dangwu-device"
FIELD = "sign-in.device"
MOST_ACCOUNTS = 5
"""Of one computer; the one that has not signed in for longest goes first."""

YEAR = 365 * 24 * 3600


def device_of(request: Request, county_id: UUID, login: str) -> str | None:
    """The name that this browser got when this account signed in on it, or None."""
    return _known(request).get(_account(county_id, login))


def remember(request: Request, county_id: UUID, login: str) -> None:
    """This account has signed in on this browser: the answer will say so to it."""
    known, account = _known(request), _account(county_id, login)
    name = known.pop(account, None) or secrets.token_hex(16)
    latest = [(account, name), *known.items()][:MOST_ACCOUNTS]
    value = ".".join(f"{held}{device}" for held, device in latest).encode()
    sealed = urlsafe_b64encode(vault().seal(FIELD, value)).decode()
    cookie = Cookie(key=COOKIE, value=sealed, max_age=YEAR, path="/", httponly=True, samesite="lax")
    send_along(request, cookie)


def _account(county_id: UUID, login: str) -> str:
    return sha256(f"{county_id} {login.strip().lower()}".encode()).hexdigest()[:32]


def _known(request: Request) -> dict[str, str]:
    """Account → name of the device, the latest first; a cookie that is not of our making says nothing."""
    try:
        value = vault().open(FIELD, urlsafe_b64decode(request.cookies.get(COOKIE, ""))).decode()
    except ValueError:
        return {}
    return {each[:32]: each[32:] for each in value.split(".")}
