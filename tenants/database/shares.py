"""A fair share of this process's connections: who asks for many at once waits for himself, and lets others through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import msgspec

from tenants.database.errors import DatabaseBusy, ShareSpent

EACH_ACCOUNT = 3
EACH_COUNTY = 6
"""Of the ten connections of a process: no county holds all of them."""

PATIENCE_SECONDS = 10.0


class _Line(msgspec.Struct):
    """Who shares: those inside and those waiting are counted, so that an empty line is forgotten."""

    free: asyncio.Semaphore
    people: int = 0


class Shares:
    """The shares of one process."""

    def __init__(self, each_account: int = EACH_ACCOUNT, each_county: int = EACH_COUNTY) -> None:
        self._most = (each_account, each_county)
        self._lines: dict[UUID, _Line] = {}

    @asynccontextmanager
    async def turn(self, county: UUID, account: UUID) -> AsyncIterator[None]:
        """Inside, a connection may be taken. Raises ShareSpent (the person's) and DatabaseBusy (the county's)."""
        each_account, each_county = self._most
        async with (
            self._place(account, each_account, ShareSpent),
            self._place(county, each_county, DatabaseBusy),
        ):
            yield

    @asynccontextmanager
    async def _place(self, whose: UUID, most: int, spent: type[Exception]) -> AsyncIterator[None]:
        line = self._lines.setdefault(whose, _Line(asyncio.Semaphore(most)))
        line.people += 1
        try:
            await _enter(line.free, spent)
            try:
                yield
            finally:
                line.free.release()
        finally:
            line.people -= 1
            if not line.people:
                del self._lines[whose]


async def _enter(free: asyncio.Semaphore, spent: type[Exception]) -> None:
    if not free.locked():
        await free.acquire()  # at once: most requests need no clock
        return
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await free.acquire()
    except TimeoutError:
        raise spent from None
