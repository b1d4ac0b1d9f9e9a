"""One-time links to one's own file: made for one person, opened once, then a short look; only digests are kept.

The county stands in the token, so that it is looked up inside that county's session: row-level security knows no other way.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from core.actor import Actor
from core.changes.own import OwnFile, own_file
from core.errors import Conflict, NotFound
from core.ledger.note import note
from core.register.access import AWAITED, access_person, refuse_left
from tenants.accounts.tokens import digest
from tenants.database.session import county_session, current_session

DAYS = 7
LOOK = timedelta(minutes=15)
MOST = 3
"""Of one person, that can still be opened."""

NO_SUCH = "这个链接不存在，或者已经打开过、过期、撤销了。每个链接只能打开一次；需要再看的，请向您所在的党支部另要一个。"
NO_LOOK = "没有打开着的本人档案，或查阅时间已到。需要再看的，请向您所在的党支部另要一个链接。"
HIMSELF = Actor(UUID(int=0), "本人（一次性链接）")
"""Who looks by a link: nobody's account, holding nothing."""


class Link(msgspec.Struct, frozen=True):
    """A link as it is listed; what it is itself is known to its holder only."""

    id: UUID
    made_by_name: str
    made_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    revoked_at: datetime | None
    lives: bool


class Token(NamedTuple):
    """A token taken apart; nothing is known of it yet."""

    county_id: UUID
    secret: str


def read(token: str) -> Token:
    """Raises NotFound for what is none of ours."""
    county, _, secret = token.partition(".")
    try:
        return Token(UUID(hex=county), secret)
    except ValueError:
        raise NotFound(NO_SUCH) from None


async def make_link(actor: Actor, person_id: UUID) -> str:
    """A new link's token, shown once. Raises NotFound, Forbidden, Conflict while MOST can still be opened."""
    path = await _enter(actor, person_id)
    # Counted one after the other, however many are made at once.
    await current_session().execute("select from person where id = $1 for update", person_id)
    if sum(one.lives for one in await _links(person_id)) >= MOST:
        raise Conflict(f"已有 {MOST} 个链接还没有打开。请先撤销不用的，再新建。")
    session, secret = current_session(), secrets.token_urlsafe(24)
    made = await session.fetchval(
        "insert into own_link (person_id, digest, made_by, made_by_name, expires_at)"
        " values ($1, $2, $3, $4, now() + $5) returning id",
        person_id, digest(secret), actor.id, actor.name, timedelta(days=DAYS),
    )  # fmt: skip
    await note(actor, "own-link.made", "person", person_id, await _unit(path), link=made)
    assert session.county_id is not None
    return f"{session.county_id.hex}.{secret}"


async def links_of(actor: Actor, person_id: UUID) -> list[Link]:
    """His links, the newest first. Raises NotFound, Forbidden."""
    await _enter(actor, person_id)
    return await _links(person_id)


async def revoke_link(actor: Actor, person_id: UUID, link_id: UUID) -> None:
    """It opens nothing any more, and a look by it ends. Raises NotFound, Forbidden."""
    path = await _enter(actor, person_id)
    done = await current_session().execute(
        "update own_link set revoked_at = now() where id = $1 and person_id = $2 and revoked_at is null",
        link_id, person_id,
    )  # fmt: skip
    if done != "UPDATE 1":
        raise NotFound("没有找到这个链接，或它已经撤销。")
    await note(actor, "own-link.revoked", "person", person_id, await _unit(path), link=link_id)


async def can_open(token: str) -> None:
    """Raise NotFound unless this link can be opened now; says nothing of whose it is."""
    county, secret = read(token)
    async with county_session(county) as session:
        if not await session.fetchval(
            f"select true from own_link where digest = $1 and {_LIVES}", digest(secret)
        ):
            raise NotFound(NO_SUCH)


async def open_link(token: str) -> str:
    """Open it, this once: the token of a look. Raises NotFound."""
    county, secret = read(token)
    look = secrets.token_urlsafe(24)
    async with county_session(county) as session:
        row = await session.fetchrow(
            f"""update own_link l set opened_at = now(), look_digest = $2, look_until = now() + $3
                from person p where l.digest = $1 and {_LIVES} and p.id = l.person_id returning l.id, l.person_id, p.path""",
            digest(secret), digest(look), LOOK,
        )  # fmt: skip
        if row is None:
            raise NotFound(NO_SUCH)
        await note(
            HIMSELF, "own-link.opened", "person", row["person_id"], await _unit(row["path"]), link=row["id"]
        )
    return f"{county.hex}.{look}"


async def looked_at(token: str) -> OwnFile:
    """The file by a look that is not over; written into its reading log. Raises NotFound."""
    county, secret = read(token)
    async with county_session(county) as session:
        person_id = await session.fetchval(
            "select person_id from own_link where look_digest = $1 and look_until > now() and revoked_at is null"
            f" and {_OPEN}",
            digest(secret),
        )
        if person_id is None:
            raise NotFound(NO_LOOK)
        return await own_file(HIMSELF, person_id)


async def end_look(token: str) -> None:
    """He has seen enough; also when it was over already."""
    county, secret = read(token)
    async with county_session(county) as session:
        await session.execute(
            "update own_link set look_until = now() where look_digest = $1 and look_until > now()",
            digest(secret),
        )


_OPEN = "not exists (select from county c where c.id = session_county() and c.suspended_at is not null)"
"""A suspended county is shut for everybody, with a link as with an account."""
_LIVES = f"opened_at is null and revoked_at is null and expires_at > now() and {_OPEN}"


async def _links(person_id: UUID) -> list[Link]:
    rows = await current_session().fetch(
        f"""select id, made_by_name, made_at, expires_at, opened_at, revoked_at, {_LIVES} lives
            from own_link where person_id = $1 order by made_at desc limit 50""",
        person_id,
    )
    return [Link(**dict(row)) for row in rows]


async def _enter(actor: Actor, person_id: UUID) -> str:
    """Where he is. Whoever keeps his file gives him the link, also when he has left: his right to look goes on.

    He has the link in his hands before its person has: it must show him nothing that he may not see, as sanctions.
    """
    row = await access_person(actor, person_id)
    actor.require("person.edit", row["path"])
    actor.require("sanction.view", row["path"])
    if row["merged_into"] or row["left_as"] == AWAITED:
        refuse_left(row)
    path: str = row["path"]
    return path


async def _unit(path: str) -> UUID | None:
    found: UUID | None = await current_session().fetchval("select id from unit where path = $1", path)
    return found
