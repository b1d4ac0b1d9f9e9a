"""Attachments of a case: taken in by those who record, read by those who see the case."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from core.activities import files as activities
from core.actor import Actor
from core.casework.access import access_case
from core.database import fetch, fetchrow, fetchval
from core.errors import NotFound
from core.files.store import Download, FileStore, Stored
from core.ledger.note import note_reading
from core.organisation import papers


async def attach(actor: Actor, case_id: UUID, stored: Stored) -> UUID:
    """Let a stored file belong to a case; its id is then named by an entry, and whether that may be written is asked there.

    Raises NotFound, Forbidden.
    """
    case = await access_case(actor, case_id, "case.record")
    attachment_id: UUID = await fetchval(
        """insert into attachment (case_id, sha256, size, name, extension, mime, by_id, by_name)
           values ($1, $2, $3, $4, $5, $6, $7, $8) returning id""",
        case.id, stored.sha256, stored.size, stored.name, stored.extension, stored.mime, actor.id, actor.name,
    )  # fmt: skip
    return attachment_id


async def clear_strays(store: FileStore, before: datetime) -> int:
    """Remove files of uploads that came to nothing (a record refused, a connection cut); how many they were.

    They lie there since `before`, and no attachment of a case, an activity or a unit names them, or none any more
    (core/changes/minimise).
    """
    rows = await fetch("select distinct sha256 from attachment where erased is null")
    known = {row["sha256"] for row in rows} | await activities.hashes() | await papers.hashes()
    return await asyncio.to_thread(store.clear, known, before)


async def download(actor: Actor, attachment_id: UUID, store: FileStore) -> Download:
    """The file of an attachment, for whoever may see its case; the look is written down. Raises NotFound."""
    row = await fetchrow(
        "select case_id, sha256, name, mime, erased from attachment where id = $1", attachment_id
    )
    if row is None:
        raise NotFound("没有找到这个附件，它可能不在您的管理范围内。请从档案页中重新打开。")
    case = await access_case(actor, row["case_id"])
    if row["erased"]:
        raise NotFound(f"这个附件已于 {row['erased']} 按本县规定的年限精简，内容不再保存。")
    await note_reading(actor, [case.person_id], "case", f"查看附件：{row['name']}")
    return Download(store.content(row["sha256"]), row["name"], row["mime"])
