"""Piccolo's engine, made to run nothing outside a session (tenants/database/session.py)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, cast

import asyncpg
from piccolo.engine.finder import engine_finder
from piccolo.engine.postgres import PostgresEngine

from tenants.database.errors import NoSession
from tenants.ground.traces import watch

if TYPE_CHECKING:
    from piccolo.querystring import QueryString

SERVER_SETTINGS = {
    "plan_cache_mode": "force_custom_plan",
    "jit": "off",
    # Data lie in memory or on flash: with the default for turning disks, counts read whole tables.
    "random_page_cost": "1.1",
    # Many short queries at once: none may take all processors.
    "max_parallel_workers_per_gather": "0",
    "lock_timeout": "20s",
    "application_name": "dangwu",
}
"""A generic plan of a search query is ten times slower from its sixth run on; jit costs more than it saves here.
Nobody waits for another's lock without end."""


class Around(Protocol):
    """What the engine knows of the session around a query (tenants/database/session.py)."""

    ended: bool

    @property
    def connection(self) -> asyncpg.Connection:
        """The connection while the transaction is open."""

    def savepoint(self) -> AbstractAsyncContextManager[object]:
        """A part that can be undone alone."""


class SessionEngine(PostgresEngine):
    """Runs every query on the connection of the session around it; raises NoSession when there is none.

    Piccolo's own fall-backs (a pool connection or a new connection in autocommit) are closed, and so are its transactions:
    within a session `transaction()` is a savepoint. Importing or constructing it connects to nothing.
    """

    def __init__(self) -> None:
        super().__init__(config={})

    async def check_version(self) -> None:
        """Nothing: the migrations check the server; an import must not connect."""

    async def prep_database(self) -> None:
        """Nothing: extensions are made when the database is created."""

    async def start_connection_pool(self, **kwargs: Any) -> None:
        """Open the pool; takes what asyncpg.create_pool takes (`dsn`, `min_size`, `max_size`)."""
        if self.pool is not None:
            raise RuntimeError("数据库连接池已经打开。")
        self.pool = await asyncpg.create_pool(
            server_settings=SERVER_SETTINGS, reset=_nothing_to_reset, init=watch(), **kwargs
        )

    async def close_connection_pool(self) -> None:
        """Close the pool after waiting for its sessions to end."""
        pool, self.pool = self.pool, None
        if pool is not None:
            await pool.close()

    @property
    def ambient(self) -> ContextVar[Around | None]:
        """Where Piccolo looks for the transaction around a query: ours holds sessions."""
        return cast("ContextVar[Around | None]", self.current_transaction)

    def session(self) -> Around:
        """The session around the caller. Raises NoSession."""
        session = self.ambient.get()
        if session is None or session.ended:
            raise NoSession
        return session

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        """Run a built query in the session around it (`in_pool` has no meaning here)."""
        query, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.session().connection.fetch(query, *args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        """Run a statement in the session around it."""
        return await self.session().connection.fetch(ddl)

    def transaction(self, allow_nested: bool = True) -> AbstractAsyncContextManager[object]:  # type: ignore[override]
        """A savepoint of the session around it: an exception undoes only what was done inside."""
        return self.session().savepoint()

    async def batch(self, *args: object, **kwargs: object) -> NoReturn:
        """Refused: Piccolo would open a connection of its own. Use `session.connection.cursor(...)`."""
        raise NoSession

    async def get_new_connection(self) -> NoReturn:
        """Refused, as `batch`."""
        raise NoSession

    async def _run_in_pool(self, query: str, args: Sequence[object] | None = None) -> NoReturn:
        raise NoSession

    async def _run_in_new_connection(self, query: str, args: Sequence[object] | None = None) -> NoReturn:
        raise NoSession


async def _nothing_to_reset(connection: asyncpg.Connection) -> None:
    """Sessions only use `SET LOCAL`, which ends with the transaction: the pool's reset query is a wasted round trip."""


@cache
def engine() -> SessionEngine:
    """The engine that Piccolo's tables use (finding it costs an import each time)."""
    return cast(SessionEngine, engine_finder())
