"""Slows down the guessing of passwords: failures are counted in Redis per account and per address.

A device on which this account has signed in before is counted by itself: whoever fills the other counters on purpose shuts
nobody out who sits at his own computer. A used-up address is slowed down and not shut out: a whole county may come from one.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from tenants.accounts.errors import TooManyAttempts
from tenants.ground.redis import redis_client

WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 5
FAILURES_PER_ADDRESS = 40
"""Further attempts from there are slowed down; one person's guesses are stopped by the account's counter long before."""

BEGUN_PER_ADDRESS = 300
"""Ways to a provider in a window; a county behind one proxy needs fewer."""

FIRST_DELAY, DELAY_GROWTH, LONGEST_DELAY = 1.0, 0.1, 10.0
"""Seconds: of the first attempt that is slowed, what each further one adds, and the most."""

SLOWED_AT_ONCE = 10
"""Attempts of one address that wait in this process; what comes beyond is told to come again."""

_slowed: Counter[str] = Counter()


def _person(county_id: UUID, login: str, device: str | None) -> str:
    if device is not None:
        return f"sign-in:{county_id}:device:{device}"
    # A login is typed by anybody and may be anything, even a password put in the wrong field: only its digest is kept.
    return f"sign-in:{county_id}:account:{hashlib.sha256(login.encode()).hexdigest()[:32]}"


def _place(address: str) -> str:
    return f"sign-in:address:{address}"


async def admit(
    county_id: UUID, login: str, address: str | None, now: datetime, *, device: str | None = None
) -> None:
    """Count this attempt as failed until `succeeded` says otherwise; wait, if its address has failed often.

    Raises TooManyAttempts when the account has failed too often, or too many wait already. `device` names one on which this
    very account has signed in before; `address` is None for somebody who is signed in. Counting comes before checking, so
    that a hundred attempts at the same moment get no further than a hundred in a row. Hold no connection meanwhile.
    """
    count, seconds = await _counted(_person(county_id, login, device))
    if count > FAILURES_PER_ACCOUNT:
        raise TooManyAttempts(now + timedelta(seconds=max(seconds, 1) + 59))
    if device is not None or address is None:
        return
    count, _ = await _counted(_place(address))
    if count > FAILURES_PER_ADDRESS:
        await _slow_down(address, count - FAILURES_PER_ADDRESS, now)


@asynccontextmanager
async def guarded(county_id: UUID, account_id: UUID, now: datetime) -> AsyncIterator[None]:
    """Around the check of a second factor's code by somebody who is signed in: failures count with those at the gate."""
    name = f"code {account_id}"
    await admit(county_id, name, None, now)
    yield
    await succeeded(county_id, name, None)


async def begun(address: str, now: datetime) -> None:
    """Count a way to a provider: each is kept for a while, so that one address fills no memory. Raises TooManyAttempts."""
    count, seconds = await _counted(f"oidc:address:{address}")
    if count > BEGUN_PER_ADDRESS:
        raise TooManyAttempts(now + timedelta(seconds=max(seconds, 1) + 59))


async def _counted(key: str) -> tuple[int, int]:
    """How many there are with this one, and in how many seconds they are forgotten."""
    async with redis_client().pipeline(transaction=True) as pipe:
        pipe.set(key, 0, nx=True, ex=WINDOW)
        pipe.incr(key)
        pipe.ttl(key)
        _, count, seconds = await pipe.execute()
    return count, seconds


def delay(beyond: int) -> float:
    """Seconds that an attempt waits, the so-manieth `beyond` what its address may have."""
    return min(FIRST_DELAY + DELAY_GROWTH * beyond, LONGEST_DELAY)


async def _slow_down(address: str, beyond: int, now: datetime) -> None:
    if _slowed[address] >= SLOWED_AT_ONCE:
        raise TooManyAttempts(now + timedelta(minutes=1))
    _slowed[address] += 1
    try:
        await asyncio.sleep(delay(beyond))
    finally:
        _slowed[address] -= 1
        if not _slowed[address]:
            del _slowed[address]


async def succeeded(county_id: UUID, login: str, address: str | None, *, device: str | None = None) -> None:
    """Forget the failures of this account (or its device), and this attempt of the address."""
    async with redis_client().pipeline(transaction=True) as pipe:
        pipe.delete(_person(county_id, login, device))
        if device is None and address is not None:
            pipe.decr(_place(address))
            pipe.expire(_place(address), WINDOW, nx=True)
        await pipe.execute()
