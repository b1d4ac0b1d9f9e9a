"""Signing in with login and password."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from uuid import UUID

from core.actor import SYSTEM
from core.ledger.note import note
from tenants.accounts import throttle, totp
from tenants.accounts.access import actor_for
from tenants.accounts.errors import SignInFailed
from tenants.accounts.known import SignedIn
from tenants.accounts.passwords import FIRST_PASSWORD_HOURS, hash_password, matches, outdated
from tenants.database.session import county_session, current_session

FAILED = "登录名或密码不正确，或账号已停用。请核对后重试；如忘记密码，请联系组织部管理员重置。"


OVER = f"这个初始密码已超过 {FIRST_PASSWORD_HOURS} 小时，不能再用。请联系组织部管理员重置密码。"

AT_ONCE = 4
"""Checks of a password in one process: each keeps a connection and a processor for a tenth of a second."""

_room = asyncio.Semaphore(AT_ONCE)


async def sign_in(login: str, password: str, *, today: date) -> SignedIn:
    """The account behind login and password, in the county of the session, however often it is tried. Raises SignInFailed.

    With a second factor that is half the way: `enter_code` is the other.
    """
    session = current_session()
    row = await session.fetchrow(
        "select id, password_hash, active, must_change_password and password_until < now() as over"
        " from account where login = $1",
        login.strip().lower(),
    )
    if not await matches(row["password_hash"] if row else None, password) or row is None or not row["active"]:
        raise SignInFailed(FAILED)
    if row["over"]:
        raise SignInFailed(OVER)
    if outdated(row["password_hash"]):
        await session.execute(
            "update account set password_hash = $2 where id = $1", row["id"], await hash_password(password)
        )
    signed_in = await actor_for(row["id"], today)
    if not signed_in.active:
        raise SignInFailed(FAILED)
    if not signed_in.second_factor:
        await note(signed_in.actor, "account.signed-in", "account", row["id"])
    return signed_in


async def enter(
    county_id: UUID,
    login: str,
    password: str,
    *,
    address: str,
    now: datetime,
    today: date,
    device: str | None = None,
) -> SignedIn:
    """`sign_in` in a session of its own, as often as is allowed; a failure leaves an entry in the audit log of the county.

    `now` (with time zone) is only used to say when to try again; `device` as in throttle.admit. Raises SignInFailed,
    TooManyAttempts. Keep the account's id, the county's id and `sign_in_epoch` for the requests that follow.
    """
    name = login.strip().lower()
    await throttle.admit(county_id, name, address, now, device=device)
    try:
        async with _room, county_session(county_id):
            signed_in = await sign_in(login, password, today=today)
    except SignInFailed:
        async with county_session(county_id):
            await _note_failure(login, address)
        raise
    await throttle.succeeded(county_id, name, address, device=device)
    return signed_in


async def enter_code(
    county_id: UUID,
    account_id: UUID,
    code: str,
    *,
    epoch: int,
    address: str,
    now: datetime,
    today: date,
    device: str | None = None,
) -> SignedIn:
    """The second half, for somebody whose password was right at `epoch`: the code of his authenticator, or a recovery code.

    Counted as passwords are, by itself: a right password gives no new guesses. Raises SignInFailed, TooManyAttempts.
    """
    name, machine = f"code {account_id}", f"{device}.code" if device else None
    await throttle.admit(county_id, name, address, now, device=machine)
    try:
        async with county_session(county_id):
            signed_in = await actor_for(account_id, today)
            if not signed_in.active or signed_in.sign_in_epoch != epoch:
                raise SignInFailed(FAILED)
            await totp.check(account_id, code, now)
            await note(signed_in.actor, "account.signed-in", "account", account_id)
    except SignInFailed:
        async with county_session(county_id):
            await _note_failure(signed_in.login, address)
        raise
    await throttle.succeeded(county_id, name, address, device=machine)
    return signed_in


async def _note_failure(login: str, address: str) -> None:
    # An unknown login may be a password in the wrong field: it is not written down. The throttle bounds how many there are.
    known = await current_session().fetchval("select id from account where login = $1", login.strip().lower())
    await note(SYSTEM, "account.sign-in-failed", "account", known, address=address)
