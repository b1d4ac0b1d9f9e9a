"""What can be asked of activities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from core.activities.model import Activity, Attended
from core.activities.service import COLUMNS
from core.actor import Actor, Capability
from core.database import fetch, fetchrow
from core.errors import NotFound
from core.paths import Conditions, placed, unit_of, within

PAGE = 50
_LINE = f"""{", ".join(f"a.{name}" for name in COLUMNS)},
    a.id, a.unit_id, {placed()} unit_name, a.path, a.by_name, a.at, a.withdrawn, a.version"""


async def activity(
    actor: Actor, activity_id: UUID, capability: Capability = "activity.view", *, lock: bool = False
) -> Activity:
    """One that he may see. Raises NotFound, Forbidden."""
    row = await fetchrow(
        f"select {_LINE} from activity a {unit_of('a')} where a.id = $1{' for update of a' if lock else ''}",
        activity_id,
    )
    if row is None or not actor.may("activity.view", row["path"]):
        raise NotFound("没有找到这次会议，它可能不在您的管理范围内。请从列表中重新选择。")
    actor.require(capability, row["path"])
    return _read(row)


async def attended(activity_id: UUID) -> list[Attended]:
    """Its roll, by pinyin."""
    rows = await fetch(
        """select a.person_id, a.name, a.state, a.reason from attendance a left join person p on p.id = a.person_id
           where a.activity_id = $1 order by p.py, a.id""",
        activity_id,
    )
    return [Attended(**row) for row in rows]


async def activities(
    actor: Actor, *, after: tuple[date, UUID] | None = None, limit: int = PAGE
) -> list[Activity]:
    """`limit + 1` that he sees, the latest first."""
    where = Conditions()
    where.below("a.path", within(actor, "activity.view"))
    if after:
        where.add("(a.day, a.id) < ({}, {})", *after)
    rows = await fetch(
        f"select {_LINE} from activity a {unit_of('a')} where {where} order by a.day desc, a.id desc limit {int(limit) + 1}",
        *where.args,
    )
    return [_read(row) for row in rows]


def _read(row: Mapping[str, Any]) -> Activity:
    said: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in row.items()}
    return Activity(**said)
