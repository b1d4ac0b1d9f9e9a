"""Tokens of the API: made by their owner, shown once, kept as a digest, listed, revoked; what they open is in bearer.py."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal
from uuid import UUID, uuid4

import msgspec

from core.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.ledger.note import note
from core.text import tidy
from tenants.accounts.capabilities import CAPABILITIES
from tenants.accounts.deputies import refuse_acting
from tenants.database.session import current_session

Kind = Literal["token", "client"]
KINDS: dict[Kind, str] = {"token": "令牌", "client": "程序客户端（OAuth 2.0）"}
"""A token opens the API by itself; a client fetches access tokens of an hour with its secret."""

MOST = 20
"""Of one account, at the same time."""
LONGEST_DAYS = 366
ACCESS_SECONDS = 3600
PREFIX = "dw1"
NO_OPERATOR = (
    "平台运维人员只能凭县里的准许从运维入口进入，不能新建令牌或者日历链接：它们会比这次准许留得更久。"
)
NO_SUCH = "没有找到这个令牌，或它已经撤销。"


class Token(msgspec.Struct, frozen=True):
    """A token as it is listed; what it is itself is known to its holder only."""

    id: UUID
    kind: Kind
    name: str
    scopes: list[str]
    read_only: bool
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    last_address: str | None


class NewToken(msgspec.Struct, frozen=True):
    """Shown once. `secret` is the bearer token itself or, of a client, what goes with `client_id`."""

    id: UUID
    secret: str
    client_id: str | None = None


async def make(
    actor: Actor, *, kind: Kind, name: str, scopes: Collection[str], read_only: bool, days: int
) -> NewToken:
    """A token that may do `scopes` in his name, where he himself still may.

    Raises Invalid (fields), Conflict, Forbidden while he acts for another or as an operator of the platform.
    """
    refuse_acting(actor)
    name = tidy(name)
    _check(actor, name, scopes, days)
    session = current_session()
    # Counted one after the other, however many are made at once.
    if await session.fetchval("select operator from account where id = $1 for update", actor.id):
        raise Forbidden(NO_OPERATOR)
    if len(await listed(actor)) >= MOST:
        raise Conflict(f"您已有 {MOST} 个有效的令牌。请先撤销不用的。")
    made, secret = uuid4(), secrets.token_urlsafe(32)
    await session.execute(
        "insert into api_token (id, account_id, kind, name, digest, scopes, read_only, expires_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, now() + $8)",
        made, actor.id, kind, name, digest(secret), sorted(set(scopes)), read_only, timedelta(days=days),
    )  # fmt: skip
    await note(
        actor, "token.made", "account", actor.id, token=made, scopes=sorted(set(scopes)), read_only=read_only
    )
    assert session.county_id is not None
    named = named_in(session.county_id, made)
    return NewToken(made, secret, named) if kind == "client" else NewToken(made, f"{PREFIX}.{named}.{secret}")


async def listed(actor: Actor) -> list[Token]:
    """His tokens that still open something, the newest first."""
    rows = await current_session().fetch(
        "select id, kind, name, scopes, read_only, created_at, expires_at, last_used_at, last_address from api_token"
        " where account_id = $1 and kind <> 'access' and revoked_at is null and expires_at > now() order by created_at desc",
        actor.id,
    )
    return [Token(**dict(row)) for row in rows]


async def revoke(actor: Actor, token_id: UUID) -> None:
    """One of his; of a client, also what it has fetched. Raises NotFound."""
    done = await current_session().execute(
        "update api_token set revoked_at = now()"
        " where id = $1 and account_id = $2 and kind <> 'access' and revoked_at is null",
        token_id, actor.id,
    )  # fmt: skip
    if done != "UPDATE 1":
        raise NotFound(NO_SUCH)
    await note(actor, "token.revoked", "account", actor.id, token=token_id)


async def revoke_all(account_id: UUID) -> None:
    """Of an account that may be in strange hands. Who may do so is checked by the caller."""
    await current_session().execute(
        "update api_token set revoked_at = now() where account_id = $1 and revoked_at is null", account_id
    )
    await current_session().execute(
        "update notice_feed set revoked_at = now() where account_id = $1 and revoked_at is null", account_id
    )


def digest(secret: str) -> bytes:
    """What is kept of it: it is random enough for a plain digest."""
    return sha256(secret.encode()).digest()


def named_in(county_id: UUID, token_id: UUID) -> str:
    """How a token, or a client, names itself: the county has to be known before it is looked up."""
    return f"{county_id.hex}.{token_id.hex}"


def _check(actor: Actor, name: str, scopes: Collection[str], days: int) -> None:
    fields = {}
    if not 1 <= len(name) <= 60:
        fields["name"] = "请填写用途（60 个字以内），例如“每周导出统计”。"
    held = {word for one in actor.holdings for word in one.capabilities}
    if not scopes:
        fields["scopes"] = "请至少选择一项能力。"
    elif len({*scopes}) < len(scopes):
        fields["scopes"] = "同一项能力写了不止一次。请每项只写一次。"
    elif beyond := [str(CAPABILITIES.get(word, word)) for word in scopes if word not in held]:  # type: ignore[call-overload]
        more = f"等 {len(beyond)} 项" if len(beyond) > 5 else ""
        fields["scopes"] = f"您自己没有“{'、'.join(beyond[:5])}”{more}的权限，不能交给程序。"
    if not 1 <= days <= LONGEST_DAYS:
        fields["days"] = f"有效期应为 1 至 {LONGEST_DAYS} 天。"
    if fields:
        raise Invalid("".join(fields.values()), fields=fields)
