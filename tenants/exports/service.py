"""The workbooks that one has asked for: how far they are, fetching one, forgetting them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from core.actor import Actor, Held
from core.errors import Forbidden, NotFound
from core.secrecy import vault
from tenants.database.session import current_session
from tenants.exports.kinds import KINDS

CONTENT_FIELD = "export.content"
KEPT = "1 day"


class Export(msgspec.Struct, frozen=True):
    """A file that was asked for: `state` waiting, done, refused or lost (`sentence` says why); `total` lines; `name` once there.

    `before` is how many of the county's come before it: of those that wait, the first is being made.
    """

    id: UUID
    title: str
    name: str
    purpose: str
    state: str
    total: int
    sentence: str
    before: int
    at: datetime


async def exports(actor: Actor) -> list[Export]:
    """His own of the last day, the latest first. Raises Forbidden for somebody who may ask for none."""
    if not any(actor.scopes(kind.needs) for kind in KINDS.values()):
        raise Forbidden(
            "您的职务不含导出名册和打印文书，这里没有您的文件。如工作需要，请组织部管理员调整授权。"
        )
    rows = await current_session().fetch(
        f"""select id, kind, name, purpose, state, total, sentence, at,
                   (select count(*) from export w where w.state = 'waiting' and w.id < o.id) before
            from ({_OWN}) o order by at desc""",
        actor.id,
    )
    return [
        Export(
            r["id"],
            KINDS[r["kind"]].title,
            r["name"],
            r["purpose"],
            r["state"],
            r["total"],
            r["sentence"],
            r["before"],
            r["at"],
        )
        for r in rows
    ]


async def fetched(actor: Actor, export_id: UUID) -> tuple[str, bytes]:
    """Name and content of a workbook of his own, as long as he may all that he might when he asked for it. Raises NotFound."""
    row = await current_session().fetchrow(f"{_OWN} and id = $2 and state = 'done'", actor.id, export_id)
    if row is None or not actor.scopes(KINDS[row["kind"]].needs):
        raise NotFound("没有找到这份表格：它可能还没有生成，或者已经超过一天、不再保存。请重新导出。")
    if row["held"] and not actor.still(msgspec.json.decode(row["held"], type=Held)):
        raise NotFound(
            "提出这份表格以后，您的职务权限有变化，或者现在用的令牌能力不够，不能再取。请按现在的权限重新导出。"
        )
    return row["name"], vault().open(CONTENT_FIELD, row["content"])


_OWN = f"select * from export where by_id = $1 and at > now() - interval '{KEPT}'"
