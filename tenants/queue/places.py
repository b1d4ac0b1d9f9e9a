"""How much of one county a worker does at once: what it takes long over leaves threads free for the others."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from tenants.queue.broker import broker

EACH_COUNTY = 2
"""Of the four threads of a process."""

SOON_MS, LATEST_MS = 250, 4_000
"""When it comes again after it was put back once; every time it is put back doubles that, up to the second."""

_taken: Counter[UUID] = Counter()


@contextmanager
def place(county: UUID) -> Iterator[bool]:
    """Whether this county may have another thread of this process, for as long as this lasts."""
    free = _taken[county] < EACH_COUNTY
    _taken[county] += free
    try:
        yield free
    finally:
        _taken[county] -= free
        if not _taken[county]:
            del _taken[county]


async def put_back(task: str, county: UUID, run: UUID, times: int) -> None:
    """Have the queue bring it again; it was put back so many `times` before. It does not count as an attempt."""
    given = {"county_id": str(county), "run_id": str(run), "put_back_before": times + 1}
    delay = min(SOON_MS * 2**times, LATEST_MS)
    await asyncio.to_thread(broker.get_actor(task).send_with_options, kwargs=given, delay=delay)
