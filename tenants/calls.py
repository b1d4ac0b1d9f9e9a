"""How many calls of the API a token, an account and a county make in a minute, over all web processes.

Each process counts for itself and tells the others by Redis twice a second: most calls cost no question. What a county is
allowed is read in a session that is open anyway, now and then; a token that has spent its minute is refused before it takes
a connection. While Redis is away, each process counts alone.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from redis.exceptions import RedisError

from core.errors import DomainError
from core.quotas.catalogue import QUOTAS
from tenants.database.session import current_session
from tenants.ground.redis import redis_client

log = logging.getLogger(__name__)
MINUTE = 60
KNOWN_SECONDS = 30.0
"""After so long what a county is allowed is read anew."""

TOLD_SECONDS = 0.5

_ADD = """
local counts = {}
for at, key in ipairs(KEYS) do
    counts[at] = redis.call('INCRBY', key, ARGV[at])
    redis.call('EXPIRE', key, 120)
end
return counts
"""


class _Count:
    """Calls of one in this minute: `told` by all processes, when last asked `at`, and `more` here since."""

    __slots__ = ("at", "key", "more", "told")

    def __init__(self, key: str) -> None:
        self.key, self.told, self.more, self.at = key, 0, 0, 0.0


_counts: dict[str, _Count] = {}
"""Those of this minute, by their key in Redis."""

_allowed: dict[UUID, tuple[float, dict[str, int]]] = {}
_spent: dict[bytes, int] = {}
"""Digest of a token → the minute that it has spent."""

_OF_TOKEN = "calls_of_token"


class TooManyCalls(DomainError):
    """More calls than are allowed in a minute; `retry_after` (seconds) begins the next one."""

    code = "too-many-calls"

    def __init__(self, name: str, most: int, retry_after: int) -> None:
        quota = QUOTAS[name]
        super().__init__(
            f"{quota.title}每分钟最多 {most:,} 次，这一分钟的已经用完，{quota.then}。请 {retry_after} 秒以后再发，"
            "并让程序按回答里的 Retry-After 等候；长期不够用的，请本县系统管理员与平台运维单位联系。"
        )
        self.retry_after = retry_after


class Token(Protocol):
    """A token as it was shown with a call."""

    @property
    def id(self) -> UUID:
        """Whose secret it claims to know."""

    @property
    def secret(self) -> str:
        """What it shows for that."""


async def admit(county: UUID, account: UUID, token: Token | None = None) -> None:
    """Count a call of this account, by this token if it comes with one, which is known to be good. Raises TooManyCalls."""
    whose = {"calls": county, "calls_of_account": account} | ({_OF_TOKEN: token.id} if token else {})
    minute, rest = _now()
    counts = [_count(f"calls:{minute}:{one}") for one in whose.values()]
    await _tell([one for one in counts if time.monotonic() - one.at > TOLD_SECONDS])
    allowed = _known(county)
    for name, count in zip(whose, counts, strict=True):
        if count.told + count.more > allowed[name]:
            if token is not None:
                _remember(token, minute)
            raise TooManyCalls(name, allowed[name], rest)


def refuse_spent(county: UUID, token: Token) -> None:
    """Raise TooManyCalls for a token whose minute is spent, as was found here: nothing more is asked of the database."""
    minute, rest = _now()
    if _spent.get(_digest(token)) == minute:
        raise TooManyCalls(_OF_TOKEN, _known(county)[_OF_TOKEN], rest)


def _remember(token: Token, minute: int) -> None:
    for one in [one for one, when in _spent.items() if when < minute]:
        del _spent[one]
    _spent[_digest(token)] = minute


def _digest(token: Token) -> bytes:
    return hashlib.sha256(f"{token.id} {token.secret}".encode()).digest()


async def learn() -> None:
    """In a session of a county: read what it is allowed, unless that is known."""
    session = current_session()
    assert session.county_id is not None
    read_at, _ = _allowed.get(session.county_id, (0.0, {}))
    if time.monotonic() - read_at < KNOWN_SECONDS and read_at:
        return
    rows = await session.fetch("select name, most from quota where name = any($1)", [*_PER_MINUTE])
    _allowed[session.county_id] = time.monotonic(), {row["name"]: row["most"] for row in rows}


def _known(county: UUID) -> Mapping[str, int]:
    return _PER_MINUTE | _allowed.get(county, (0.0, {}))[1]


_PER_MINUTE = {name: one.stored for name, one in QUOTAS.items() if one.per == "minute"}


def _count(key: str) -> _Count:
    """One more of these."""
    found = _counts.get(key)
    if found is None:
        prefix = key.rpartition(":")[0]
        for old in [one for one in _counts if not one.startswith(prefix)]:
            del _counts[old]
        found = _counts[key] = _Count(key)
    found.more += 1
    return found


async def _tell(counts: Sequence[_Count]) -> None:
    """Tell the other processes what was counted here, and learn what was counted there."""
    if not counts:
        return
    mine = [one.more for one in counts]
    for one in counts:
        one.told, one.more, one.at = one.told + one.more, 0, time.monotonic()
    try:
        told = await redis_client().eval(_ADD, len(counts), *(one.key for one in counts), *mine)
    except RedisError as failure:
        log.warning("calls are counted here alone: Redis is away (%s)", type(failure).__name__)
        return
    for one, total in zip(counts, told, strict=True):
        one.told = max(one.told, total)


def _now() -> tuple[int, int]:
    """The minute, and in how many seconds the next one begins."""
    minute, gone = divmod(int(time.time()), MINUTE)
    return minute, MINUTE - gone
