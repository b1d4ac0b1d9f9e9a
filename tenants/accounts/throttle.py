"""Slows down the guessing of passwords: failures are counted in Redis per account and per address.

A device on which this account has signed in before is counted by itself: whoever fills the other counters on purpose shuts
nobody out who sits at his own computer.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from tenants.accounts.errors import TooManyAttempts
from tenants.ground.redis import redis_client

WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 5
FAILURES_PER_ADDRESS = 40
"""A whole office may share an address; one person's guesses are stopped by the account's counter long before."""


def _keys(county_id: UUID, login: str, address: str, device: str | None) -> dict[str, int]:
    if device is not None:
        return {f"sign-in:{county_id}:device:{device}": FAILURES_PER_ACCOUNT}
    # A login is typed by anybody and may be anything, even a password put in the wrong field: only its digest is kept.
    name = hashlib.sha256(login.encode()).hexdigest()[:32]
    return {
        f"sign-in:{county_id}:account:{name}": FAILURES_PER_ACCOUNT,
        f"sign-in:address:{address}": FAILURES_PER_ADDRESS,
    }


async def admit(
    county_id: UUID, login: str, address: str, now: datetime, *, device: str | None = None
) -> None:
    """Count this attempt as failed until `succeeded` says otherwise. Raises TooManyAttempts when a counter is full.

    `device` names one on which this very account has signed in before. Counting comes before checking, so that a hundred
    attempts at the same moment get no further than a hundred in a row.
    """
    redis = redis_client()
    for key, allowed in _keys(county_id, login, address, device).items():
        async with redis.pipeline(transaction=True) as pipe:
            pipe.set(key, 0, nx=True, ex=WINDOW)
            pipe.incr(key)
            pipe.ttl(key)
            _, count, seconds = await pipe.execute()
        if count > allowed:
            raise TooManyAttempts(now + timedelta(seconds=max(seconds, 1) + 59))


async def succeeded(county_id: UUID, login: str, address: str, *, device: str | None = None) -> None:
    """Forget the failures of this account (or its device), and this attempt of the address."""
    account, *origins = _keys(county_id, login, address, device)
    async with redis_client().pipeline(transaction=True) as pipe:
        pipe.delete(account)
        for origin in origins:
            pipe.decr(origin)
            pipe.expire(origin, WINDOW, nx=True)
        await pipe.execute()
