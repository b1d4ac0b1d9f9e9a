"""Where a session's connection comes from, and goes back to."""

from __future__ import annotations

from time import perf_counter

import asyncpg
from prometheus_client import Gauge, Histogram

from tenants.database.engine import engine
from tenants.database.errors import DatabaseAway, DatabaseBusy
from tenants.database.resting import Resting
from tenants.ground.environment import owner_database_url
from tenants.ground.figures import FIGURES

PATIENCE_SECONDS = 15
"""How long to wait for a connection, and for a rollback: when the database hangs, its users are told so."""

LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg raises for a connection that cannot be had, or was lost while it lay in the pool."""

WAITED = Histogram(
    "dangwu_pool_wait_seconds", "Time until the pool gave a connection, or none; not of those that rested.", registry=FIGURES,
    buckets=(0.001, 0.01, 0.1, 1, 5, PATIENCE_SECONDS),
)  # fmt: skip
HELD = Gauge(
    "dangwu_pool_held",
    "Connections in use, of ten in each process.",
    registry=FIGURES,
    multiprocess_mode="livesum",
)


_resting = Resting()


class Pool:
    """The pool of this process, which the engine keeps."""

    async def take(self) -> asyncpg.Connection:
        """A connection. Raises DatabaseAway, and DatabaseBusy when others hold them all."""
        pool = engine().pool
        if pool is None:
            raise RuntimeError("数据库连接池尚未打开：请先执行 open_database()。")
        if (rested := _resting.take()) is not None:
            HELD.inc()
            return rested
        begun = perf_counter()
        try:
            with _resting.missed(spent=not pool.get_idle_size() and pool.get_size() == pool.get_max_size()):
                connection = await pool.acquire(timeout=PATIENCE_SECONDS)
            HELD.inc()
            return connection
        except LOST as failure:
            if isinstance(failure, TimeoutError) and pool.get_size() == pool.get_max_size():
                raise DatabaseBusy from None
            raise DatabaseAway from failure
        finally:
            WAITED.observe(perf_counter() - begun)

    async def give_back(self, connection: asyncpg.Connection) -> None:
        """Back into the pool; one that was ended is replaced there."""
        HELD.dec()
        await _released(connection)

    def rest(self, connection: asyncpg.Connection) -> bool:
        """Whether it rests in its transaction, which has only read, until somebody takes it; not while others wait for one."""
        rests = _resting.keep(connection, _released)
        if rests:
            HELD.dec()
        return rests


async def _released(connection: asyncpg.Connection) -> None:
    pool = engine().pool
    if pool is not None:
        await pool.release(connection)


async def wake_all() -> None:
    """End the transactions in which connections rest, and give them back to the pool."""
    await _resting.wake_all()


class Owner(Pool):
    """A connection of its own, as the owner of the tables."""

    async def take(self) -> asyncpg.Connection:
        """A new connection."""
        return await asyncpg.connect(owner_database_url())

    async def give_back(self, connection: asyncpg.Connection) -> None:
        """Close it."""
        await connection.close()

    def rest(self, connection: asyncpg.Connection) -> bool:
        """Never: the next to take it would be the application."""
        return False
