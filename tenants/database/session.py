"""The database session: one connection, one transaction, bound to one county.

Piccolo's own transaction commits on some errors, leaks the connection when COMMIT fails and lets an inner scope change the
county of the outer one. This class exists so that none of that can happen (tests/tenants/database/test_session.py has each case).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, cast
from uuid import UUID

import asyncpg

from tenants.database.engine import engine
from tenants.database.errors import DatabaseAway, NestedSession, NoSession, NotCommitted
from tenants.database.source import LOST, PATIENCE_SECONDS, Owner, Pool, wake_all
from tenants.ground.environment import database_url

log = logging.getLogger(__name__)
AfterCommit = Callable[[], Awaitable[None]]
Asker = tuple[UUID, str]
"""An account and its name."""


class Savepoint:
    """`async with session.savepoint():` — an exception undoes what was done inside and goes on to the caller."""

    def __init__(self, session: Session, name: str) -> None:
        self._session, self._name = session, name

    async def set(self) -> None:
        """Set it; what is written from here on can be undone."""
        await self._session.execute(f"SAVEPOINT {self._name}")

    async def undo(self) -> None:
        """Undo what was written since. What was locked before it stays locked, and the session goes on."""
        await self._session.execute(f"ROLLBACK TO SAVEPOINT {self._name}")

    async def __aenter__(self) -> Session:
        await self.set()
        return self._session

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            await self.undo()
        await self._session.execute(f"RELEASE SAVEPOINT {self._name}")


class Session:
    """An open transaction; made by `county_session`, `global_session` or `owner_session`, or by hand (`begin`, `commit`).

    `county_id` is None when no county is set: then every tenant table refuses. `policy_version` is the county's version when
    the request's first query has read it; `policies_changed` is set once this session has written an activation.
    `asking` is a question that goes with the county, in the same round trip (one `SELECT`); `answered`: it has found rows.
    `asker` is in whose name it works, `job` which job of the background it goes on with (tenants/queue).
    `only_reads`: PostgreSQL refuses to write in it, and its end costs no round trip (resting.py).
    `refused` is set once what a form asked for has been undone alone (a savepoint): what is left may be kept.
    """

    def __init__(
        self, county_id: UUID | None, source: Pool, asking: str = "", *, only_reads: bool = False
    ) -> None:
        self.county_id = county_id
        self.only_reads = only_reads
        self.answered = False
        self.policy_version: int | None = None
        self.policies_changed = False
        self.refused = False
        self.asker: Asker | None = None
        self.job: UUID | None = None
        self.ended = False
        self._source, self._asking = source, asking
        self._connection: asyncpg.Connection | None = None
        self._savepoints = 0
        self._after_commit: list[AfterCommit] = []

    @property
    def connection(self) -> asyncpg.Connection:
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
        # Whoever had it before may only have read, and left the end of that to us.
        ending = "ROLLBACK; " if connection.is_in_transaction() else ""
        try:
            status: str = await connection.execute(ending + self._opening())
        except BaseException as failure:
            await self._give_back(connection, healthy=False)
            if isinstance(failure, LOST):
                raise DatabaseAway from failure
            raise
        self._connection = connection
        # PostgreSQL's status line is that of the last statement, with the number of its rows.
        self.answered = bool(self._asking) and status != "SELECT 0"
        ambient.set(self)
        return self

    def _opening(self) -> str:
        if self.county_id is None:
            return "BEGIN"
        # A UUID prints as hex digits and hyphens only, so it may be formatted in: a parameter would cost a second round trip.
        begin = "BEGIN READ ONLY" if self.only_reads else "BEGIN"
        return f"{begin}; SELECT enter_county('{UUID(str(self.county_id))}'); {self._asking}"

    async def commit(self) -> None:
        """Commit, give the connection back, then run what was put down with `after_commit`. Raises what COMMIT raises."""
        if not self._rests() and await self._end("COMMIT") != "COMMIT":
            raise NotCommitted
        for callback in self._after_commit:
            try:
                await callback()
            except Exception:
                # What is saved is saved: who listens also reads the version with his next request.
                log.exception("after-commit callback failed")

    def _rests(self) -> bool:
        if not (self.only_reads and self._source.rest(self.connection)):
            return False
        self.ended, self._connection = True, None
        return True

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

    async def _give_back(self, connection: asyncpg.Connection, healthy: bool) -> None:
        if not healthy:
            # asyncpg raises when the server was first to end it; then there is nothing left to end.
            with contextlib.suppress(asyncpg.InterfaceError):
                connection.terminate()
        await self._source.give_back(connection)

    def after_commit(self, callback: AfterCommit) -> None:
        """Run `callback` once this transaction is committed, and never if it is not."""
        self._after_commit.append(callback)

    def savepoint(self) -> Savepoint:
        """A part that can be undone alone: `async with session.savepoint(): …`."""
        self._savepoints += 1
        return Savepoint(self, f"part_{self._savepoints}")

    async def mark(self) -> Savepoint:
        """A place to come back to: `before = await session.mark()`, then `await before.undo()` if what follows must not stay."""
        before = self.savepoint()
        await before.set()
        return before

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


def current_session() -> Session:
    """The session around the caller. Raises NoSession."""
    return cast(Session, engine().session())


def county_session(county_id: UUID, asking: str = "", *, only_reads: bool = False) -> Session:
    """`async with county_session(county) as session:` — everything inside sees and writes this county only."""
    return Session(county_id, Pool(), asking, only_reads=only_reads)


def global_session() -> Session:
    """A session without a county, for the tables that are exempt (finding the county before sign-in)."""
    return Session(None, Pool())


def owner_session(county_id: UUID | None = None) -> Session:
    """A session as the owner of the tables: migrations and opening a county only."""
    return Session(county_id, Owner())


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
    await wake_all()
    await engine().close_connection_pool()
