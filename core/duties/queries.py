"""What can be asked of duties: a unit's calendar, and who below somebody is behind. Nothing is stored; the board asks twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date
from uuid import UUID

from core.activities.model import KINDS
from core.actor import Actor
from core.database import fetch, fetchval
from core.duties.model import Behind, Board, Calendar, Unit, act_of
from core.organisation.access import access_unit
from core.organisation.queries import UNDER_GENERAL_BRANCH, flags_on, upwards
from core.paths import Conditions, within
from dangwu import Act, Closed, Occurrence, Regime, add_months, closed, occurrences, overdue

RegimesFor = Callable[[Iterable[str]], Awaitable[dict[str, Regime]]]
RECORDED = frozenset(name for name, family in KINDS.items() if family.held)
"""What is recorded as an activity: the other families are followed elsewhere, if at all."""
BEFORE, AHEAD = 6, 3
"""Months that a calendar shows."""
BACK = 25
"""Months back whose activities the board reads: all of the last whole year."""


async def began() -> date | None:
    """Since when a county records what its units do; None where it has not begun. What was written down long after it was held
    (old minutes, a mistyped year) says nothing of that."""
    found: date | None = await fetchval(
        "select min(day) from activity where day > at - make_interval(months => $1) and not withdrawn", BACK
    )
    return found


async def calendar(actor: Actor, unit_id: UUID, regimes_for: RegimesFor, today: date) -> Calendar:
    """A unit with what it owes from BEFORE months ago to AHEAD months on. Raises NotFound, Forbidden."""
    view = await access_unit(actor, unit_id, "activity.view")
    flags = await flags_on(view.path)
    unit = Unit(view.id, view.short_name, view.path, view.kind, view.founded, flags)
    regime, start = (await regimes_for([unit.path]))[unit.path], await began()
    if start is None:
        return Calendar(unit, regime, None, ())
    acts = await _acts(("unit_id = $1", [unit.id]))
    first, last = add_months(today, -BEFORE), add_months(today, AHEAD)
    found = occurrences(regime, unit.ower(start), acts.get(unit.id, ()), first, last, today)
    return Calendar(unit, regime, start, tuple(one for one in found if _followed(one)))


async def behind(actor: Actor, regimes_for: RegimesFor, today: date) -> Board:
    """The units below him that have not done in time what was due last."""
    start = await began()
    scopes = within(actor, "activity.view")
    units = await _units(scopes) if start else []
    if start is None or not units:
        return Board(start, ())
    where = Conditions()
    where.below("path", scopes)
    where.add("day >= {}", add_months(today, -BACK))
    acts = await _acts((str(where), where.args))
    regimes = await regimes_for({unit.path for unit in units})
    known: dict[tuple[str, str, frozenset[str]], Closed] = {}
    found = []
    for unit in units:
        regime = regimes[unit.path]
        key = (regime.mark, unit.kind, unit.flags)
        if key not in known:
            known[key] = closed(regime, unit.kind, unit.flags, today)
        late = overdue(known[key], unit.ower(start), acts.get(unit.id, ()), today)
        missed = tuple(one for one in late if _followed(one))
        if missed:
            found.append(Behind(unit, regime, missed))
    return Board(start, tuple(sorted(found, key=lambda one: (-len(one.missed), one.first, one.unit.path))))


def _followed(one: Occurrence) -> bool:
    return bool(RECORDED & {*one.claim.duty.activities})


async def _acts(where: tuple[str, list[object]]) -> Mapping[UUID, list[Act]]:
    rows = await fetch(
        f"""select id, unit_id, day, kind, also, eligible, present, hours, papers, themes, led_by from activity
            where {where[0]} and not withdrawn order by unit_id, day, id""",
        *where[1],
    )
    found: dict[UUID, list[Act]] = {}
    for row in rows:
        found.setdefault(row["unit_id"], []).append(act_of(row))
    return found


async def _units(scopes: tuple[str, ...]) -> list[Unit]:
    """The units below that owe, with the flags of all above them."""
    where = Conditions()
    where.below("path", scopes)
    where.add("dissolved is null")
    where.add("kind <> 'group'")
    rows = await fetch(
        f"select id, short_name, path, kind, founded, flags from unit where {where} order by path",
        *where.args,
    )
    above = {path for row in rows for path in upwards(row["path"])}
    flags = await _flags(above)
    return [
        Unit(
            row["id"], row["short_name"], row["path"], row["kind"], row["founded"],
            frozenset().union(*(flags[path] for path in upwards(row["path"]))),
        )
        for row in rows
    ]  # fmt: skip


async def _flags(paths: set[str]) -> dict[str, frozenset[str]]:
    rows = await fetch("select path, kind, flags from unit where path = any($1)", list(paths))
    return {
        row["path"]: frozenset(row["flags"])
        | ({UNDER_GENERAL_BRANCH} if row["kind"] == "general-branch" else set())
        for row in rows
    }


__all__ = ["began", "behind", "calendar"]
