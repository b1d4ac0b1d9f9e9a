"""How far a long work is, told to whoever runs it: core says it, and knows nobody who listens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 1.0
Teller = Callable[[int, int | None], Awaitable[None]]

_teller: ContextVar[Teller | None] = ContextVar("teller", default=None)


async def told(done: int, total: int | None = None) -> None:
    """So many of `total` (None: nobody knows) are done. Raises what the listener raises: the work is to stop."""
    if (teller := _teller.get()) is not None:
        await teller(done, total)


async def heard(work: Coroutine[object, object, T]) -> T:
    """What comes of work that says nothing of itself: whoever stops it meanwhile is heard within a second or two, and it ends."""
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({task}, timeout=PATIENCE))[0]:
            await told(0)
        return await task
    finally:
        if task.cancel():
            await asyncio.wait({task})


@contextmanager
def telling(teller: Teller) -> Iterator[None]:
    """Let `teller` hear what is told within this block."""
    token = _teller.set(teller)
    try:
        yield
    finally:
        _teller.reset(token)
