"""The mailbox of an account: entered, confirmed by a code that is sent to it, taken away."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec

from core.actor import Actor
from core.errors import Conflict, Invalid
from core.secrecy import vault
from tenants.accounts import throttle
from tenants.accounts.deputies import refuse_acting
from tenants.database.session import Session, current_session
from tenants.ground.mail import can_mail, is_address, send
from tenants.queue.outbox import enqueue
from tenants.queue.run import task

FIELD = "notice.address"
CODE_MINUTES = 30
NO_MAIL = "平台还没有设置发信服务器，不能发邮件。请与平台运行维护人员联系。"


class Box(msgspec.Struct, frozen=True):
    """What is known of somebody's mailbox: `address` for himself alone; `failed` since the last mail could not be delivered."""

    address: str = ""
    confirmed: bool = False
    waits: bool = False
    failed: datetime | None = None


async def box(account_id: UUID) -> Box:
    """An account's."""
    row = await current_session().fetchrow(
        "select address, confirmed_at, code_until > now() waits, failed_at from notice_setting where account_id = $1",
        account_id,
    )
    if row is None or row["address"] is None:
        return Box()
    address = vault().open(FIELD, row["address"]).decode()
    return Box(address, row["confirmed_at"] is not None, bool(row["waits"]), row["failed_at"])


async def enter(actor: Actor, address: str, now: datetime) -> None:
    """A code goes there; until it comes back nothing else does. Raises Invalid, Conflict, Forbidden, TooManyAttempts."""
    refuse_acting(actor)
    address = address.strip()
    if not can_mail():
        raise Conflict(NO_MAIL)
    if not is_address(address):
        raise Invalid(
            "邮箱地址不正确。", fields={"address": "请填写一个邮箱地址，例如 zhang@example.gov.cn。"}
        )
    session = current_session()
    assert session.county_id is not None
    # Nobody fills a stranger's mailbox with codes: counted like attempts to sign in, and never forgiven.
    await throttle.admit(session.county_id, f"mail to {actor.id}", None, now)
    await session.execute(
        """insert into notice_setting (account_id, address) values ($1, $2)
           on conflict (tenant_id, account_id) do update set address = $2, confirmed_at = null, code = null,
               code_until = null, failed_at = null""",
        actor.id, vault().seal(FIELD, address.encode()),
    )  # fmt: skip
    await enqueue(send_code, account=str(actor.id))


@task("发送邮箱验证码", awaited=True)
async def send_code(session: Session, account: str) -> None:
    """Make a code and send it; of two that were asked for only the later one holds."""
    account_id = UUID(account)
    # Another address entered meanwhile must not be confirmed by the code that goes to this one.
    await session.execute("select from notice_setting where account_id = $1 for update", account_id)
    known = await box(account_id)
    if not known.address or known.confirmed:
        return
    code = f"{secrets.randbelow(10**6):06}"
    until: datetime = await session.fetchval(
        "update notice_setting set code = $2, code_until = now() + $3 where account_id = $1 returning code_until",
        account_id, _digest(account_id, code), timedelta(minutes=CODE_MINUTES),
    )  # fmt: skip
    text = f"您的邮箱验证码是 {code}，{CODE_MINUTES} 分钟内有效。\n\n在“消息”的“怎样通知我”里填写。不是您本人操作的，不必理会。\n"
    await send(known.address, f"【党务】邮箱验证码 {code}", text, str(uuid5(account_id, until.isoformat())))


async def confirm(actor: Actor, code: str, now: datetime) -> None:
    """The code came back: from now on notices go there. Raises Invalid, TooManyAttempts."""
    session = current_session()
    assert session.county_id is not None
    name = f"mail code {actor.id}"
    await throttle.admit(session.county_id, name, None, now)
    kept: bytes | None = await session.fetchval(
        "select code from notice_setting where account_id = $1 and code_until > now()", actor.id
    )
    if kept is None or not hmac.compare_digest(kept, _digest(actor.id, code.strip())):
        raise Invalid(
            "验证码不对，或者已经过期。", fields={"code": "请核对邮件中的六位数字；过期的，请重新发送。"}
        )
    await session.execute(
        "update notice_setting set confirmed_at = now(), code = null, code_until = null where account_id = $1",
        actor.id,
    )
    await pass_over(actor.id)
    await throttle.succeeded(session.county_id, name, None)


async def remove(actor: Actor) -> None:
    """No mail any more; the address is forgotten."""
    await current_session().execute(
        "update notice_setting set address = null, confirmed_at = null, code = null, code_until = null, failed_at = null,"
        " mail = 'off' where account_id = $1",
        actor.id,
    )


async def pass_over(account_id: UUID) -> None:
    """What had come before mail was switched on is not mailed."""
    await current_session().execute(
        "update notice set mailed_at = now() where account_id = $1 and mailed_at is null", account_id
    )


def _digest(account_id: UUID, code: str) -> bytes:
    return vault().blind("notice.code", f"{account_id}:{code}")
