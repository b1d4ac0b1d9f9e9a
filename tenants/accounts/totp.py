"""The second factor of a sign-in: the six digits that an authenticator shows (RFC 6238), each good for one sign-in."""

from __future__ import annotations

import hmac
from datetime import datetime
from uuid import UUID

import msgspec
import pyotp

from core.actor import Actor
from core.errors import Conflict, Invalid
from core.ledger.note import note
from core.secrecy import vault
from tenants.accounts import recovery
from tenants.accounts.errors import SignInFailed
from tenants.database.session import current_session

ISSUER = "党务"
SECONDS = 30
DRIFT = (0, -1, 1)
"""Steps of 30 seconds by which the clock of a telephone may be wrong."""

WRONG = "动态口令不正确，或已经用过。请等手机上换出下一个再填；手机不在身边时，可填一个备用恢复码。"


class Offer(msgspec.Struct, frozen=True):
    """A secret to be entered into an authenticator by hand, and the address that its QR code holds."""

    secret: str
    uri: str


async def begin(actor: Actor) -> Offer:
    """A secret that counts for nothing until `confirm`; the same as long as it waits. Raises Conflict when one counts already."""
    session = current_session()
    row = await session.fetchrow(
        "select secret, confirmed_at from second_factor where account_id = $1", actor.id
    )
    if row is not None and row["confirmed_at"] is not None:
        raise Conflict("您已经启用了动态口令。要换手机，请先在“我的账号”中停用，再重新启用。")
    secret = _opened(actor.id, row["secret"]) if row else pyotp.random_base32()
    if row is None:
        await session.execute(
            "insert into second_factor (account_id, secret) values ($1, $2)",
            actor.id,
            _sealed(actor.id, secret),
        )
    login: str = await session.fetchval("select login from account where id = $1", actor.id)
    return Offer(secret, pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER))


async def confirm(actor: Actor, code: str, now: datetime) -> tuple[str, ...]:
    """From now on sign-ins ask for it. Returns the recovery codes, shown once. Raises Invalid (field `code`), Conflict."""
    await begin(actor)
    if not await _used(actor.id, code, now):
        raise Invalid(WRONG, fields={"code": WRONG})
    await current_session().execute(
        "update second_factor set confirmed_at = now() where account_id = $1", actor.id
    )
    await note(actor, "account.factor-set", "account", actor.id)
    return await recovery.issue(actor.id)


async def check(account_id: UUID, code: str, now: datetime) -> None:
    """Raise SignInFailed unless `code` is what the authenticator shows and was not used before, or an unused recovery code."""
    if not (await _used(account_id, code, now) or await recovery.use(account_id, code)):
        raise SignInFailed(WRONG)


async def renew_codes(actor: Actor, code: str, now: datetime) -> tuple[str, ...]:
    """New recovery codes instead of the old ones. Raises SignInFailed."""
    await check(actor.id, code, now)
    await note(actor, "account.codes-renewed", "account", actor.id)
    return await recovery.issue(actor.id)


async def give_up(actor: Actor, code: str, now: datetime) -> None:
    """One's own second factor is no longer asked for. Raises SignInFailed."""
    await check(actor.id, code, now)
    await remove(actor.id)
    await note(actor, "account.factor-ended", "account", actor.id)


async def remove(account_id: UUID) -> None:
    """Take it away, with its recovery codes. Who may do so is checked by the caller."""
    for table in ("recovery_code", "second_factor"):
        await current_session().execute(f"delete from {table} where account_id = $1", account_id)


async def _used(account_id: UUID, code: str, now: datetime) -> bool:
    """Whether the code is right; it, and all before it, are spent then. Two who send it at the same moment: one of them."""
    session = current_session()
    sealed = await session.fetchval("select secret from second_factor where account_id = $1", account_id)
    typed = code.replace(" ", "")
    if sealed is None or not (typed.isascii() and typed.isdigit()):
        return False
    one = pyotp.TOTP(_opened(account_id, sealed))
    for step in (int(now.timestamp()) // SECONDS + drift for drift in DRIFT):
        if hmac.compare_digest(one.generate_otp(step), typed):
            spent = await session.execute(
                "update second_factor set last_step = $2 where account_id = $1 and last_step < $2",
                account_id,
                step,
            )
            return spent == "UPDATE 1"
    return False


def _field(account_id: UUID) -> str:
    return f"account.totp {account_id}"


def _sealed(account_id: UUID, secret: str) -> bytes:
    return vault().seal(_field(account_id), secret.encode())


def _opened(account_id: UUID, sealed: bytes) -> str:
    return vault().open(_field(account_id), sealed).decode()
