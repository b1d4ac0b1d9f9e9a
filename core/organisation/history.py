"""What was done to units: written with every change, never altered."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import execute, fetch, fetchrow
from core.errors import Invalid
from core.organisation.access import access_unit
from core.organisation.model import UnitView


class UnitChangeView(msgspec.Struct, frozen=True):
    """One change: `kind` created|edited|moved|merged|absorbed|split|parted|dissolved; `detail` holds what it was and what it
    became, and other units by id and by the name that they had then."""

    kind: str
    day: date
    detail: dict[str, object]
    by_name: str
    at: str


async def note_change(actor: Actor, unit_id: UUID, kind: str, day: date, **detail: object) -> None:
    """Write down a change as of `day`, in the transaction that makes it."""
    await execute(
        "insert into unit_change (unit_id, kind, day, detail, by_id, by_name) values ($1, $2, $3, $4, $5, $6)",
        unit_id, kind, day, msgspec.json.encode(detail).decode(), actor.id, actor.name,
    )  # fmt: skip


FIELD_TITLES = {
    "name": "名称",
    "short_name": "简称",
    "code": "党组织编码",
    "founded": "成立日期",
    "flags": "特征",
    "task": "任务",
    "until": "任务结束的日期",
    "covers": "覆盖的单位",
}
MOST_TOLD = 20


async def changes_since(unit_id: UUID, versions: int) -> tuple[str, ...]:
    """What the last so many versions of a unit have changed, a sentence each, newest last."""
    rows = await fetch(
        """select kind, by_name, detail from unit_change
           where unit_id = $1 and kind in ('edited', 'moved', 'merged', 'split', 'dissolved') order by id desc limit $2""",
        unit_id, min(max(versions, 0), MOST_TOLD),
    )  # fmt: skip
    return tuple(
        f"{row['by_name']}{_told(row['kind'], msgspec.json.decode(row['detail']))}。"
        for row in reversed(rows)
    )


def _told(kind: str, detail: dict[str, Any]) -> str:
    if kind != "edited":
        return {
            "moved": f"把它调整到了“{detail.get('now_name', '')}”之下",
            "merged": f"把它并入了“{detail.get('into_name', '')}”",
            "split": f"从它划出了“{'”“'.join(detail.get('into_names', ()))}”",
            "dissolved": "撤销了它",
        }[kind]
    now: dict[str, Any] = detail.get("now", {})
    fields = "、".join(title for field, title in FIELD_TITLES.items() if field in now)
    return f"修改了{fields}" + (f"，现在的名称是“{now['name']}”" if "name" in now else "")


async def refuse_out_of_order(unit: UnitView, day: date) -> None:
    """Raise Invalid for a day before that of the last move or merger: what was in force where and when goes by these days."""
    row = await fetchrow(
        """select kind, day from unit_change where unit_id = $1 and kind in ('moved', 'absorbed') and day > $2
           order by day desc limit 1""",
        unit.id, day,
    )  # fmt: skip
    if row is not None:
        act = "调整了隶属关系" if row["kind"] == "moved" else "接收了并入的党组织"
        raise Invalid(
            f"“{unit.name}”已于 {row['day']} {act}，这次的日期不能早于那一天。请核对日期。",
            fields={"day": f"不能早于 {row['day']}。"},
        )


async def history(actor: Actor, unit_id: UUID) -> list[UnitChangeView]:
    """All changes of a unit, newest first."""
    await access_unit(actor, unit_id)
    rows = await fetch(
        "select kind, day, detail, by_name, at from unit_change where unit_id = $1 order by id desc", unit_id
    )
    return [
        UnitChangeView(
            row["kind"], row["day"], msgspec.json.decode(row["detail"]), row["by_name"], row["at"].isoformat()
        )
        for row in rows
    ]
