"""Which account is whom at a provider: entered by an administrator, confirmed by its owner with his password.

Never by an e-mail address or a name; and an administrator alone could otherwise sign in as anybody below him.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError

from core.actor import Actor
from core.errors import Conflict, Invalid, NotFound
from core.ledger.note import note
from tenants.accounts.administer import administer
from tenants.accounts.oidc.providers import provider
from tenants.database.session import current_session

TAKEN = "这个标识已经关联了本县的一个账号。请先在那个账号上解除关联。"


class Link(msgspec.Struct, frozen=True):
    """A subject of a provider that is an account; lets him in once `confirmed_at`."""

    id: UUID
    provider_id: UUID
    provider_name: str
    subject: str
    account_id: UUID
    login: str
    at: datetime
    confirmed_at: datetime | None


_LINKS = """
    select l.id, l.provider_id, p.name as provider_name, l.subject, l.account_id, a.login, l.at, l.confirmed_at
    from oidc_link l join oidc_provider p on p.tenant_id = l.tenant_id and p.id = l.provider_id
    join account a on a.tenant_id = l.tenant_id and a.id = l.account_id and (a.active or $1::uuid is not null)
    where l.ended_at is null and ($1::uuid is null or l.account_id = $1)
      and ($2::uuid is null or (l.provider_id = $2 and l.subject = $3))
    order by l.at
"""


async def links_of(account_id: UUID) -> list[Link]:
    """Those of an account."""
    rows = await current_session().fetch(_LINKS, account_id, None, "")
    return [Link(**dict(row)) for row in rows]


async def link_of(provider_id: UUID, subject: str) -> Link | None:
    """That of a subject, if its account is in use."""
    rows = await current_session().fetch(_LINKS, None, provider_id, subject)
    return Link(**dict(rows[0])) if rows else None


async def link(actor: Actor, account_id: UUID, provider_id: UUID, subject: str, today: date) -> UUID:
    """Enter it, for an account that he administers. Raises NotFound, Forbidden, Invalid, Conflict."""
    await administer(actor, account_id, today)
    one, subject = await provider(provider_id), subject.strip()
    if not 1 <= len(subject) <= 255 or not subject.isprintable():
        raise Invalid(
            "请填写对方给出的标识。", fields={"subject": "请填写对方给出的标识（255 个字符以内）。"}
        )
    try:
        async with current_session().savepoint() as session:
            made: UUID = await session.fetchval(
                "insert into oidc_link (provider_id, subject, account_id, by_id, by_name) values ($1, $2, $3, $4, $5)"
                " returning id",
                one.id, subject, account_id, actor.id, actor.name,
            )  # fmt: skip
    except UniqueViolationError:
        raise Conflict(TAKEN, fields={"subject": TAKEN}) from None
    await note(actor, "account.linked", "account", account_id, provider=one.id)
    return made


async def unlink(actor: Actor, account_id: UUID, link_id: UUID, today: date) -> None:
    """End it. Raises NotFound, Forbidden."""
    await administer(actor, account_id, today)
    done = await current_session().execute(
        "update oidc_link set ended_at = now() where id = $1 and account_id = $2 and ended_at is null",
        link_id,
        account_id,
    )
    if done != "UPDATE 1":
        raise NotFound("没有找到这项关联，或它已经解除。")
    await note(actor, "account.unlinked", "account", account_id)


async def confirm(link_id: UUID, account_id: UUID) -> None:
    """Its owner has shown his password. Raises NotFound when it was ended meanwhile, or is another's; Conflict while the
    password is one that an administrator has handed out: he could confirm the link in its owner's place."""
    if await current_session().fetchval("select must_change_password from account where id = $1", account_id):
        raise Conflict(
            "这个密码是管理员交给您的初始密码，不能用来确认关联。请先用登录名和密码登录，改成自己的密码。"
        )
    done = await current_session().execute(
        "update oidc_link set confirmed_at = coalesce(confirmed_at, now())"
        " where id = $1 and account_id = $2 and ended_at is null",
        link_id, account_id,
    )  # fmt: skip
    if done != "UPDATE 1":
        raise NotFound("这项关联已经解除。请联系账号管理员。")
