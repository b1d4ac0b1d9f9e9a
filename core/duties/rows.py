"""What duties are computed from, in few statements for any number of units: who owes, since when, what was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from core.database import fetch, fetchval
from core.duties.model import Unit, act_of
from core.organisation.queries import UNDER_GENERAL_BRANCH, upwards
from core.paths import Conditions, placed
from dangwu import BEGUN_BY, Act

Event = tuple[str, date]
"""Something after which a unit owes something (dangwu's EVENTS of duties), and its day."""
BEGINNINGS = ", ".join(f"'{one}'" for one in BEGUN_BY)
BACK = 25
"""Months back whose activities the board reads: all of the last whole year."""


async def began() -> date | None:
    """Since when a county records what its units do; None where it has not begun. What was written down long after it was held
    (old minutes, a mistyped year) says nothing of that."""
    found: date | None = await fetchval(
        "select min(day) from activity where day > at - make_interval(months => $1) and not withdrawn", BACK
    )
    return found


async def acts_in(where: Conditions) -> dict[UUID, list[Act]]:
    """By unit the activities that count, in the order of their days; `where` is about `activity`."""
    rows = await fetch(
        f"""select id, unit_id, day, kind, also, eligible, present, hours, papers, themes, led_by from activity
            where {where} and not withdrawn order by unit_id, day, id""",
        *where.args,
    )
    found: dict[UUID, list[Act]] = {}
    for row in rows:
        found.setdefault(row["unit_id"], []).append(act_of(row))
    return found


async def acts_of(unit_id: UUID) -> list[Act]:
    """What one unit did, in the order of its days."""
    where = Conditions()
    where.add("unit_id = {}", unit_id)
    return (await acts_in(where)).get(unit_id, [])


async def units_in(where: Conditions) -> list[Unit]:
    """Units that are not dissolved, with the flags of all above them; `where` is about `unit`."""
    rows = await fetch(
        f"""select id, {placed("unit")} short_name, path, kind, founded, flags from unit
            where {where} and dissolved is null order by path""",
        *where.args,
    )
    events = await happened({row["id"]: row["founded"] for row in rows})
    flags = await _flags({path for row in rows for path in upwards(row["path"])})
    return [
        Unit(
            row["id"], row["short_name"], row["path"], row["kind"], row["founded"],
            frozenset().union(*(flags[path] for path in upwards(row["path"]))), events[row["id"]],
        )
        for row in rows
    ]  # fmt: skip


async def _flags(paths: Iterable[str]) -> dict[str, frozenset[str]]:
    rows = await fetch("select path, kind, flags from unit where path = any($1)", list(paths))
    return {
        row["path"]: frozenset(row["flags"])
        | ({UNDER_GENERAL_BRANCH} if row["kind"] == "general-branch" else set())
        for row in rows
    }


async def happened(units: Mapping[UUID, date | None]) -> dict[UUID, tuple[Event, ...]]:
    """By unit (with the day on which it was founded) that day, and those on which a procedure was begun there, not by mistake,
    after which something is owed."""
    rows = await fetch(
        f"""select unit_id, procedure, array_agg(started order by started) days from case_file
            where procedure in ({BEGINNINGS}) and unit_id = any($1) and membership <> '' and ended <> 'registered-in-error'
            group by unit_id, procedure""",
        list(units),
    )
    found = {unit: [("founding", founded)] if founded else [] for unit, founded in units.items()}
    for row in rows:
        found[row["unit_id"]] += [(BEGUN_BY[row["procedure"]], day) for day in row["days"]]
    return {unit: tuple(events) for unit, events in found.items()}
