"""Papers of a unit: the replies by which it was founded, laid out anew, its committee elected; added by who keeps the tree."""

from __future__ import annotations

from uuid import UUID

from core.actor import Actor
from core.files.shelf import Shelf
from core.files.store import Download, FileStore, Stored
from core.organisation.access import access_unit

SHELF = Shelf("unit_file", "unit_id", "这个党组织")
papers, hashes = SHELF.kept, SHELF.hashes


async def add(actor: Actor, unit_id: UUID, *stored: Stored) -> None:
    """Let stored papers belong to a unit, also to one that is gone. Raises NotFound, Forbidden, Conflict for too many."""
    await access_unit(actor, unit_id, "org.edit", lock=True)
    await SHELF.add(actor, unit_id, stored)


async def remove(actor: Actor, unit_id: UUID, file_id: UUID) -> None:
    """Take one away from sight. Raises NotFound, Forbidden."""
    await access_unit(actor, unit_id, "org.edit")
    await SHELF.remove(unit_id, file_id)


async def download(actor: Actor, unit_id: UUID, file_id: UUID, store: FileStore) -> Download:
    """One of them, for whoever sees the unit. Raises NotFound."""
    await access_unit(actor, unit_id)
    return await SHELF.download(unit_id, file_id, store)
