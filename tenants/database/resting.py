"""Connections whose last session could only read: each rests a moment in its transaction, which ends as the next one begins.

Of such a transaction nothing is lost (PostgreSQL let it write nothing): nobody waits for its end, nor is it a round trip.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import asyncpg

SECONDS = 0.1
"""How long at most: what a transaction has read stays locked against a change of the tables until it ends."""

log = logging.getLogger(__name__)
GiveBack = Callable[[asyncpg.Connection], Awaitable[None]]


class Resting:
    """Those of one process; the one that came last is taken first."""

    def __init__(self) -> None:
        self._held: dict[asyncpg.Connection, tuple[asyncio.TimerHandle, GiveBack]] = {}
        self._waking: set[asyncio.Task[None]] = set()
        self._missed = 0

    def keep(self, connection: asyncpg.Connection, give_back: GiveBack) -> bool:
        """Whether it rests now; not while somebody waits for a connection: only the pool can give him one."""
        if self._missed or connection.is_closed():
            return False
        timer = asyncio.get_running_loop().call_later(SECONDS, self._wake, connection)
        self._held[connection] = timer, give_back
        return True

    def take(self) -> asyncpg.Connection | None:
        """One that rests, still in its transaction."""
        while self._held:
            connection, (timer, give_back) = self._held.popitem()
            timer.cancel()
            if not connection.is_closed():
                return connection
            self._begin(connection, give_back)
        return None

    @contextmanager
    def missed(self, *, spent: bool) -> Iterator[None]:
        """Somebody asks the pool for one; while the pool has `spent` all that it may have, none goes to rest."""
        self._missed += spent
        try:
            yield
        finally:
            self._missed -= spent

    async def wake_all(self) -> None:
        """End their transactions and give them back."""
        for connection, (timer, _) in list(self._held.items()):
            timer.cancel()
            self._wake(connection)
        await asyncio.gather(*self._waking)

    def _wake(self, connection: asyncpg.Connection) -> None:
        _, give_back = self._held.pop(connection)
        self._begin(connection, give_back)

    def _begin(self, connection: asyncpg.Connection, give_back: GiveBack) -> None:
        task = asyncio.get_running_loop().create_task(_ended(connection, give_back))
        self._waking.add(task)
        task.add_done_callback(self._waking.discard)


async def _ended(connection: asyncpg.Connection, give_back: GiveBack) -> None:
    try:
        await connection.execute("ROLLBACK", timeout=1)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
        log.warning("a resting connection was lost: %s", type(failure).__name__)
        connection.terminate()
    await give_back(connection)
