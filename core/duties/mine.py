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
from dangwu import Act, Occurrence, Regime, add_months, closed, overdue


class Mine(msgspec.Struct, frozen=True):
    """Of one of his units, with its groups: how much is still due this month, how much of the last time was missed."""

    unit_id: UUID
    unit_name: str
    month: int
    late: int


class Coming(msgspec.Struct, frozen=True):
    """Something that one of his units owes and has not done, before its day."""

    unit: Unit
    owed: Occurrence


class _Held(msgspec.Struct, frozen=True):
    """One of his units, or a group of it, with what it has done."""

    unit: Unit
    regime: Regime
    acts: list[Act]
    began: date

    def owed(self, first: date, last: date, today: date) -> list[Occurrence]:
        """What it owes and has not done, between two days."""
        found = self.unit.owed(self.regime, self.began, self.acts, first, last, today)
        return [one for one in found if one.state == "owed"]


async def mine(actor: Actor, regimes_for: RegimesFor, today: date) -> list[Mine]:
    """The units with something to see to."""
    mine = _units(actor)
    units = await _held(mine, regimes_for, today)
    counts = {one.unit.id: _count(one, today) for one in units}
    found = []
    for unit in (one.unit for one in units if one.unit.id in mine):
        own = [
            counts[one.unit.id]
            for one in units
            if one.unit.path.startswith(unit.path) and _of(one.unit, unit)
        ]
        month, late = sum(due for due, _ in own), sum(missed for _, missed in own)
        if month or late:
            found.append(Mine(unit.id, unit.name, month, late))
    return found


async def coming(actor: Actor, regimes_for: RegimesFor, today: date, last: date) -> list[Coming]:
    """What falls due there from today until `last` and is not done."""
    return [
        Coming(held.unit, one)
        for held in await _held(_units(actor), regimes_for, today)
        for one in held.owed(today, last, today)
        if today <= one.due <= last
    ]


def _units(actor: Actor) -> list[UUID]:
    return [one.unit_id for one in actor.holdings if "activity.record" in one.capabilities]


async def _held(mine: list[UUID], regimes_for: RegimesFor, today: date) -> list[_Held]:
    start = await began() if mine else None
    if start is None:
        return []
    where, did = Conditions(), Conditions()
    where.add("(id = any({}) or (kind = 'group' and parent_id = any({})))", mine, mine)
    units = await units_in(where)
    did.add("unit_id = any({})", [one.id for one in units])
    did.add("day >= {}", add_months(today, -BACK))
    acts, regimes = await acts_in(did), await regimes_for({one.path for one in units})
    return [_Held(one, regimes[one.path], acts.get(one.id, []), start) for one in units]


def _of(one: Unit, unit: Unit) -> bool:
    return one.id == unit.id or (one.kind == "group" and unit.kind == "branch")


def _count(held: _Held, today: date) -> tuple[int, int]:
    """How much falls due this month and is not done, how much of the last time was missed."""
    unit, end = held.unit, add_months(today.replace(day=1), 1)
    last = closed(held.regime, unit.kind, unit.flags, today)
    due = sum(one.due < end for one in held.owed(today, end, today))
    return due, len(recorded(overdue(last, unit.ower(held.began), held.acts, today)))
