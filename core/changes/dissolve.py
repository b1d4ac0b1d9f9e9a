"""Dissolving a unit that has become empty."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.carry import running_at
from core.database import execute, fetchval
from core.errors import Conflict
from core.organisation.access import access_unit
from core.organisation.history import note_change
from core.organisation.model import UnitView
from core.organisation.service import check_day, refuse_dissolved, refuse_root, refuse_stale
from core.register.carry import people_at
from core.register.guests import end_guests


async def dissolve(actor: Actor, unit_id: UUID, day: date, seen_version: int, today: date) -> UnitView:
    """Dissolve an empty unit as of `day`; refused while people, running cases or units below are there."""
    unit = await access_unit(actor, unit_id, "org.edit", lock=True)
    refuse_root(unit, "撤销")
    await refuse_stale(unit, seen_version)
    refuse_dissolved(unit)
    await check_day(unit, day, today, "撤销日期")
    held = await _held_by(unit)
    if held:
        raise Conflict(f"“{unit.name}”还有 {held}，不能撤销。请先把他们转到别的党组织，或改用“合并”。")
    await execute("update unit set dissolved = $2, version = version + 1 where id = $1", unit.id, day)
    await end_guests(unit.id, day)
    await note_change(actor, unit.id, "dissolved", day)
    return await access_unit(actor, unit.id)


async def _held_by(unit: UnitView) -> str:
    units = await fetchval("select count(*) from unit where parent_id = $1 and dissolved is null", unit.id)
    held = {
        "个下级党组织": units,
        "名人员": await people_at(unit.id),
        "件正在办理的事项": await running_at(unit.id),
    }
    return "、".join(f"{count} {words}" for words, count in held.items() if count)
