"""A second person agrees to a long list, or does not: somebody who could export all of it himself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from core.actor import Actor
from core.errors import DomainError, Forbidden, NotFound
from core.ledger.note import note
from core.text import one_line
from tenants.database.session import current_session
from tenants.exports.kinds import KINDS
from tenants.exports.make import begin
from tenants.exports.service import KEPT

MOST = 20
_ASKED = f"""select e.id, e.kind, e.asked, e.purpose, e.total, e.at, e.by_id, a.name by_name
    from export e join account a on a.tenant_id = e.tenant_id and a.id = e.by_id
    where e.state = 'asked' and e.at > now() - interval '{KEPT}'"""


class Asked(msgspec.Struct, frozen=True):
    """A list that somebody else has asked for: which people (`said`), what for, how many."""

    id: UUID
    title: str
    said: str
    purpose: str
    total: int
    by_name: str
    at: datetime


async def waiting_for(actor: Actor) -> list[Asked]:
    """What this person can agree to, the oldest first; none of his own, nothing of which he would not see all."""
    rows = await current_session().fetch(f"{_ASKED} order by e.id limit {MOST}")
    found = []
    for row in rows:
        if not actor.did(row["by_id"]) and await _sees(actor, row):
            kind, asked = KINDS[row["kind"]], _wish(row)
            said = await kind.said(actor, asked) if kind.said else ""
            found.append(
                Asked(row["id"], kind.title, said, row["purpose"], row["total"], row["by_name"], row["at"])
            )
    return found


async def agree(actor: Actor, export_id: UUID) -> None:
    """Let it be made. Raises NotFound, Forbidden."""
    row = await _one(actor, export_id)
    session = current_session()
    await session.execute(
        "update export set state = 'waiting', agreed_by = $2, agreed_name = $3 where id = $1",
        row["id"], actor.id, actor.name,
    )  # fmt: skip
    await note(actor, "export.agreed", "export", row["id"], count=row["total"], by=row["by_name"])
    await begin(session)


async def decline(actor: Actor, export_id: UUID, reason: str) -> None:
    """It is not made; who asked reads why. Raises NotFound, Forbidden, Invalid without a reason."""
    reason = one_line("reason", "不同意的理由", reason, most=100)
    row = await _one(actor, export_id)
    await current_session().execute(
        "update export set state = 'refused', sentence = $2 where id = $1",
        row["id"], f"{actor.name}没有同意：{reason}",
    )  # fmt: skip
    await note(actor, "export.declined", "export", row["id"], count=row["total"], by=row["by_name"])


async def _one(actor: Actor, export_id: UUID) -> asyncpg.Record:
    row = await current_session().fetchrow(f"{_ASKED} and e.id = $1 for update of e", export_id)
    if row is None or not await _sees(actor, row):
        raise NotFound("没有找到等您同意的这份名单：可能已经有人办理，或者名单里有您管理范围以外的人。")
    if actor.did(row["by_id"]):
        raise Forbidden("这份名单是您自己要导出的，须由另一位同志同意。", code="own")
    return row


def _wish(row: asyncpg.Record) -> msgspec.Struct:
    wish: msgspec.Struct = msgspec.json.decode(row["asked"], type=KINDS[row["kind"]].asked)
    return wish


async def _sees(actor: Actor, row: asyncpg.Record) -> bool:
    """Whether all of it lies where he may export himself."""
    kind = KINDS[row["kind"]]
    if not actor.scopes(kind.needs):
        return False
    try:
        total = await kind.total(actor, _wish(row))
    except DomainError:
        return False
    return total >= int(row["total"])
