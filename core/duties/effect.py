"""What becomes of a unit's duties when one of its activities changes, or counts for nothing any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from core.activities.model import Activity, Content
from core.duties.model import act_of
from core.duties.queries import RegimesFor
from core.duties.rows import acts_of, began, units_in
from core.paths import Conditions
from dangwu import Act, Occurrence, Regime, add_months

AROUND = 13
"""Months before and after the days in question: the longest period is a year."""
DONE = frozenset({"discharged", "late"})


class Effect(msgspec.Struct, frozen=True):
    """`lost` was done and will not be, `won` will be done and was not: occurrences as they will stand, by `regime`."""

    regime: Regime
    lost: tuple[Occurrence, ...] = ()
    won: tuple[Occurrence, ...] = ()


async def effect(found: Activity, now: Content | None, regimes_for: RegimesFor, today: date) -> Effect:
    """What it would change among the duties of its unit if the activity said `now`; None: nothing any more."""
    start, regime = await began(), (await regimes_for([found.path]))[found.path]
    where = Conditions()
    where.add("id = {}", found.unit_id)
    units = await units_in(where)
    if start is None or not units:
        return Effect(regime)
    before = await acts_of(found.unit_id)
    after = [one for one in before if one.id != str(found.id)]
    days = [found.day]
    if now is not None:
        after.append(act_of({**msgspec.structs.asdict(now), "id": found.id}))
        days.append(now.day)

    def owed(acts: Sequence[Act]) -> dict[tuple[str, date], Occurrence]:
        first, last = add_months(min(days), -AROUND), add_months(max(days), AROUND)
        listed = units[0].owed(regime, start, acts, first, last, today)
        return {(one.claim.key, one.due): one for one in listed}

    was, will = owed(before), owed(after)
    both = [(was[key], will[key]) for key in was.keys() & will.keys()]
    return Effect(
        regime,
        _sorted(new for old, new in both if old.state in DONE and new.state not in DONE),
        _sorted(new for old, new in both if new.state in DONE and old.state not in DONE),
    )


def _sorted(found: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    return tuple(sorted(found, key=lambda one: (one.due, one.family, one.claim.key)))
