"""Raw SQL in the transaction that is already open around us; what is declared for Piccolo runs in the same one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
from piccolo.engine.finder import engine_finder

PART = 2_000


@cache
def _engine() -> Any:
    """Piccolo's engine; finding it costs an import each time."""
    return engine_finder()


def connection() -> asyncpg.Connection:
    """The connection of the session around us. Raises RuntimeError outside a session: nothing runs without one."""
    engine = _engine()
    transaction = engine.current_transaction.get() if engine is not None else None
    if transaction is None:
        raise RuntimeError("no database session is open here")
    found: asyncpg.Connection = transaction.connection
    return found


async def fetch(sql: str, *args: object) -> list[asyncpg.Record]:
    """All rows of `sql` with $1… bound to `args`."""
    rows: list[asyncpg.Record] = await connection().fetch(sql, *args)
    return rows


async def fetchrow(sql: str, *args: object) -> asyncpg.Record | None:
    """The first row, or None."""
    return await connection().fetchrow(sql, *args)


async def fetchval(sql: str, *args: object) -> Any:
    """The first column of the first row."""
    return await connection().fetchval(sql, *args)


async def in_parts(sql: str, *args: object) -> AsyncIterator[list[asyncpg.Record]]:
    """Rows of what is too long to be held whole, PART at a time, as the statement found them when it began."""
    cursor = await connection().cursor(sql, *args)
    while rows := await cursor.fetch(PART):
        yield rows


async def execute(sql: str, *args: object) -> str:
    """Run a statement; the answer is PostgreSQL's status line."""
    status: str = await connection().execute(sql, *args)
    return status


def first_id(at: datetime) -> UUID:
    """The smallest id that PostgreSQL's uuidv7() gives from then on: rows before it are found by their key (RFC 9562, 5.7)."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
