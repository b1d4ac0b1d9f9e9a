"""What somebody has to see to this month at the units whose activities he records: for the workbench."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.duties.model import Unit, recorded
from core.duties.queries import RegimesFor
from core.duties.rows import BACK, acts_in, began, units_in
from core.paths import Conditions
from dangwu import Act, Regime, add_months, closed, overdue


class Mine(msgspec.Struct, frozen=True):
    """Of one of his units, with its groups: how much is still due this month, how much of the last time was missed."""

    unit_id: UUID
    unit_name: str
    month: int
    late: int


async def mine(actor: Actor, regimes_for: RegimesFor, today: date) -> list[Mine]:
    """The units with something to see to."""
    held = [one.unit_id for one in actor.holdings if "activity.record" in one.capabilities]
    start = await began() if held else None
    if start is None:
        return []
    where, did = Conditions(), Conditions()
    where.add("(id = any({}) or (kind = 'group' and parent_id = any({})))", held, held)
    units = await units_in(where)
    did.add("unit_id = any({})", [one.id for one in units])
    did.add("day >= {}", add_months(today, -BACK))
    acts, regimes = await acts_in(did), await regimes_for({one.path for one in units})
    counts = {one.id: _count(one, regimes[one.path], acts.get(one.id, []), start, today) for one in units}
    found = []
    for unit in (one for one in units if one.id in held):
        own = [counts[one.id] for one in units if one.path.startswith(unit.path) and _of(one, unit)]
        month, late = sum(due for due, _ in own), sum(missed for _, missed in own)
        if month or late:
            found.append(Mine(unit.id, unit.name, month, late))
    return found


def _of(one: Unit, unit: Unit) -> bool:
    return one.id == unit.id or (one.kind == "group" and unit.kind == "branch")


def _count(unit: Unit, regime: Regime, acts: list[Act], began: date, today: date) -> tuple[int, int]:
    """How much falls due this month and is not done, how much of the last time was missed."""
    end = add_months(today.replace(day=1), 1)
    owed = unit.owed(regime, began, acts, today, end, today)
    last = closed(regime, unit.kind, unit.flags, today)
    due = sum(one.state == "owed" and one.due < end for one in owed)
    return due, len(recorded(overdue(last, unit.ower(began), acts, today)))
