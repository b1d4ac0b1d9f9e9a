"""Working standings out again: what time alone changes, and what a change of policies, units or people changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from core.actor import SYSTEM
from core.casework.load import load
from core.casework.model import LoadedCase, RegimeFor, Way
from core.casework.standing.compute import Computed, compute, write_standings
from core.casework.standing.events import note_events
from core.casework.standing.regimes import regimes_at
from core.database import fetch
from core.paths import beyond

BATCH = 500


async def due(
    today: date, regime_for: RegimeFor, *, after: UUID | None = None, most: int | None = None
) -> list[UUID]:
    """The running cases by their ids that time has changed since they were computed: those behind `after`, `most` of them.

    A case is due when its own next turning day has come, or when a rule begins or ends at its unit.
    """
    rows = await fetch(
        """select id, path, computed_on, changes_on from case_file
           where status = 'running' and computed_on < $1 and ($2::uuid is null or id > $2) order by id""",
        today, after,
    )  # fmt: skip
    # Where a case has been before is past: only the policies of its present unit begin or end to come.
    regimes = await regimes_at(regime_for, {Way(row["path"]) for row in rows})
    breaks = {way.path: regime.breaks for way, regime in regimes.items()}
    found = [
        row["id"]
        for row in rows
        if (row["changes_on"] is not None and row["changes_on"] <= today)
        or any(row["computed_on"] < day <= today for day in breaks.get(row["path"], ()))
    ]
    return found[:most]


async def running_below(path: str, *, after: UUID | None = None, most: int | None = None) -> list[UUID]:
    """The running cases of a subtree by their ids: those behind `after`, `most` of them."""
    rows = await fetch(
        "select id from case_file where status = 'running' and path >= $1 and path < $2"
        " and ($3::uuid is null or id > $3) order by id limit $4",
        path, beyond(path), after, most,
    )  # fmt: skip
    return [row["id"] for row in rows]


async def recompute_people(person_ids: Iterable[UUID], today: date, regime_for: RegimeFor) -> int:
    """Recompute these people's running cases: after their birth dates were corrected."""
    rows = await fetch(
        "select id from case_file where status = 'running' and person_id = any($1)", list(person_ids)
    )
    return await recompute([row["id"] for row in rows], today, regime_for)


async def recompute(case_ids: Sequence[UUID], today: date, regime_for: RegimeFor) -> int:
    """Recompute these cases, some hundreds at a time; each that moved gets an event in the system's name."""
    for start in range(0, len(case_ids), BATCH):
        cases = await load("c.id = any($1)", list(case_ids[start : start + BATCH]), lock=True)
        regimes = await regimes_at(regime_for, {case.way for case in cases})
        computed = [compute(case, regimes[case.way], today) for case in cases if case.way in regimes]
        moved = await _moved(computed)
        await write_standings(computed)
        await note_events(SYSTEM, "turned", ((one, {"open": one.standing.open}) for one in moved))
    return len(case_ids)


async def _moved(computed: Iterable[Computed]) -> list[Computed]:
    by_id = {one.case.id: one for one in computed}
    rows = await fetch(
        "select id, status, stage, open_steps, open_states from case_file where id = any($1)", list(by_id)
    )
    return [
        by_id[row["id"]]
        for row in rows
        if any(
            row[key] != by_id[row["id"]].columns[key]
            for key in ("status", "stage", "open_steps", "open_states")
        )
    ]


async def open_cases(case_ids: Sequence[UUID]) -> list[LoadedCase]:
    """These cases with all that they are judged by, for the preview of a change of policies."""
    return await load("c.id = any($1)", list(case_ids))
