"""How far a long work is, told to whoever runs it: core says it, and knows nobody who listens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Teller = Callable[[int, int | None], Awaitable[None]]

_teller: ContextVar[Teller | None] = ContextVar("teller", default=None)


async def told(done: int, total: int | None = None) -> None:
    """So many of `total` (None: nobody knows) are done. Raises what the listener raises: the work is to stop."""
    if (teller := _teller.get()) is not None:
        await teller(done, total)


@contextmanager
def telling(teller: Teller) -> Iterator[None]:
    """Let `teller` hear what is told within this block."""
    token = _teller.set(teller)
    try:
        yield
    finally:
        _teller.reset(token)
