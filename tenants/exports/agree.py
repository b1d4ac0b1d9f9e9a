"""A second person agrees to a long list, or does not: somebody who could export all of it himself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from core.actor import Actor
from core.errors import DomainError, Forbidden, NotFound
from core.ledger.note import note
from core.text import one_line
from tenants.accounts.access import actor_for
from tenants.database.session import current_session
from tenants.exports.kinds import KINDS
from tenants.exports.make import begin
from tenants.exports.service import KEPT

MOST = 20
_ASKED = f"""select e.id, e.kind, e.asked, e.purpose, e.day, e.total, e.at, e.by_id, a.name by_name
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
        if not actor.did(row["by_id"]) and (total := await _seen(actor, row)) is not None:
            kind, asked = KINDS[row["kind"]], _wish(row)
            said = await kind.said(actor, asked) if kind.said else ""
            found.append(Asked(row["id"], kind.title, said, row["purpose"], total, row["by_name"], row["at"]))
    return found


async def agree(actor: Actor, export_id: UUID) -> None:
    """Let it be made. Raises NotFound, Forbidden."""
    row, total = await _one(actor, export_id)
    session = current_session()
    await session.execute(
        "update export set state = 'waiting', agreed_by = $2, agreed_name = $3 where id = $1",
        row["id"], actor.id, actor.name,
    )  # fmt: skip
    await note(actor, "export.agreed", "export", row["id"], count=total, by=row["by_name"])
    await begin(session)


async def decline(actor: Actor, export_id: UUID, reason: str) -> None:
    """It is not made; who asked reads why. Raises NotFound, Forbidden, Invalid without a reason."""
    reason = one_line("reason", "不同意的理由", reason, most=100)
    row, total = await _one(actor, export_id)
    await current_session().execute(
        "update export set state = 'refused', sentence = $2 where id = $1",
        row["id"], f"{actor.name}没有同意：{reason}",
    )  # fmt: skip
    await note(actor, "export.declined", "export", row["id"], count=total, by=row["by_name"])


async def _one(actor: Actor, export_id: UUID) -> tuple[asyncpg.Record, int]:
    """It, and how many lines it has by now."""
    row = await current_session().fetchrow(f"{_ASKED} and e.id = $1 for update of e", export_id)
    total = await _seen(actor, row) if row is not None else None
    if row is None or total is None:
        raise NotFound("没有找到等您同意的这份名单：可能已经有人办理，或者名单里有您管理范围以外的人。")
    if actor.did(row["by_id"]):
        raise Forbidden("这份名单是您自己要导出的，须由另一位同志同意。", code="own")
    return row, total


def _wish(row: asyncpg.Record) -> msgspec.Struct:
    wish: msgspec.Struct = msgspec.json.decode(row["asked"], type=KINDS[row["kind"]].asked)
    return wish


async def _seen(actor: Actor, row: asyncpg.Record) -> int | None:
    """How many lines it has by now; None unless all of it lies where he may export himself."""
    kind, wish = KINDS[row["kind"]], _wish(row)
    asker = (await actor_for(row["by_id"], row["day"])).actor
    try:
        both = await kind.total(_shared(asker, actor.scopes(kind.needs)), wish)
        return both if both == await kind.total(asker, wish) else None
    except DomainError:
        return None


def _shared(asker: Actor, within: Iterable[str]) -> Actor:
    """Who asked, in those of his units alone that lie within: as many of somebody else's people are not the same people."""
    held = tuple(
        msgspec.structs.replace(one, path=max(one.path, path, key=len))
        for one in asker.holdings
        for path in within
        if one.path.startswith(path) or path.startswith(one.path)
    )
    return msgspec.structs.replace(asker, holdings=held)
