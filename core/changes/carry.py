"""Taking people to another unit: their cases go along."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from core.actor import Actor
from core.casework.carry import carry_cases, tell_moved
from core.database import fetch
from core.organisation.model import UnitView
from core.register.carry import carry_people


class Carried(NamedTuple):
    """How many went along."""

    people: int
    cases: int


async def carry_unit(actor: Actor, unit_id: UUID, into: UnitView, day: date) -> Carried:
    """Take everybody at a unit, with every case, to `into` as of `day`; the caller has the cases worked out again."""
    those = await fetch("select id from person where unit_id = $1 and left_on is null", unit_id)
    people = await carry_people(actor, unit_id, into, day)
    await tell_moved([row["id"] for row in those], day, day)
    return Carried(people, await carry_cases(actor, unit_id, into, day))
