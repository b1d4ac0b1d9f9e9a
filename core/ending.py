"""How a task that runs beside others is ended."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

AGAIN_SECONDS = 1.0
"""After so long a task that goes on is cancelled again."""


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel these tasks until they have ended.

    Once is not enough: `asyncio.wait_for` of Python 3.11, by which redis connects, passes over a cancellation that comes in the
    moment in which what it waits for is done.
    """
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=AGAIN_SECONDS)
