"""Photos and papers of an activity: added by who records it, seen by who sees it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from core.activities.queries import activity
from core.activities.service import own_unit
from core.actor import Actor
from core.database import execute, fetch, fetchrow
from core.errors import Conflict, NotFound
from core.files.store import Download, FileStore, Stored

MOST = 50
PHOTOS = frozenset({"jpg", "png"})
NO_SUCH_FILE = "这次活动没有这个附件，它可能已经移除。请从活动页面重新打开。"


class Kept(msgspec.Struct, frozen=True):
    """A file as it is listed."""

    id: UUID
    name: str
    size: int
    extension: str
    by_name: str
    at: datetime

    @property
    def photo(self) -> bool:
        """Whether a browser shows it."""
        return self.extension in PHOTOS


async def add(actor: Actor, activity_id: UUID, stored: Stored) -> None:
    """Let a stored file belong to an activity. Raises NotFound, Forbidden, Conflict (withdrawn, too many)."""
    found = await activity(actor, activity_id, "activity.record", lock=True)
    await own_unit(actor, found.unit_id)
    if found.withdrawn:
        raise Conflict("这次活动的记录已经撤销，不能再加附件。", code="withdrawn")
    if len(await kept(activity_id)) >= MOST:
        raise Conflict(f"一次活动最多 {MOST} 个附件。请移除不需要的，或者合成一个文件。", code="many")
    await execute(
        """insert into activity_file (activity_id, sha256, size, name, extension, mime, by_id, by_name)
           values ($1, $2, $3, $4, $5, $6, $7, $8)""",
        found.id, stored.sha256, stored.size, stored.name, stored.extension, stored.mime, actor.id, actor.name,
    )  # fmt: skip


async def remove(actor: Actor, activity_id: UUID, file_id: UUID) -> None:
    """Take one away from sight. Raises NotFound, Forbidden."""
    found = await activity(actor, activity_id, "activity.record")
    await own_unit(actor, found.unit_id)
    done = await execute(
        "update activity_file set removed = true where id = $1 and activity_id = $2 and not removed",
        file_id,
        activity_id,
    )
    if done.endswith(" 0"):
        raise NotFound(NO_SUCH_FILE)


async def kept(activity_id: UUID) -> list[Kept]:
    """Those of an activity, in the order in which they were added; for whoever has been shown it."""
    rows = await fetch(
        """select id, name, size, extension, by_name, at from activity_file
           where activity_id = $1 and not removed order by id""",
        activity_id,
    )
    return [Kept(**row) for row in rows]


async def download(actor: Actor, activity_id: UUID, file_id: UUID, store: FileStore) -> Download:
    """One of them. Raises NotFound."""
    await activity(actor, activity_id)
    row = await fetchrow(
        "select sha256, name, mime from activity_file where id = $1 and activity_id = $2 and not removed",
        file_id,
        activity_id,
    )
    if row is None:
        raise NotFound(NO_SUCH_FILE)
    return Download(store.existing(row["sha256"]), row["name"], row["mime"])


async def hashes() -> set[str]:
    """The content of all that was ever added: nothing of it is a stray."""
    return {row["sha256"] for row in await fetch("select distinct sha256 from activity_file")}
