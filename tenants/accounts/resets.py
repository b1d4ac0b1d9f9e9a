"""A new first password, or a second factor taken off, for somebody who cannot get in: one administrator asks, a second agrees.

So that nobody alone can become somebody below him: who records and who approves stay two people (core/casework/acts/resets.py
keeps both from approving what the account does in the days after).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from core.actor import Actor
from core.errors import Conflict
from core.ledger.note import note
from core.notices.inbox import tell
from core.notices.model import Found
from tenants.accounts import totp
from tenants.accounts.access import actor_for, is_own
from tenants.accounts.administer import administer, beyond, offices
from tenants.accounts.capabilities import FIRST_ROLE, ROLES, Held, actor_of
from tenants.accounts.former import put_away
from tenants.accounts.passwords import FIRST_PASSWORD_HOURS, first_password, hash_password
from tenants.accounts.tokens import revoke_all
from tenants.database.session import current_session

ALONE = (
    "重置密码须由两位管理员先后办理，现在没有另一位能办理这个账号的管理员。"
    "请先给另一人发一个管理员账号，或请平台运行维护人员用 dangwu counties 代号 --reset 登录名 办理。"
)
PASSWORD, FACTOR = "password", "second-factor"
"""What can be reset."""

_ASKED = {PASSWORD: "account.reset-asked", FACTOR: "account.factor-reset-asked"}
_RESETTERS = sorted(role.id for role in ROLES.values() if "account.edit" in role.capabilities)


class PendingReset(msgspec.Struct, frozen=True):
    """A reset that waits for a second administrator."""

    by: UUID
    by_name: str
    at: datetime


class Reset(msgspec.Struct, frozen=True):
    """The last reset of an account: who had a part in it, and when."""

    names: tuple[str, ...]
    at: datetime


async def reset_password(actor: Actor, account_id: UUID, today: date) -> str | None:
    """Ask for a new first password (None), or agree with another administrator who has: then it is made, and all sign-ins end.

    Raises NotFound, Forbidden; Conflict while his own request waits, or when there is nobody to agree.
    """
    return await _made(actor, account_id) if await _agreed(actor, account_id, today, PASSWORD) else None


async def reset_factor(actor: Actor, account_id: UUID, today: date) -> bool:
    """The same for a second factor whose owner has lost it: True once both agree, and it is gone. Raises as `reset_password`."""
    if not await _agreed(actor, account_id, today, FACTOR):
        return False
    await totp.remove(account_id)
    await revoke_all(account_id)
    await current_session().execute(
        "update account set sign_in_epoch = sign_in_epoch + 1 where id = $1", account_id
    )
    await note(actor, "account.factor-reset", "account", account_id)
    await _tell_owner(actor, account_id, FACTOR)
    return True


async def _agreed(actor: Actor, account_id: UUID, today: date, what: str) -> bool:
    """Whether two have now said so: the first asks, the second agrees."""
    await administer(actor, account_id, today)
    # One after the other: two who ask at the same moment are the first and the second.
    await current_session().execute("select from account where id = $1 for update", account_id)
    asked = await waiting(account_id, what)
    if asked is None:
        await _ask(actor, account_id, today, what)
        return False
    if await is_own(actor, asked.by):
        raise Conflict(
            f"您已于 {asked.at:%m月%d日 %H:%M} 提出重置，须由另一位管理员在这个账号的页面确认。请等待确认。"
        )
    await current_session().execute(
        "update account_reset set agreed_by = $2, agreed_at = now()"
        " where account_id = $1 and what = $3 and agreed_by is null",
        account_id, actor.id, what,
    )  # fmt: skip
    return True


async def reset_as_operator(operator: Actor, login: str, today: date) -> str:
    """The same by the platform's operator alone, for whom two administrators of the county cannot help: an administrator, or
    where there is just one, anybody.

    Raises NotFound, Conflict for anybody else: their passwords are the county's own affair.
    """
    found = await current_session().fetchrow(
        _HELPED, login.strip().lower(), [FIRST_ROLE, "security-admin"], today
    )
    if found is None or not (found["administers"] or found["administrators"] < 2):
        raise Conflict(
            f"“{login}”不是该县在用的组织部管理员账号，该县又有两位以上组织部管理员，不由平台重置。"
            "请由该县两位管理员在“账号与权限”中先后办理。"
        )
    held = Held(FIRST_ROLE, found["root"], found["path"], found["kind"], today, None)
    actor, account_id = actor_of(operator.id, operator.name, [held], today), found["id"]
    await administer(actor, account_id, today)
    await current_session().execute(
        "insert into account_reset (account_id, asked_by, agreed_by, agreed_at) values ($1, $2, $2, now())",
        account_id, actor.id,
    )  # fmt: skip
    return await _made(actor, account_id)


_HELPED = """
    with administrator as (
        select h.account_id from holding h join account a on a.id = h.account_id and a.active
        where h.role = any($2) and h.since <= $3 and (h.until is null or h.until > $3)
    )
    select a.id, u.id as root, u.path, u.kind, a.id in (select account_id from administrator) as administers,
           (select count(distinct account_id) from administrator) as administrators
    from account a, unit u where a.login = $1 and a.active and u.kind = 'department' order by length(u.path) limit 1
"""
"""Who is to be helped, the unit above all others, and how many administer the county."""


async def waiting(account_id: UUID, what: str = PASSWORD) -> PendingReset | None:
    """The request that waits for a second administrator, for as long as a first password would last."""
    row = await current_session().fetchrow(
        f"""select r.asked_by as by, coalesce(a.name, '') as by_name, r.asked_at as at
            from account_reset r left join account a on a.tenant_id = r.tenant_id and a.id = r.asked_by
            where r.account_id = $1 and r.what = $2 and r.agreed_by is null
              and r.asked_at > now() - interval '{FIRST_PASSWORD_HOURS} hours'
            order by r.asked_at desc limit 1""",
        account_id,
        what,
    )
    return PendingReset(**dict(row)) if row else None


async def last_reset(account_id: UUID) -> Reset | None:
    """The last reset, for its owner: he is told of it at his next sign-in."""
    row = await current_session().fetchrow(
        """select array(select distinct coalesce(a.name, '平台运行维护人员') from unnest(array[r.asked_by, r.agreed_by]) as who
               left join account a on a.id = who) as names, r.agreed_at as at
           from account_reset r where r.account_id = $1 and r.what = 'password' and r.agreed_at is not null
           order by r.agreed_at desc limit 1""",
        account_id,
    )
    return Reset(tuple(row["names"]), row["at"]) if row else None


async def _ask(actor: Actor, account_id: UUID, today: date, what: str) -> None:
    if not await _somebody_else(actor, account_id, today):
        raise Conflict(ALONE, code="alone")
    await current_session().execute(
        "insert into account_reset (account_id, asked_by, what) values ($1, $2, $3)",
        account_id,
        actor.id,
        what,
    )
    await note(actor, _ASKED[what], "account", account_id)


async def _somebody_else(actor: Actor, account_id: UUID, today: date) -> bool:
    """Whether another administrator reaches everything that the account holds."""
    rows = await current_session().fetch(
        "select distinct h.account_id from holding h join account a on a.tenant_id = h.tenant_id and a.id = h.account_id"
        " where a.active and h.role = any($1) and h.since <= $2 and (h.until is null or h.until > $2)"
        " and h.account_id <> all($3)",
        _RESETTERS, today, [actor.id, account_id],
    )  # fmt: skip
    held = await offices(account_id, today)
    for row in rows:
        if beyond((await actor_for(row["account_id"], today)).actor, held) is None:
            return True
    return False


async def _made(actor: Actor, account_id: UUID) -> str:
    await put_away(account_id)
    await revoke_all(account_id)
    password = first_password()
    until = timedelta(hours=FIRST_PASSWORD_HOURS)
    await current_session().execute(
        "update account set password_hash = $2, must_change_password = true, sign_in_epoch = sign_in_epoch + 1,"
        " password_until = now() + $3 where id = $1",
        account_id, await hash_password(password), until,
    )  # fmt: skip
    await note(actor, "account.password-reset", "account", account_id)
    await _tell_owner(actor, account_id, PASSWORD)
    return password


async def _tell_owner(actor: Actor, account_id: UUID, what: str) -> None:
    """In his inbox as well: each reset is an occasion of its own."""
    await tell(
        account_id, [Found(kind="reset", occasion=f"reset:{uuid4()}", what=f"{what}:", by_name=actor.name)]
    )
