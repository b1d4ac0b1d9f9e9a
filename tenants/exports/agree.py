"""A second person agrees to a long list, or does not: somebody who could export all of it himself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from core.actor import Actor
from core.errors import Conflict, DomainError, Forbidden, NotFound
from core.extent import Extent
from core.ledger.note import note
from core.text import one_line
from tenants.accounts.deputies import asking
from tenants.database.session import current_session
from tenants.exports.kinds import KINDS
from tenants.exports.make import begin
from tenants.exports.service import KEPT

MOST = 20
_ASKED = f"""select e.id, e.kind, e.asked, e.purpose, e.day, e.total, e.sentence, e.at, e.by_id, e.acts_for, a.name by_name
    from export e join account a on a.tenant_id = e.tenant_id and a.id = e.by_id
    where e.state = 'asked' and e.at > now() - interval '{KEPT}'"""


class PendingExport(msgspec.Struct, frozen=True):
    """A list that somebody else has asked for: which people (`said`; `mark` tells these from any others), what for, how many;
    `why` a second person must agree."""

    id: UUID
    title: str
    said: str
    purpose: str
    total: int
    mark: str
    why: str
    by_name: str
    at: datetime


async def waiting_for(actor: Actor) -> list[PendingExport]:
    """What this person can agree to, the oldest first; none of his own, nothing of which he would not see all."""
    rows = await current_session().fetch(f"{_ASKED} order by e.id limit {MOST}")
    found = []
    for row in rows:
        if not actor.did(row["by_id"]) and (held := await _seen(actor, row)) is not None:
            kind, asked = KINDS[row["kind"]], _wish(row)
            said = await kind.said(actor, asked) if kind.said else ""
            found.append(
                PendingExport(
                    row["id"], kind.title, said, row["purpose"], held.total, held.mark, row["sentence"], row["by_name"], row["at"]
                )
            )  # fmt: skip
    return found


async def agree(actor: Actor, export_id: UUID, mark: str) -> None:
    """Let it be made: these people (the `mark` that he has seen) and no others. Raises NotFound, Forbidden, Conflict."""
    row, held = await _one(actor, export_id)
    if held.mark != mark:
        raise Conflict(
            f"您查看以后名单有变化，现在是 {held.total} 人。同意只对看到的名单有效，请刷新这一页，再看一次。",
            code="list-changed",
        )
    session = current_session()
    await session.execute(
        "update export set state = 'waiting', sentence = '', total = $4, mark = $5, agreed_by = $2, agreed_name = $3"
        " where id = $1",
        row["id"], actor.id, actor.name, held.total, held.mark,
    )  # fmt: skip
    await note(actor, "export.agreed", "export", row["id"], count=held.total, by=row["by_name"])
    await begin(session)


async def decline(actor: Actor, export_id: UUID, reason: str) -> None:
    """It is not made; who asked reads why. Raises NotFound, Forbidden, Invalid without a reason."""
    reason = one_line("reason", "不同意的理由", reason, most=100)
    row, held = await _one(actor, export_id)
    await current_session().execute(
        "update export set state = 'refused', sentence = $2 where id = $1",
        row["id"], f"{actor.name}没有同意：{reason}",
    )  # fmt: skip
    await note(actor, "export.declined", "export", row["id"], count=held.total, by=row["by_name"])


async def _one(actor: Actor, export_id: UUID) -> tuple[asyncpg.Record, Extent]:
    """It, and whom it holds by now."""
    row = await current_session().fetchrow(f"{_ASKED} and e.id = $1 for update of e", export_id)
    held = await _seen(actor, row) if row is not None else None
    if row is None or held is None:
        raise NotFound("没有找到等您同意的这份名单：可能已经有人办理，或者名单里有您管理范围以外的人。")
    if actor.did(row["by_id"]):
        raise Forbidden("这份名单是您自己要导出的，须由另一位同志同意。", code="own")
    return row, held


def _wish(row: asyncpg.Record) -> msgspec.Struct:
    wish: msgspec.Struct = msgspec.json.decode(row["asked"], type=KINDS[row["kind"]].asked)
    return wish


async def _seen(actor: Actor, row: asyncpg.Record) -> Extent | None:
    """Whom it holds by now; None unless all of it lies where he may export himself."""
    kind, wish = KINDS[row["kind"]], _wish(row)
    assert kind.extent is not None
    try:
        asker = await asking(row["by_id"], row["acts_for"], row["day"])
        both = await kind.extent(_shared(asker, actor.scopes(kind.needs)), wish)
        return both if both == await kind.extent(asker, wish) else None
    except DomainError:
        return None


def _shared(asker: Actor, within: Iterable[str]) -> Actor:
    """Who asked, in those of his units alone that lie within."""
    held = tuple(
        msgspec.structs.replace(one, path=max(one.path, path, key=len))
        for one in asker.holdings
        for path in within
        if one.path.startswith(path) or path.startswith(one.path)
    )
    return msgspec.structs.replace(asker, holdings=held)
