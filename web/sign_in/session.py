"""What page and API share: a session begins, and goes on alone when the password changes."""

from __future__ import annotations

import time
from datetime import datetime
from uuid import UUID

import msgspec

from core.errors import Invalid
from tenants.accounts import throttle
from tenants.accounts.known import SignedIn
from tenants.accounts.oidc.flow import Subject
from tenants.accounts.service import change_password
from tenants.accounts.sign_in import enter, enter_code
from tenants.counties import CountyView
from web.frame.devices import device_of, remember
from web.frame.forgery import begin_token
from web.frame.sessions import rotate
from web.frame.signed_in import device_named
from web.kit.clock import SHANGHAI, today_of
from web.kit.errors import NotSignedIn
from web.kit.here import Here
from web.kit.requests import Request, address_of

HALF_SECONDS = 5 * 60
"""How long a right password waits for the second factor."""

_HALF = "half"


class Half(msgspec.Struct):
    """A sign-in whose password was right, and whose second factor is still asked for: it opens nothing."""

    county: UUID
    account: UUID
    login: str
    epoch: int
    since: int
    next: str = "/"
    oidc: Subject | None = None


async def begin_session(
    request: Request,
    county: CountyView,
    login: str,
    password: str,
    *,
    next: str = "/",
    oidc: Subject | None = None,
) -> bool:
    """Check login and password, then let this browser be that person, and remember that he was here.

    False when his second factor is still asked for (`complete`). Raises SignInFailed, TooManyAttempts.
    """
    now, today = datetime.now(SHANGHAI), today_of(request.app.state)
    signed_in = await enter(
        county.id, login, password,
        address=address_of(request), now=now, today=today, device=device_of(request, county.id, login),
    )  # fmt: skip
    return half_or_whole(request, county.id, signed_in, next, oidc)


def half_or_whole(
    request: Request, county_id: UUID, signed_in: SignedIn, next: str, oidc: Subject | None
) -> bool:
    """Let him in (True), or wait for his second factor."""
    if not signed_in.second_factor:
        let_in(request, county_id, signed_in, oidc)
        return True
    who, epoch = signed_in.actor.id, signed_in.sign_in_epoch
    half = Half(county_id, who, signed_in.login, epoch, int(time.time()), next, oidc)
    request.set_session({_HALF: msgspec.to_builtins(half)})
    rotate(request)
    return False


def half_of(request: Request) -> Half:
    """The sign-in of this browser that waits for its second factor. Raises NotSignedIn when there is none any more."""
    held = request.session.get(_HALF)
    half = msgspec.convert(held, Half) if held else None
    if half is None or time.time() - half.since > HALF_SECONDS:
        raise NotSignedIn(expired=half is not None)
    return half


async def complete(request: Request, half: Half, code: str) -> None:
    """The second factor: from here on this browser is that person. Raises SignInFailed, TooManyAttempts."""
    now, today = datetime.now(SHANGHAI), today_of(request.app.state)
    signed_in = await enter_code(
        half.county, half.account, code, epoch=half.epoch,
        address=address_of(request), now=now, today=today, device=device_of(request, half.county, half.login),
    )  # fmt: skip
    let_in(request, half.county, signed_in, half.oidc)


def let_in(request: Request, county_id: UUID, signed_in: SignedIn, oidc: Subject | None = None) -> None:
    """From here on this browser is that person."""
    remember(request, county_id, signed_in.login)
    request.set_session(
        {
            "county": str(county_id),
            "account": str(signed_in.actor.id),
            "epoch": signed_in.sign_in_epoch,
            "since": int(time.time()),
            "address": address_of(request),
            "device": device_named(request.headers.get("user-agent", "")),
            **({"oidc": msgspec.to_builtins(oidc)} if oidc else {}),
        }
    )
    begin_token(request)
    rotate(request)


async def change_own_password(request: Request, here: Here, old: str, new: str) -> None:
    """Change it, and let this sign-in alone go on. Whoever finds a computer left open guesses the old one no faster than at
    the gate. Raises Invalid, TooManyAttempts."""
    who = str(here.actor.id)
    await throttle.admit(here.county.id, who, None, datetime.now(SHANGHAI))
    try:
        request.session["epoch"] = await change_password(here.actor, old, new)
    except Invalid as refused:
        if "old" not in refused.fields:
            await throttle.succeeded(here.county.id, who, None)
        raise
    await throttle.succeeded(here.county.id, who, None)
    rotate(request)
