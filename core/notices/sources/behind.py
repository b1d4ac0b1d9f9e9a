"""What is told one level up: what the units right below somebody owe, or have to go on with, and are late with by many days."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from core.actor import Actor, Capability
from core.database import fetch
from core.duties.queries import RegimesFor, behind_right_below
from core.notices.model import Found

BACK = timedelta(days=62)
"""How far back what is late is looked for: the first day of it floods nobody with the past."""
MOST = 100
"""Cases of one account."""


async def from_behind(actor: Actor, regimes_for: RegimesFor, today: date, days: int | None) -> list[Found]:
    """What is late by `days` or more (None: the county tells nobody)."""
    if days is None:
        return []
    last = today - timedelta(days=days)
    return [*await _duties(actor, regimes_for, today, last), *await _cases(actor, last)]


async def _duties(actor: Actor, regimes_for: RegimesFor, today: date, last: date) -> list[Found]:
    return [
        Found(
            kind="duty-behind",
            occasion=f"duty-behind:{one.unit.id}:{owed.claim.key}:{owed.due}",
            unit_id=one.unit.id,
            what=owed.family,
            day=owed.due,
        )
        for one in await behind_right_below(_held(actor, "activity.record"), regimes_for, today)
        for owed in one.missed
        if last - BACK <= owed.due <= last
    ]


async def _cases(actor: Actor, last: date) -> list[Found]:
    """Those that a unit right below him has to go on with, on whichever side; what waits for his own level he is told as overdue
    (cases.py). Of somebody in a group it is the branch, of what waits for a committee the committee, however deep he is below."""
    rows = await fetch(
        f"""with below as (select kind, path from unit where parent_id = any($1) and kind <> 'group')
            select c.id, c.unit_id, c.next_due, c.open_steps[1] step from case_file c
            where c.status = 'running' and c.next_due between $2 and $3
              and c.waits_for && (select array_agg(kind) from below) and not c.waits_for && $4
              and exists (select from below u, unnest(c.turns) turn where split_part(turn, '.', 1) = u.kind
                  and starts_with(case when turn like '%.there' then c.to_path else c.path end, u.path))
            order by c.next_due, c.id limit {MOST}""",
        _held(actor, "case.record"), last - BACK, last, sorted({one.level for one in actor.holdings}),
    )  # fmt: skip
    return [
        Found(
            kind="case-behind",
            occasion=f"case-behind:{row['id']}:{row['next_due']}",
            subject=row["id"],
            unit_id=row["unit_id"],
            what=row["step"] or "",
            day=row["next_due"],
        )
        for row in rows
    ]


def _held(actor: Actor, capability: Capability) -> list[UUID]:
    return [one.unit_id for one in actor.holdings if capability in one.capabilities]
