"""What can be asked of duties: a unit's calendar, and who below somebody is behind. Nothing is stored; the board asks twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from uuid import UUID

from core.actor import Actor
from core.duties.members import members
from core.duties.model import Behind, Board, Calendar, Unit, recorded
from core.duties.rows import BACK, acts_in, acts_of, began, happened, units_in
from core.organisation.access import access_unit
from core.organisation.queries import flags_on
from core.paths import Conditions, within
from dangwu import Closed, Regime, add_months, closed, overdue

RegimesFor = Callable[[Iterable[str]], Awaitable[dict[str, Regime]]]
BEFORE, AHEAD = 6, 3
"""Months that a calendar shows."""


async def calendar(actor: Actor, unit_id: UUID, regimes_for: RegimesFor, today: date) -> Calendar:
    """A unit with what it owes from BEFORE months ago to AHEAD months on. Raises NotFound, Forbidden."""
    view = await access_unit(actor, unit_id, "activity.view")
    events = await happened({view.id: view.founded})
    flags = await flags_on(view.path)
    unit = Unit(view.id, view.short_name, view.path, view.kind, view.founded, flags, events[view.id])
    regime, start = (await regimes_for([unit.path]))[unit.path], await began()
    if start is None:
        return Calendar(unit, regime, None, ())
    first, last = add_months(today, -BEFORE), add_months(today, AHEAD)
    owed = unit.owed(regime, start, await acts_of(unit.id), first, last, today)
    if unit.kind != "branch":
        return Calendar(unit, regime, start, owed)
    people = await members(unit, regime, start, today)
    groups = Conditions()
    groups.add("parent_id = {}", unit.id)
    return Calendar(
        unit, regime, start, owed, tuple(people), await _behind(groups, start, regimes_for, today)
    )


async def behind(actor: Actor, regimes_for: RegimesFor, today: date, *, path: str | None = None) -> Board:
    """The units below him (and below `path`) that have not done in time what was due last."""
    start = await began()
    if start is None:
        return Board(None, ())
    below = Conditions()
    below.below("path", within(actor, "activity.view", path))
    return Board(start, await _behind(below, start, regimes_for, today))


async def behind_right_below(above: list[UUID], regimes_for: RegimesFor, today: date) -> tuple[Behind, ...]:
    """The units right below these that are behind, for whoever is named there; the caller checks that he is."""
    start = await began() if above else None
    if start is None:
        return ()
    where = Conditions()
    where.add("parent_id = any({})", above)
    where.add("kind <> 'group'")
    return await _behind(where, start, regimes_for, today)


async def _behind(where: Conditions, began: date, regimes_for: RegimesFor, today: date) -> tuple[Behind, ...]:
    """Those of these units that are behind, the furthest first. Of their activities only those are read that may count."""
    units = await units_in(where)
    regimes = await regimes_for({unit.path for unit in units})
    known: dict[tuple[str, str, frozenset[str]], Closed] = {}
    last = []
    for unit in units:
        regime = regimes[unit.path]
        key = (regime.mark, unit.kind, unit.flags)
        if key not in known:
            known[key] = closed(regime, unit.kind, unit.flags, today)
        last.append(known[key])
    acts = await acts_in(_counting([unit.id for unit in units], known.values(), today))
    found = []
    for unit, windows in zip(units, last, strict=True):
        if missed := recorded(overdue(windows, unit.ower(began), acts.get(unit.id, ()), today)):
            found.append(Behind(unit, regimes[unit.path], missed))
    return tuple(sorted(found, key=lambda one: (-len(one.missed), one.first, one.unit.path)))


def _counting(units: list[UUID], known: Iterable[Closed], today: date) -> Conditions:
    """The activities of these units that may count in one of these windows; the few that serve as something more are all read."""
    kinds: dict[tuple[date, date], set[str]] = {}
    for one in known:
        for claim, window in one.last:
            kinds.setdefault(window, set()).update(claim.duty.activities)
        for claim in (claim for family in one.loose for claim in family.these):
            kinds.setdefault((add_months(today, -BACK), today), set()).update(claim.duty.activities)
    where = Conditions()
    where.add("unit_id = any({})", units)
    each = [
        f"kind = any({where.bind(sorted(named))}) and day between {where.bind(first)} and {where.bind(until)}"
        for (first, until), named in sorted(kinds.items())
    ]
    if kinds:
        each.append(f"serves_more and day >= {where.bind(min(first for first, _ in kinds))}")
    where.clauses.append(f"({' or '.join(each) or 'false'})")
    return where


__all__ = ["AHEAD", "BEFORE", "RegimesFor", "behind", "behind_right_below", "calendar"]
