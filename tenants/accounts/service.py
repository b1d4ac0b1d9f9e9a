"""Accounts of named persons: made together with their first role, switched off and on, never deleted."""

from __future__ import annotations

import asyncio
import re
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError

from core.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.ledger.note import note
from core.quotas.room import make_room
from core.register.names import misspelt, one_name
from tenants.accounts.access import NO_SUCH_ACCOUNT, access_account
from tenants.accounts.administer import administer, offices
from tenants.accounts.former import put_away, refuse_former
from tenants.accounts.grants import (
    ADMINISTRATORS,
    Grant,
    give_role,
    grants_of,
    keep_an_administrator,
    title_of,
)
from tenants.accounts.passwords import (
    FIRST_PASSWORD_HOURS,
    check_password,
    first_password,
    hash_password,
    matches,
)
from tenants.accounts.resets import FACTOR, PendingReset, waiting
from tenants.accounts.tokens import revoke_all
from tenants.database.session import current_session

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


class NewAccount(msgspec.Struct, frozen=True):
    """A new account with the password to hand over; it is shown once and has to be changed at the first sign-in."""

    id: UUID
    login: str
    password: str


class AccountLine(msgspec.Struct, frozen=True):
    """An account in the list, with the roles that it holds on the day asked for, as sentences."""

    id: UUID
    login: str
    name: str
    active: bool
    created_at: datetime
    roles: tuple[str, ...]


class AccountDetail(msgspec.Struct, frozen=True):
    """One account with all its roles, past and present; `reset` and `factor_reset` wait for a second administrator; `person` of
    the register uses it."""

    id: UUID
    login: str
    name: str
    active: bool
    must_change_password: bool
    grants: tuple[Grant, ...]
    reset: PendingReset | None = None
    second_factor: bool = False
    factor_reset: PendingReset | None = None
    person_id: UUID | None = None
    person: str = ""


async def create_account(
    actor: Actor, *, login: str, name: str, role: str, unit_id: UUID, since: date, until: date | None = None
) -> NewAccount:
    """A new account with its first role at a unit over which the actor holds `account.edit`.

    Raises Invalid (login, name, role), Conflict (login taken), Forbidden, NotFound (unit): then nothing is written.
    """
    login, name = check_account(login, name)
    await make_room("accounts")
    password = first_password()
    async with current_session().savepoint() as session:
        try:
            account_id: UUID = await session.fetchval(
                "insert into account (login, name, password_hash, created_by, password_until)"
                " values ($1, $2, $3, $4, now() + $5) returning id",
                login, name, await hash_password(password), actor.id, timedelta(hours=FIRST_PASSWORD_HOURS),
            )  # fmt: skip
        except UniqueViolationError:
            sentence = f"登录名“{login}”已被使用，请换一个。"
            raise Conflict(sentence, fields={"login": sentence}) from None
        await give_role(actor, account_id, role, unit_id, since=since, until=until)
        await note(actor, "account.created", "account", account_id, unit_id, login=login)
    return NewAccount(account_id, login, password)


def check_account(login: str, name: str) -> tuple[str, str]:
    """Both as they are kept. Raises Invalid (fields `login`, `name`) for what no account can have."""
    login, name, fields = login.strip().lower(), one_name(name), {}
    if not _LOGIN.fullmatch(login):
        fields["login"] = "登录名应为 3 至 40 个小写字母、数字、点、下划线或连字符，以字母或数字开头。"
    if not 2 <= len(name) <= 40:
        fields["name"] = "请填写账号使用人的姓名（2 至 40 个字）。账号只发给本人，不得多人共用。"
    elif wrong := misspelt(name):
        fields["name"] = wrong
    if fields:
        raise Invalid("".join(fields.values()), fields=fields)
    return login, name


async def change_password(actor: Actor, old: str, new: str) -> int:
    """Change one's own password. Ends all other sign-ins; returns the epoch that the present one goes on with."""
    session = current_session()
    row = await session.fetchrow(
        "select login, name, password_hash from account where id = $1 for update", actor.id
    )
    if row is None:
        raise NotFound(NO_SUCH_ACCOUNT)
    if not await matches(row["password_hash"], old):
        raise Invalid("原密码不正确。", fields={"old": "原密码不正确。"})
    if old == new:
        raise Invalid("新密码不能与原密码相同。", fields={"password": "新密码不能与原密码相同。"})
    await asyncio.to_thread(check_password, new, login=row["login"], name=row["name"])
    await refuse_former(actor.id, new)
    await put_away(actor.id)
    epoch: int = await session.fetchval(
        "update account set password_hash = $2, must_change_password = false, password_until = null,"
        " sign_in_epoch = sign_in_epoch + 1 where id = $1 returning sign_in_epoch",
        actor.id, await hash_password(new),
    )  # fmt: skip
    await note(actor, "account.password-changed", "account", actor.id)
    return epoch


async def signed_out(actor: Actor, count: int) -> None:
    """Note that he has ended so many of his own sign-ins elsewhere (web/frame/signed_in.py ends them)."""
    await note(actor, "account.sign-ins-ended", "account", actor.id, count=count)


async def sign_out(actor: Actor, account_id: UUID, today: date) -> None:
    """End all sign-ins of somebody below, with their next request, and revoke his tokens."""
    await administer(actor, account_id, today)
    await revoke_all(account_id)
    await current_session().execute(
        "update account set sign_in_epoch = sign_in_epoch + 1 where id = $1", account_id
    )
    await note(actor, "account.sign-ins-ended", "account", account_id)


async def set_active(actor: Actor, account_id: UUID, active: bool, today: date) -> None:
    """Switch an account off (all its sign-ins end with their next request, its tokens for good) or on again."""
    await administer(actor, account_id, today)
    if active:
        await make_room("accounts")
    await current_session().execute(
        "update account set active = $2, sign_in_epoch = sign_in_epoch + 1 where id = $1", account_id, active
    )
    if not active:
        await revoke_all(account_id)
    if not active and any(held.role in ADMINISTRATORS for held in await offices(account_id, today)):
        await keep_an_administrator(today)
    verb = "account.reactivated" if active else "account.deactivated"
    await note(actor, verb, "account", account_id)


async def account(actor: Actor, account_id: UUID, today: date) -> AccountDetail:
    """One account, for whoever administers one of its units, or for its owner. Raises NotFound."""
    await access_account(actor, account_id)
    row = await current_session().fetchrow(
        "select a.id, a.login, a.name, a.active, a.must_change_password, a.person_id, coalesce(p.name, '') as person,"
        " exists (select from second_factor f where f.account_id = a.id and f.confirmed_at is not null) second_factor"
        " from account a left join person p on p.id = a.person_id where a.id = $1",
        account_id,
    )
    assert row is not None  # access_account has found it in this transaction
    return AccountDetail(
        **dict(row),
        grants=tuple(await grants_of(account_id, today)),
        reset=await waiting(account_id),
        factor_reset=await waiting(account_id, FACTOR),
    )


async def accounts(actor: Actor, today: date, *, active: bool | None = None) -> list[AccountLine]:
    """The accounts that hold, or last held, a role where he has `account.view`; ordered by login."""
    scopes = actor.scopes("account.view")
    if not scopes:
        raise Forbidden("您没有查看账号的权限。请由组织部管理员办理。")
    rows = await current_session().fetch(
        """
        select a.id, a.login, a.name, a.active, a.created_at,
               array_agg(h.role || '@' || u.short_name order by u.path, h.role)
                   filter (where h.since <= $2 and (h.until is null or h.until > $2)) as roles
        from account a
        join holding h on h.tenant_id = a.tenant_id and h.account_id = a.id
        join unit u on u.tenant_id = h.tenant_id and u.id = h.unit_id
        where exists (select from unnest($1::text[]) as scope where starts_with(u.path, scope))
          and ($3::boolean is null or a.active = $3)
        group by a.tenant_id, a.id order by a.login
        """,
        list(scopes), today, active,
    )  # fmt: skip
    return [
        AccountLine(r["id"], r["login"], r["name"], r["active"], r["created_at"],
                    tuple(_said(item) for item in r["roles"] or ()))
        for r in rows
    ]  # fmt: skip


def _said(held: str) -> str:
    role, _, unit = held.partition("@")
    return f"{unit} {title_of(role)}"
