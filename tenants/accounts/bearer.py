"""What comes with a request of a program: a token, and whose it is; a client's secret, and what it may fetch."""

from __future__ import annotations

import hmac
import secrets
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

import msgspec

from core.actor import Actor
from core.ledger.note import note
from tenants.accounts.access import actor_for
from tenants.accounts.errors import BadToken
from tenants.accounts.known import SignedIn
from tenants.accounts.tokens import ACCESS_SECONDS, PREFIX, digest, named_in
from tenants.database.session import current_session


class Presented(NamedTuple):
    """A token or a client's credentials, taken apart; nothing is known of them yet."""

    county_id: UUID
    id: UUID
    secret: str


class Opened(NamedTuple):
    """What a good token opens."""

    account_id: UUID
    scopes: frozenset[str]
    read_only: bool


def read(token: str) -> Presented:
    """Raises BadToken for what is none of ours."""
    prefix, _, rest = token.partition(".")
    if prefix != PREFIX:
        raise BadToken
    return read_client(*rest.rpartition(".")[::2])


def read_client(client_id: str, secret: str) -> Presented:
    """The same for a client. Raises BadToken."""
    county, _, one = client_id.partition(".")
    try:
        return Presented(UUID(hex=county), UUID(hex=one), secret)
    except ValueError:
        raise BadToken from None


_GOOD = """
    select t.account_id, t.digest, t.scopes, t.read_only from api_token t
    left join api_token p on p.tenant_id = t.tenant_id and p.id = t.parent_id
    where t.id = $1 and (t.kind = 'client') = $2 and t.revoked_at is null and t.expires_at > now()
      and (p.id is null or (p.revoked_at is null and p.expires_at > now()))
"""


async def look(presented: Presented, *, client: bool = False) -> Opened:
    """What it opens. Raises BadToken when it is unknown, over, revoked, or its client is."""
    row = await current_session().fetchrow(_GOOD, presented.id, client)
    if row is None or not hmac.compare_digest(row["digest"], digest(presented.secret)):
        raise BadToken
    return Opened(row["account_id"], frozenset(row["scopes"]), row["read_only"])


async def used(presented: Presented, address: str) -> None:
    """Note, once a minute at most, that it was used; who uses it at the same moment does not wait."""
    await current_session().execute(
        "update api_token set last_used_at = now(), last_address = $2 where id = (select id from api_token where id = $1"
        " and (last_used_at is null or last_used_at < now() - interval '1 minute') for no key update skip locked)",
        presented.id, address,
    )  # fmt: skip


def narrowed(found: SignedIn, scopes: frozenset[str]) -> SignedIn:
    """The account as its token lets it act: what it holds and the token names."""
    held = tuple(
        msgspec.structs.replace(one, capabilities=one.capabilities & scopes) for one in found.actor.holdings
    )
    return msgspec.structs.replace(found, actor=msgspec.structs.replace(found.actor, holdings=held))


async def fetch(presented: Presented, opened: Opened, scopes: frozenset[str], address: str) -> str:
    """An access token of an hour for a client that has shown its secret; old ones of the county go."""
    session = current_session()
    made, secret = uuid4(), secrets.token_urlsafe(32)
    await session.execute(
        "delete from api_token where kind = 'access' and expires_at < now() - interval '1 day'"
    )
    await session.execute(
        "insert into api_token (id, account_id, kind, parent_id, name, digest, scopes, read_only, expires_at)"
        " values ($1, $2, 'access', $3, '', $4, $5, $6, now() + $7)",
        made, opened.account_id, presented.id, digest(secret), sorted(scopes), opened.read_only,
        timedelta(seconds=ACCESS_SECONDS),
    )  # fmt: skip
    await used(presented, address)
    return f"{PREFIX}.{named_in(presented.county_id, made)}.{secret}"


async def fetched(presented: Presented, account_id: UUID) -> None:
    """Note in the audit log that a client has signed in, in its owner's name."""
    owner = await current_session().fetchval("select name from account where id = $1", account_id)
    await note(Actor(account_id, owner), "token.fetched", "account", account_id, token=presented.id)


async def owner_of(opened: Opened, today: date) -> SignedIn:
    """The account behind the token. Raises NotFound, BadToken for one that is off."""
    found = await actor_for(opened.account_id, today)
    if not found.active:
        raise BadToken
    return found
