"""Judging aside from the event loop: where plugins' own code is asked, which takes its time, nobody else waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from dangwu import Regime

T = TypeVar("T")

_threads = ThreadPoolExecutor(4, "judging")


async def aside(regimes: list[Regime], work: Callable[[], T]) -> T:
    """What `work` gives; in another thread where one of the regimes asks plugins' own code."""
    if not any(regime.strange for regime in regimes):
        return work()
    return await asyncio.get_running_loop().run_in_executor(_threads, work)
