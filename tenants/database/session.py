"""The database session: one connection, one transaction, bound to one county.

Piccolo's own transaction commits on some errors, leaks the connection when COMMIT fails and lets an inner scope change the
county of the outer one. This class exists so that none of that can happen (tests/tenants/database/test_session.py has each case).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from functools import cache
from types import TracebackType
from typing import Any, cast
from uuid import UUID

import asyncpg
from piccolo.engine.finder import engine_finder

from tenants.database.engine import NoSession, SessionEngine
from tenants.database.savepoint import SavepointScope
from tenants.errors import DatabaseAway
from tenants.ground.environment import database_url, owner_database_url

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 15
"""How long to wait for a connection, and for a rollback: when the database hangs, its users are told so."""
_LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg raises for a connection that cannot be had, or was lost while it lay in the pool."""
AfterCommit = Callable[[], Awaitable[None]]


class NestedSession(RuntimeError):
    """A session was opened inside another one: two counties must never share a block of code."""

    def __init__(self) -> None:
        super().__init__("已在数据库会话之内，不能再打开另一个会话。需要部分撤销时请用 session.savepoint()。")


class NotCommitted(RuntimeError):
    """PostgreSQL answered COMMIT with a rollback, because an earlier statement had failed and the failure was swallowed."""

    def __init__(self) -> None:
        super().__init__("本次操作没有保存：其中一条语句已经失败。")


class Session:
    """An open transaction; made by `county_session`, `global_session` or `owner_session`, or by hand (`begin`, `commit`).

    `county_id` is None when no county is set: then every tenant table refuses. `policy_version` is the county's version when
    the request's first query has read it; `policies_changed` is set once this session has written an activation.
    `refused` is set once what a form asked for has been undone alone (a savepoint): what is left may be kept.
    """

    def __init__(self, county_id: UUID | None, source: _Source) -> None:
        self.county_id = county_id
        self.policy_version: int | None = None
        self.policies_changed = False
        self.refused = False
        self.ended = False
        self._source = source
        self._connection: asyncpg.Connection[Any] | None = None
        self._savepoints = 0
        self._after_commit: list[AfterCommit] = []

    @property
    def connection(self) -> asyncpg.Connection[Any]:
        """The connection while the transaction is open. Raises NoSession before and after."""
        if self._connection is None or self.ended:
            raise NoSession
        return self._connection

    async def begin(self) -> Session:
        """Take a connection and open the transaction in one round trip; from here on it is the session around the caller."""
        ambient = engine().ambient
        around = ambient.get()
        if around is not None and not around.ended:
            raise NestedSession
        connection = await self._source.take()
        try:
            await connection.execute(self._opening())
        except BaseException as failure:
            await self._give_back(connection, healthy=False)
            if isinstance(failure, _LOST):
                raise DatabaseAway from failure
            raise
        self._connection = connection
        ambient.set(self)
        return self

    def _opening(self) -> str:
        # A UUID prints as hex digits and hyphens only, so it may be formatted in: a parameter would cost a second round trip.
        county = "" if self.county_id is None else UUID(str(self.county_id))
        return f"BEGIN; SET LOCAL app.tenant_id = '{county}'"

    async def commit(self) -> None:
        """Commit, give the connection back, then run what was put down with `after_commit`. Raises what COMMIT raises."""
        if await self._end("COMMIT") != "COMMIT":
            raise NotCommitted
        for callback in self._after_commit:
            try:
                await callback()
            except Exception:
                # What is saved is saved: who listens also reads the version with his next request.
                log.exception("after-commit callback failed")

    async def rollback(self) -> None:
        """Undo everything and give the connection back. With a lost connection that has happened by itself."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._end("ROLLBACK")
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as failure:
            log.warning("rollback failed: %s", type(failure).__name__)

    async def _end(self, statement: str) -> str:
        connection = self.connection
        self.ended = True
        healthy = False
        try:
            status: str = await connection.execute(statement)
            healthy = True
        except asyncpg.PostgresError:
            # A deferred constraint failed: the server has rolled back, and the connection is as good as before.
            healthy = not connection.is_closed() and not connection.is_in_transaction()
            raise
        finally:
            self._connection = None
            await self._give_back(connection, healthy)
        return status

    async def _give_back(self, connection: asyncpg.Connection[Any], healthy: bool) -> None:
        if not healthy:
            # asyncpg raises when the server was first to end it; then there is nothing left to end.
            with contextlib.suppress(asyncpg.InterfaceError):
                connection.terminate()
        await self._source.give_back(connection)

    def after_commit(self, callback: AfterCommit) -> None:
        """Run `callback` once this transaction is committed, and never if it is not."""
        self._after_commit.append(callback)

    def savepoint(self) -> SavepointScope:
        """A part that can be undone alone: `async with session.savepoint(): …`."""
        return SavepointScope(self)

    def next_savepoint(self) -> str:
        """A name for the next savepoint, unique in this session."""
        self._savepoints += 1
        return f"part_{self._savepoints}"

    async def fetch(self, sql: str, *args: object) -> list[asyncpg.Record]:
        """All rows of raw SQL."""
        rows: list[asyncpg.Record] = await self.connection.fetch(sql, *args)
        return rows

    async def fetchrow(self, sql: str, *args: object) -> asyncpg.Record | None:
        """The first row of raw SQL, or None."""
        return await self.connection.fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: object) -> Any:
        """The first column of the first row of raw SQL."""
        return await self.connection.fetchval(sql, *args)

    async def execute(self, sql: str, *args: object) -> str:
        """Run raw SQL; the answer is PostgreSQL's status line."""
        status: str = await self.connection.execute(sql, *args)
        return status

    async def __aenter__(self) -> Session:
        return await self.begin()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.ended:
            return
        if kind is None:
            await self.commit()
            return
        # What went wrong first goes on to the caller.
        await self.rollback()


class _Source:
    """Where a session's connection comes from: here the engine's pool."""

    async def take(self) -> asyncpg.Connection[Any]:
        pool = engine().pool
        if pool is None:
            raise RuntimeError("数据库连接池尚未打开：请先执行 open_database()。")
        try:
            return await pool.acquire(timeout=PATIENCE_SECONDS)
        except _LOST as failure:
            raise DatabaseAway from failure

    async def give_back(self, connection: asyncpg.Connection[Any]) -> None:
        pool = engine().pool
        if pool is not None:
            await pool.release(connection)


class _Owner(_Source):
    """A connection of its own, as the owner of the tables."""

    async def take(self) -> asyncpg.Connection[Any]:
        return await asyncpg.connect(owner_database_url())

    async def give_back(self, connection: asyncpg.Connection[Any]) -> None:
        await connection.close()


@cache
def engine() -> SessionEngine:
    """The engine that Piccolo's tables use (finding it costs an import each time)."""
    return cast(SessionEngine, engine_finder())


def current_session() -> Session:
    """The session around the caller. Raises NoSession."""
    return engine().session()


def county_session(county_id: UUID) -> Session:
    """`async with county_session(county) as session:` — everything inside sees and writes this county only."""
    return Session(county_id, _Source())


def global_session() -> Session:
    """A session without a county, for the tables that are exempt (finding the county before sign-in)."""
    return Session(None, _Source())


def owner_session(county_id: UUID | None = None) -> Session:
    """A session as the owner of the tables: migrations and opening a county only."""
    return Session(county_id, _Owner())


async def open_database(
    url: str | None = None, *, min_size: int = 1, max_size: int = 10, command_seconds: float | None = None
) -> None:
    """Open the pool of this process (`url` default: DANGWU_DATABASE_URL).

    A statement that takes longer than `command_seconds` is given up (None: never).
    """
    await engine().start_connection_pool(
        dsn=url or database_url(), min_size=min_size, max_size=max_size, command_timeout=command_seconds
    )


async def close_database() -> None:
    """Close the pool of this process."""
    await engine().close_connection_pool()
