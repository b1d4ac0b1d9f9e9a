"""What page and API share: a session begins, and goes on alone when the password changes."""

from __future__ import annotations

import time
from datetime import datetime

from core.errors import Invalid
from tenants.accounts import throttle
from tenants.accounts.service import change_password
from tenants.accounts.sign_in import enter
from tenants.counties import CountyView
from web.frame.devices import device_of, remember
from web.frame.forgery import begin_token
from web.frame.sessions import rotate
from web.kit.clock import SHANGHAI, today_of
from web.kit.here import Here
from web.kit.requests import Request


async def begin_session(request: Request, county: CountyView, login: str, password: str) -> None:
    """Check login and password, then let this browser be that person, and remember that he was here.

    Raises SignInFailed, TooManyAttempts.
    """
    now, today = datetime.now(SHANGHAI), today_of(request.app.state)
    signed_in = await enter(
        county.id, login, password,
        address=_address(request), now=now, today=today, device=device_of(request, county.id, login),
    )  # fmt: skip
    remember(request, county.id, login)
    request.set_session(
        {
            "county": str(county.id),
            "account": str(signed_in.actor.id),
            "epoch": signed_in.sign_in_epoch,
            "since": int(time.time()),
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


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
