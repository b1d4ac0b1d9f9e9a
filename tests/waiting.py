"""Waiting for states, never for time: a slow machine makes the tests slow, and not red."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import asyncpg

PATIENCE_SECONDS = 120.0
"""After this it is not slow but will never be."""


def until(true: Callable[[], object]) -> None:
    """Wait for something that must come true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, "did not come true"
        time.sleep(0.02)


@contextmanager
def not_for_long() -> Iterator[None]:
    """What is done in here has an end, whatever else it waits for has none."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < PATIENCE_SECONDS, "waited for what has no end"


async def until_so(true: Callable[[], Awaitable[object]]) -> None:
    """As `until`, while the event loop goes on."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await true():  # noqa: ASYNC110 (what is waited for is in other processes)
            await asyncio.sleep(0.02)


async def until_at_work(superuser_url: str, words: str) -> None:
    """Until somebody's statement with these words runs in that database, or waits there for another's lock."""
    await _until_active(superuser_url, "query like $1", f"%{words}%")


async def until_locked(superuser_url: str) -> None:
    """Until somebody waits in that database for another's lock."""
    await _until_active(superuser_url, "wait_event_type = $1", "Lock")


async def _until_active(superuser_url: str, which: str, value: str) -> None:
    connection = await asyncpg.connect(superuser_url)
    sql = f"""select exists (select from pg_stat_activity where {which} and state = 'active'
              and datname = current_database() and pid <> pg_backend_pid())"""
    try:
        await until_so(lambda: connection.fetchval(sql, value))
    finally:
        await connection.close()
