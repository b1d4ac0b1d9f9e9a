"""How much of one county a worker does at once: what it takes long over leaves threads free for the others.

What has no place is laid aside, in a queue of its county's own that no worker reads, and whatever leaves a place calls the next
one back to the end of the common queue. Nothing is asked again and again, and nothing is forgotten: it is laid aside only while
others of its county have places, and a message that a dead process has held comes again, and calls as it leaves.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from dramatiq import Message

from tenants.queue.broker import broker

EACH_COUNTY = 2
"""Of the four threads of a process."""

AWAITED = 3
"""For what somebody sits before a page and waits for."""

_ASIDE = "aside.{county}.{priority}"
_taken: Counter[UUID] = Counter()


@contextmanager
def place(county: UUID, most: int = EACH_COUNTY) -> Iterator[bool]:
    """Whether this county may have another thread of this process, for as long as this lasts."""
    free = _taken[county] < most
    _taken[county] += free
    try:
        yield free
    finally:
        _taken[county] -= free
        if not _taken[county]:
            del _taken[county]


async def lay_aside(task: str, county: UUID, run: UUID) -> None:
    """Until a place is free. It does not count as an attempt."""
    await asyncio.to_thread(_lay_aside, task, county, run)


async def call_back(county: UUID) -> None:
    """As many of those laid aside as have a place now: the most urgent first, then whichever was laid aside first."""
    if (free := EACH_COUNTY - _taken[county]) > 0:
        await asyncio.to_thread(_call_back, county, free)


def _lay_aside(task: str, county: UUID, run: UUID) -> None:
    actor, own = broker.get_actor(task), str(uuid4())
    message = actor.message(county_id=str(county), run_id=str(run)).copy(options={"redis_message_id": own})
    queue = _ASIDE.format(county=county, priority=actor.priority)
    broker.do_enqueue(queue, own, message.encode())


def _call_back(county: UUID, most: int) -> None:
    for priority in sorted({broker.get_actor(name).priority for name in broker.get_declared_actors()}):
        queue = _ASIDE.format(county=county, priority=priority)
        for data in broker.do_fetch(queue, most):
            message = Message.decode(data)
            # Where this process dies in between, it comes twice, and is done once.
            broker.enqueue(message)
            broker.do_ack(queue, message.options["redis_message_id"])
            most -= 1
        if not most:
            return
