"""What somebody has to see to this month at the units whose activities he records: for the workbench."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.duties.model import recorded
from core.duties.queries import RegimesFor
from core.duties.rows import acts_in, began, units_in
from core.paths import Conditions
from dangwu import add_months, closed, overdue

MONTHS = 25


class Mine(msgspec.Struct, frozen=True):
    """Of one of his units: how much falls due this month and is not done, how much of the last time was missed."""

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
    did.add("day >= {}", add_months(today, -MONTHS))
    acts, regimes = await acts_in(did), await regimes_for({one.path for one in units})
    month = today.replace(day=1)
    end = add_months(month, 1)
    found = []
    for unit in units:
        regime, done = regimes[unit.path], acts.get(unit.id, [])
        owed = unit.owed(regime, start, done, today, end, today)
        due = sum(one.state == "owed" and one.due < end for one in owed)
        last = closed(regime, unit.kind, unit.flags, today)
        late = len(recorded(overdue(last, unit.ower(start), done, today)))
        if due or late:
            found.append(Mine(unit.id, unit.name, due, late))
    return found
