"""Photos and papers of an activity: added by who records it, seen by who sees it."""

from __future__ import annotations

from uuid import UUID

from core.activities.queries import activity
from core.activities.service import own_unit
from core.actor import Actor
from core.errors import Conflict
from core.files.shelf import Kept, Shelf
from core.files.store import Download, FileStore, Stored

SHELF = Shelf("activity_file", "activity_id", "这次活动")
kept, hashes = SHELF.kept, SHELF.hashes


async def add(actor: Actor, activity_id: UUID, *stored: Stored) -> None:
    """Let stored files belong to an activity. Raises NotFound, Forbidden, Conflict (withdrawn, too many)."""
    found = await activity(actor, activity_id, "activity.record", lock=True)
    await own_unit(actor, found.unit_id)
    if found.withdrawn:
        raise Conflict("这次活动的记录已经撤销，不能再加附件。", code="withdrawn")
    await SHELF.add(actor, activity_id, stored)


async def remove(actor: Actor, activity_id: UUID, file_id: UUID) -> None:
    """Take one away from sight. Raises NotFound, Forbidden."""
    found = await activity(actor, activity_id, "activity.record")
    await own_unit(actor, found.unit_id)
    await SHELF.remove(activity_id, file_id)


async def download(actor: Actor, activity_id: UUID, file_id: UUID, store: FileStore) -> Download:
    """One of them. Raises NotFound."""
    await activity(actor, activity_id)
    return await SHELF.download(activity_id, file_id, store)


__all__ = ["Kept", "add", "download", "hashes", "kept", "remove"]
