"""Working standings out again: what time alone changes, and what a change of policies, units or people changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from core.actor import SYSTEM
from core.aside import aside
from core.casework.load import FROM, keep, load
from core.casework.model import LoadedCase, RegimeFor, Way
from core.casework.standing.compute import Computed, compute, write_standings
from core.casework.standing.events import note_events
from core.casework.standing.regimes import regimes_at
from core.database import fetch
from core.paths import beyond
from dangwu import Regime

BATCH = 500


async def due(
    today: date,
    regime_for: RegimeFor,
    *,
    swept: date | None = None,
    after: UUID | None = None,
    most: int | None = None,
) -> list[UUID]:
    """The running cases by their ids that time has changed since they were computed: those behind `after`, `most` of them.

    A case is due when its own next turning day has come, or when a rule begins or ends at its unit; the latter was seen to
    up to and with the day `swept`, also for cases that stood as they did.
    """
    paths = await fetch(
        "select distinct path from case_file where status = 'running' and computed_on < $1", today
    )
    # Where a case has been before is past: only the policies of its present unit begin or end to come.
    regimes = await regimes_at(regime_for, {Way(row["path"]) for row in paths})
    turned = {way.path: day for way, regime in regimes.items() if (day := _last_break(regime, today))}
    rows = await fetch(
        """select c.id from case_file c left join unnest($3::text[], $4::date[]) as broke(path, day) on broke.path = c.path
           where c.status = 'running' and c.computed_on < $1 and ($2::uuid is null or c.id > $2)
               and (c.changes_on <= $1 or broke.day > greatest(c.computed_on, $5)) order by c.id limit $6""",
        today, after, list(turned), list(turned.values()), swept, most,
    )  # fmt: skip
    return [row["id"] for row in rows]


def _last_break(regime: Regime, today: date) -> date | None:
    return max((day for day in regime.breaks if day <= today), default=None)


async def running_below(
    path: str, *, after: UUID | None = None, until: UUID | None = None, most: int | None = None
) -> list[UUID]:
    """The running cases of a subtree by their ids: those behind `after` up to `until`, `most` of them."""
    rows = await fetch(
        "select id from case_file where status = 'running' and path >= $1 and path < $2"
        " and ($3::uuid is null or id > $3) and ($4::uuid is null or id <= $4) order by id limit $5",
        path, beyond(path), after, until, most,
    )  # fmt: skip
    return [row["id"] for row in rows]


async def recompute_people(person_ids: Iterable[UUID], today: date, regime_for: RegimeFor) -> int:
    """Recompute these people's running cases: after their birth dates were corrected."""
    rows = await fetch(
        "select id from case_file where status = 'running' and person_id = any($1)", list(person_ids)
    )
    return await recompute([row["id"] for row in rows], today, regime_for)


async def recompute(case_ids: Sequence[UUID], today: date, regime_for: RegimeFor) -> int:
    """Recompute these cases; what stands as it did is not written, each that moved gets an event in the system's name.

    They are judged before they are locked, so that nobody waits for more than the writing. Whatever was written into
    meanwhile, be it by somebody who still knew other policies, is judged again under the lock.
    """
    seen = await _stamps(case_ids)
    computed = [
        one
        for start in range(0, len(case_ids), BATCH)
        for one in await _computed(
            await load(_THESE, list(case_ids[start : start + BATCH])), today, regime_for
        )
    ]
    await keep(_THESE, list(case_ids))
    now = await _stamps(case_ids)
    again = await load(_THESE, [case for case, stamp in now.items() if seen.get(case) != stamp])
    fresh = await _computed(again, today, regime_for)
    renewed = {case.id for case in again}
    await _write([*(one for one in computed if one.case.id not in renewed), *fresh])
    return len(case_ids)


_THESE = "c.id = any($1)"


async def _stamps(case_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """What tells whether a case's row or its person's has been written since."""
    rows = await fetch(
        f"select c.id, c.xmin::text written, p.xmin::text by_person {FROM} where {_THESE}", list(case_ids)
    )
    return {row["id"]: (row["written"], row["by_person"]) for row in rows}


async def _computed(cases: Sequence[LoadedCase], today: date, regime_for: RegimeFor) -> list[Computed]:
    regimes = await regimes_at(regime_for, {case.way for case in cases})
    judged = [case for case in cases if case.way in regimes]
    return await aside(
        [*regimes.values()], lambda: [compute(case, regimes[case.way], today) for case in judged]
    )


MOVED = ("status", "stage", "open_steps", "open_states")
KEPT = (
    *MOVED,
    "membership",
    "open_levels",
    "waits_for",
    "open_turns",
    "turns",
    "reasons",
    "open_reasons",
    "next_due",
    "waiting_until",
    "changes_on",
    "met",
)
"""The columns of a standing but for the day on which it was worked out: that alone is not worth a row."""


async def _write(computed: Sequence[Computed]) -> None:
    by_id = {one.case.id: one for one in computed}
    stored = await fetch(f"select id, {', '.join(KEPT)} from case_file where id = any($1)", list(by_id))
    changed, moved = (
        [by_id[row["id"]] for row in stored if any(row[key] != by_id[row["id"]].columns[key] for key in keys)]
        for keys in (KEPT, MOVED)
    )
    await write_standings(changed)
    await note_events(SYSTEM, "turned", ((one, {"open": one.standing.open}) for one in moved))


async def load_these(case_ids: Sequence[UUID]) -> list[LoadedCase]:
    """These cases, whatever their state, with all that they are judged by: for the preview of a change of policies."""
    return await load("c.id = any($1)", list(case_ids))
