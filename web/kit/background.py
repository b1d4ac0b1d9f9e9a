"""Work that a request calls for and a worker does after the commit (tenants/queue/outbox.py: none is lost, none is premature)."""

from __future__ import annotations

from uuid import UUID

from tenants.queue.outbox import enqueue
from tenants.worker import tasks
from web.kit.here import Here


async def recompute_below(here: Here, path: str) -> None:
    """The cases below `path`: their policies or their place in the tree have changed."""
    await enqueue(tasks.recompute_below, path=path, today=here.today.isoformat())


async def read_roster(here: Here, batch_id: UUID) -> None:
    """An uploaded roster becomes a preview."""
    await enqueue(tasks.parse_roster, batch_id=str(batch_id), today=here.today.isoformat())


async def write_roster(here: Here, batch_id: UUID) -> None:
    """A confirmed roster goes into the register."""
    await enqueue(tasks.apply_roster, batch_id=str(batch_id), today=here.today.isoformat())
