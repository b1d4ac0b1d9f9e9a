"""Files that lie with a thing (an activity, a unit): added, listed, opened, taken away from sight; a table for each kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import execute, fetch, fetchrow
from core.errors import Conflict, NotFound
from core.files.store import Download, FileStore, Stored

MOST = 50
PHOTOS = frozenset({"jpg", "png"})


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


class Shelf(NamedTuple):
    """A `table` of files with the column that says whose they are; `of` names that in sentences. Who may see or change them its
    callers decide."""

    table: str
    owner: str
    of: str

    async def kept(self, owner_id: UUID) -> list[Kept]:
        """Those of one, in the order in which they were added."""
        rows = await fetch(
            f"""select id, name, size, extension, by_name, at from {self.table}
                where {self.owner} = $1 and not removed order by id""",
            owner_id,
        )
        return [Kept(**row) for row in rows]

    async def add(self, actor: Actor, owner_id: UUID, stored: Sequence[Stored]) -> None:
        """Let stored files lie there, all of them. Raises Conflict for too many."""
        if len(await self.kept(owner_id)) + len(stored) > MOST:
            raise Conflict(f"{self.of}最多 {MOST} 个附件。请移除不需要的，或者合成一个文件。", code="many")
        await execute(
            f"""insert into {self.table} ({self.owner}, sha256, size, name, extension, mime, by_id, by_name)
                select $1, one.*, $2, $3
                from unnest($4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[]) as one""",
            owner_id, actor.id, actor.name,
            *([getattr(one, name) for one in stored] for name in ("sha256", "size", "name", "extension", "mime")),
        )  # fmt: skip

    async def remove(self, owner_id: UUID, file_id: UUID) -> None:
        """Take one away from sight. Raises NotFound."""
        done = await execute(
            f"update {self.table} set removed = true where id = $1 and {self.owner} = $2 and not removed",
            file_id, owner_id,
        )  # fmt: skip
        if done.endswith(" 0"):
            raise self._nothing()

    async def download(self, owner_id: UUID, file_id: UUID, store: FileStore) -> Download:
        """One of them. Raises NotFound."""
        row = await fetchrow(
            f"select sha256, name, mime from {self.table} where id = $1 and {self.owner} = $2 and not removed",
            file_id, owner_id,
        )  # fmt: skip
        if row is None:
            raise self._nothing()
        return Download(store.content(row["sha256"]), row["name"], row["mime"])

    async def hashes(self) -> set[str]:
        """The content of all that was ever added: nothing of it is a stray."""
        return {row["sha256"] for row in await fetch(f"select distinct sha256 from {self.table}")}

    def _nothing(self) -> NotFound:
        return NotFound(f"{self.of}没有这个附件，它可能已经移除。请重新打开那一页。")
