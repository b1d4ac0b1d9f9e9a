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
from core.database import fetch
from core.events import Happening, tell
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
    await _tell_moved([row["id"] for row in those], day)
    return Carried(people, await carry_cases(actor, unit_id, into, day))


async def follow_people(
    actor: Actor, moved: Collection[UUID], born: Collection[UUID], today: date, regime_for: RegimeFor
) -> None:
    """What follows for the cases of people who are at another unit now (`moved`) or whose birth date was corrected (`born`).

    A case that stayed behind would be where nobody finds it; at the new place other policies hold for what has not begun.
    """
    if moved:
        await carry_with_people(actor, moved, today)
        await _tell_moved(moved, today)
    if moved or born:
        await recompute_people({*moved, *born}, today, regime_for)


async def _tell_moved(people: Collection[UUID], day: date) -> None:
    """That these people are at another unit since `day`."""
    rows = await fetch("select id, unit_id, path from person where id = any($1)", list(people))
    await tell(
        Happening(
            kind="person-moved", today=day, day=day, path=row["path"], unit=row["unit_id"], person=row["id"]
        )
        for row in rows
    )
