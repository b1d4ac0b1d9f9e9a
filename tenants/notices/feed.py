"""A calendar by a secret link: made by its owner, shown once, kept as a digest, revoked; it shows what he may see now."""

from __future__ import annotations

import hmac
import secrets
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

import msgspec

from core.actor import Actor
from core.errors import Conflict, Forbidden, NotFound
from core.ledger.note import note
from core.notices.model import Found
from core.notices.reckon import reckon
from tenants.accounts.access import actor_for
from tenants.accounts.deputies import refuse_acting
from tenants.accounts.tokens import NO_OPERATOR, digest, named_in
from tenants.database.session import county_session, current_session
from tenants.policies.regimes import county_policies, regimes_of_paths

AHEAD = 90
"""Days that a calendar shows."""

MOST = 5
NO_SUCH = "没有这个日历，或者它已经撤销。"


class Feed(msgspec.Struct, frozen=True):
    """One as it is listed; its link is known to its owner only."""

    id: UUID
    made_at: datetime
    used_at: datetime | None


class Entry(NamedTuple):
    """Something with a day; of a person it says nothing."""

    found: Found
    unit_name: str


async def make_feed(actor: Actor) -> str:
    """Another link's token, shown once. Raises Conflict, Forbidden while he acts for another or as an operator."""
    refuse_acting(actor)
    session = current_session()
    # Counted one after the other, however many are made at once.
    if await session.fetchval("select operator from account where id = $1 for update", actor.id):
        raise Forbidden(NO_OPERATOR)
    if len(await feeds(actor)) >= MOST:
        raise Conflict(f"您已有 {MOST} 个日历链接。请先撤销不用的。")
    made, secret = uuid4(), secrets.token_urlsafe(32)
    await session.execute(
        "insert into notice_feed (id, account_id, digest) values ($1, $2, $3)", made, actor.id, digest(secret)
    )
    await note(actor, "notice.feed-made", "account", actor.id, feed=made)
    assert session.county_id is not None
    return f"{named_in(session.county_id, made)}.{secret}"


async def feeds(actor: Actor) -> list[Feed]:
    """His own, the newest first."""
    rows = await current_session().fetch(
        "select id, made_at, used_at from notice_feed where account_id = $1 and revoked_at is null order by made_at desc",
        actor.id,
    )
    return [Feed(**dict(row)) for row in rows]


async def revoke_feed(actor: Actor, feed_id: UUID) -> None:
    """It shows nothing any more. Raises NotFound."""
    done = await current_session().execute(
        "update notice_feed set revoked_at = now() where id = $1 and account_id = $2 and revoked_at is null",
        feed_id, actor.id,
    )  # fmt: skip
    if done != "UPDATE 1":
        raise NotFound(NO_SUCH)
    await note(actor, "notice.feed-revoked", "account", actor.id, feed=feed_id)


async def read_feed(token: str, today: date) -> list[Entry]:
    """What its owner has to see to in the next days, as he may see it now. Opens a session of its own. Raises NotFound."""
    named, _, secret = token.rpartition(".")
    county, _, one = named.partition(".")
    try:
        county_id, feed_id = UUID(hex=county), UUID(hex=one)
    except ValueError:
        raise NotFound(NO_SUCH) from None
    async with county_session(county_id):
        found = await actor_for(await _owner(feed_id, secret), today)
        if not found.active:
            raise NotFound(NO_SUCH)
        await county_policies()
        return await _entries(found.actor, today)


async def _owner(feed_id: UUID, secret: str) -> UUID:
    session = current_session()
    row = await session.fetchrow(
        "select account_id, digest from notice_feed where id = $1 and revoked_at is null", feed_id
    )
    if row is None or not hmac.compare_digest(row["digest"], digest(secret)):
        raise NotFound(NO_SUCH)
    await session.execute(
        "update notice_feed set used_at = now() where id = $1 and (used_at is null or used_at < now() - interval '1 hour')",
        feed_id,
    )
    account: UUID = row["account_id"]
    return account


async def _entries(actor: Actor, today: date) -> list[Entry]:
    found = [one for one in await reckon(actor, regimes_of_paths, today, AHEAD, None) if one.day is not None]
    rows = await current_session().fetch(
        "select id, short_name from unit where id = any($1)", [one.unit_id for one in found if one.unit_id]
    )
    names = {row["id"]: row["short_name"] for row in rows}
    return [Entry(one, names.get(one.unit_id, "")) for one in found]
