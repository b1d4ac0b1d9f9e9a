"""A fair share of this process's connections: who asks for many at once waits for himself, and lets others through."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
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

    def turn(self, county: UUID, account: UUID) -> Turn:
        """Inside, a connection may be taken. Raises ShareSpent (the person's) and DatabaseBusy (the county's)."""
        each_account, each_county = self._most
        return Turn(self._lines, ((account, each_account, ShareSpent), (county, each_county, DatabaseBusy)))


class Turn:
    """`async with`: a place in each of these lines, one after the other. Not a generator: every request passes here."""

    def __init__(self, lines: dict[UUID, _Line], wanted: Sequence[tuple[UUID, int, type[Exception]]]) -> None:
        self._lines, self._wanted = lines, wanted
        self._held: list[UUID] = []

    async def __aenter__(self) -> None:
        try:
            for whose, most, spent in self._wanted:
                await self._enter(whose, most, spent)
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *failure: object) -> None:
        self._leave()

    async def _enter(self, whose: UUID, most: int, spent: type[Exception]) -> None:
        line = self._lines.get(whose)
        if line is None:
            line = self._lines[whose] = _Line(asyncio.Semaphore(most))
        line.people += 1
        try:
            await _acquired(line.free, spent)
        except BaseException:
            self._forget(whose, line)
            raise
        self._held.append(whose)

    def _leave(self) -> None:
        while self._held:
            whose = self._held.pop()
            line = self._lines[whose]
            line.free.release()
            self._forget(whose, line)

    def _forget(self, whose: UUID, line: _Line) -> None:
        line.people -= 1
        if not line.people:
            del self._lines[whose]


async def _acquired(free: asyncio.Semaphore, spent: type[Exception]) -> None:
    if not free.locked():
        await free.acquire()  # at once: most requests need no clock
        return
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await free.acquire()
    except TimeoutError:
        raise spent from None
