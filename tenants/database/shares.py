"""A fair share of this process's connections: who asks for many at once waits for himself, and lets others through."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from uuid import UUID

from tenants.database.errors import DatabaseBusy, ShareSpent

EACH_ACCOUNT = 3
EACH_COUNTY = 6
"""Of the ten connections of a process: no county holds all of them."""

PATIENCE_SECONDS = 10.0


class _Line:
    """A line for so many places; whoever leaves hands his place to the next."""

    def __init__(self, most: int) -> None:
        self._most, self._free = most, most
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def empty(self) -> bool:
        """Whether nobody is inside (then nobody waits either)."""
        return self._free == self._most

    async def enter(self, spent: type[Exception]) -> None:
        """Take a place. Raises `spent` after PATIENCE_SECONDS."""
        if self._free:
            self._free -= 1
            return
        loop = asyncio.get_running_loop()
        place: asyncio.Future[None] = loop.create_future()
        self._waiting.append(place)
        clock = loop.call_later(PATIENCE_SECONDS, _give_up, place, spent)
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():
                self.leave()  # it was handed over just before
            raise
        finally:
            clock.cancel()

    def leave(self) -> None:
        """Hand the place to whoever has waited longest."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1


def _give_up(place: asyncio.Future[None], spent: type[Exception]) -> None:
    if not place.done():
        place.set_exception(spent())


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
                line = self._lines.get(whose)
                if line is None:
                    line = self._lines[whose] = _Line(most)
                await line.enter(spent)
                self._held.append(whose)
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *failure: object) -> None:
        self._leave()

    def _leave(self) -> None:
        while self._held:
            whose = self._held.pop()
            line = self._lines[whose]
            line.leave()
            if line.empty:
                del self._lines[whose]  # as many people as there are would be too many to remember
