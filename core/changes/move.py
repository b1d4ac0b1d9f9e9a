"""Moving a unit, with all that stands below it, under another parent."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.database import execute, fetchval
from core.errors import Invalid
from core.organisation.access import access_unit, lock_tree
from core.organisation.history import note_change
from core.organisation.model import UnitView, last_segment
from core.organisation.service import (
    check_day,
    check_place,
    refuse_dissolved,
    refuse_root,
    refuse_same_name,
    refuse_stale,
)
from core.paths import beyond


async def move(
    actor: Actor, unit_id: UUID, parent_id: UUID, day: date, seen_version: int, today: date
) -> UnitView:
    """Put the unit under `parent_id`; its people, cases and units below go along.

    Other policies may be in force at the new place: the caller has the cases below the new path worked out again
    (casework.standing.sweep), in parts where they are many, and drops what it has cached for the old one.
    """
    await lock_tree()
    unit = await access_unit(actor, unit_id, "org.edit", lock=True)
    refuse_root(unit, "调整隶属关系")
    parent = await access_unit(actor, parent_id, "org.edit", lock=True)
    await refuse_stale(unit, seen_version)
    await check_day(unit, day, today, "调整日期")
    for each in (unit, parent):
        refuse_dissolved(each)
    check_place(unit.kind, parent)
    if parent.path.startswith(unit.path):
        raise Invalid(f"“{parent.name}”在“{unit.name}”之下，不能作为它的上级。请另选上级党组织。")
    if parent.id == unit.parent_id:
        return unit
    await refuse_same_name(parent.id, unit.name)
    await _carry_paths(unit, parent)
    left = await fetchval("select name from unit where id = $1", unit.parent_id)
    await note_change(
        actor, unit.id, "moved", day, was=unit.parent_id, now=parent.id, was_name=left, now_name=parent.name
    )
    return await access_unit(actor, unit_id)


async def _carry_paths(unit: UnitView, parent: UnitView) -> None:
    # Paths stored with people, cases and batches follow by foreign key (on update cascade).
    new_path = parent.path + last_segment(unit.path) + "/"
    await execute(
        """update unit set path = $1 || substr(path, $2), version = version + (id = $3)::int,
           parent_id = case when id = $3 then $4 else parent_id end
           where path >= $5 and path < $6""",
        new_path, len(unit.path) + 1, unit.id, parent.id, unit.path, beyond(unit.path),
    )  # fmt: skip
