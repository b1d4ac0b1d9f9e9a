"""What was done to units: written with every change, never altered."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import execute, fetch
from core.organisation.access import access_unit


class UnitChangeView(msgspec.Struct, frozen=True):
    """One change: `kind` created|edited|moved|merged|absorbed|dissolved; `detail` holds what it was and what it became."""

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
