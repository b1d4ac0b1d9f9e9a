"""Merging a unit into another: people, running cases and units below go along, the old one is dissolved."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.changes.carry import carry_unit
from core.changes.move import move
from core.database import execute, fetch
from core.errors import Conflict, Invalid
from core.organisation.access import access_unit, lock_tree
from core.organisation.history import note_change
from core.organisation.model import KINDS, UnitView
from core.organisation.service import (
    check_day,
    refuse_dissolved,
    refuse_root,
    refuse_stale,
    refuse_temporary,
)


class Merged(msgspec.Struct, frozen=True):
    """What went along; cases must be recomputed by the caller below `into.path`, as after a move."""

    into: UnitView
    people: int
    cases: int
    units: int


async def merge(
    actor: Actor, unit_id: UUID, into_id: UUID, day: date, seen_version: int, today: date
) -> Merged:
    """Merge a unit into another of the same kind as of `day`; its successor is written down."""
    await lock_tree()
    unit = await access_unit(actor, unit_id, "org.edit", lock=True)
    into = await access_unit(actor, into_id, "org.edit", lock=True)
    await refuse_stale(unit, seen_version)
    for each in (unit, into):
        refuse_dissolved(each)
    await check_day(unit, day, today, "合并日期")
    _check_pair(unit, into)
    await _refuse_same_names(unit, into)
    units = await _move_children(actor, unit, into, day, today)
    people, cases = await carry_unit(actor, unit.id, into, day)
    await execute(
        "update unit set dissolved = $2, successor_id = $3, version = version + 1 where id = $1",
        unit.id, day, into.id,
    )  # fmt: skip
    await note_change(
        actor, unit.id, "merged", day, into=into.id, into_name=into.name, people=people, cases=cases, units=units
    )  # fmt: skip
    await note_change(
        actor, into.id, "absorbed", day, unit=unit.id, name=unit.name, people=people, cases=cases
    )
    return Merged(into, people, cases, units)


def _check_pair(unit: UnitView, into: UnitView) -> None:
    if unit.id == into.id:
        raise Invalid("一个党组织不能并入它自己。请另选并入的党组织。")
    refuse_root(unit, "合并")
    refuse_temporary(unit, "合并")
    if unit.kind != into.kind:
        raise Invalid(
            f"“{unit.name}”是{KINDS[unit.kind]}，不能并入{KINDS[into.kind]}“{into.name}”。请选择同类的党组织。"
        )
    if into.path.startswith(unit.path):
        raise Invalid(f"“{into.name}”在“{unit.name}”之下，不能并入。请先把它调整到别处。")


async def _refuse_same_names(unit: UnitView, into: UnitView) -> None:
    rows = await fetch(
        """select a.name from unit a join unit b on b.name = a.name and b.parent_id = $2 and b.dissolved is null
           where a.parent_id = $1 and a.dissolved is null order by a.name""",
        unit.id, into.id,
    )  # fmt: skip
    if rows:
        names = "、".join(f"“{row['name']}”" for row in rows)
        raise Conflict(
            f"“{unit.name}”和“{into.name}”的下级都有{names}，合并后无法区分。"
            "请先改名，或先撤销其中已经空置的，再办理合并。"
        )


async def _move_children(actor: Actor, unit: UnitView, into: UnitView, day: date, today: date) -> int:
    children = await fetch("select id, version from unit where parent_id = $1 and dissolved is null", unit.id)
    for child in children:
        await move(actor, child["id"], into.id, day, child["version"], today)
    return len(children)
