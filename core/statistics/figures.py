"""The figures of a unit and all below it that plugins make tables of (`dangwu_reports`): counts, of nobody in particular."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from core.actor import Actor
from core.database import fetch
from core.duties.queries import RegimesFor, behind
from core.organisation.access import access_unit
from core.paths import beyond
from core.statistics.counts import CountQuery, counts
from core.statistics.stood import MEMBERS
from dangwu import Figures, PlanUse

DECIDED = ("decided", "announced", "appealed", "closed")


async def figures(actor: Actor, unit_id: UUID, regimes_for: RegimesFor, today: date) -> Figures:
    """Count them. Raises NotFound, Forbidden."""
    unit = await access_unit(actor, unit_id, "statistics.view")
    found = await counts(actor, CountQuery(day=today, unit_id=unit.id), today)
    return Figures(
        unit.short_name,
        found.total.counts,
        await _grades(unit.path, today),
        await _plans(unit.path, today.year),
        await _behind(actor, unit.path, regimes_for, today),
    )


async def _grades(path: str, today: date) -> dict[str, dict[str, int]]:
    rows = await fetch(
        """select r.scheme, s.grade, count(*) n from rating_round r join rating_subject s on s.round_id = r.id
           where r.path >= $1 and r.path < $2 and r.last >= $3 and r.first <= $4 and s.state = any($5) and s.grade <> ''
                 and r.withdrawn is null
           group by r.scheme, s.grade""",
        path, beyond(path), date(today.year - 1, 1, 1), today, list(DECIDED),
    )  # fmt: skip
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["scheme"], {})[row["grade"]] = row["n"]
    return found


async def _plans(path: str, year: int) -> dict[str, PlanUse]:
    rows = await fetch(
        """select p.plan, sum(e.total)::int total, sum(k.named)::int named, sum(k.admitted)::int admitted
           from year_plan p join plan_edition e on e.plan_id = p.id and e.number = p.approved
           cross join lateral (
               select count(*) named, count(*) filter (where c.membership = any($4)) admitted from plan_candidate k
               join case_file c on c.id = k.case_id where k.plan_id = p.id and k.edition = e.number) k
           where p.path >= $1 and p.path < $2 and p.year = $3 group by p.plan""",
        path, beyond(path), year, list(MEMBERS),
    )  # fmt: skip
    return {row["plan"]: PlanUse(row["total"], row["named"], row["admitted"]) for row in rows}


async def _behind(actor: Actor, path: str, regimes_for: RegimesFor, today: date) -> dict[str, int]:
    """Of whom he sees activities; how many units are behind with each family."""
    board = await behind(actor, regimes_for, today, path=path)
    return dict(
        Counter(family for one in board.behind for family in {missed.family for missed in one.missed})
    )


__all__ = ["Figures", "figures"]
