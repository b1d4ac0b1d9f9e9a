"""Taking people to another unit: their cases go along."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple
from uuid import UUID

from core.actor import Actor
from core.casework.carry import carry_cases, carry_with_people
from core.casework.model import RegimeFor
from core.casework.standing.sweep import recompute_people
from core.organisation.model import UnitView
from core.register.carry import carry_people


class Carried(NamedTuple):
    """How many went along."""

    people: int
    cases: int


async def carry_unit(actor: Actor, unit_id: UUID, into: UnitView, day: date) -> Carried:
    """Take everybody at a unit, with every case, to `into` as of `day`; the caller has the cases worked out again."""
    people = await carry_people(actor, unit_id, into, day)
    return Carried(people, await carry_cases(actor, unit_id, into, day))


async def follow_people(
    actor: Actor, moved: Collection[UUID], born: Collection[UUID], today: date, regime_for: RegimeFor
) -> None:
    """What follows for the cases of people who are at another unit now (`moved`) or whose birth date was corrected (`born`).

    A case that stayed behind would be where nobody finds it; at the new place other policies hold for what has not begun.
    """
    if moved:
        await carry_with_people(actor, moved, today)
    if moved or born:
        await recompute_people({*moved, *born}, today, regime_for)
