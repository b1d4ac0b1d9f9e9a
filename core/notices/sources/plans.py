"""What somebody is told of yearly plans that he drew up or handed in: approved at a level, or handed back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from core.actor import Actor
from core.database import fetch, first_id
from core.notices.model import Found

BACK = timedelta(days=2)


async def from_plans(actor: Actor, today: date) -> list[Found]:
    """What others have decided of them in the last days."""
    rows = await fetch(
        """select a.id, a.act, a.plan_id, a.by_name, p.title, p.year, p.unit_id
           from plan_act a join year_plan p on p.id = a.plan_id
           where a.id >= $2 and a.act in ('approve', 'return') and a.by_id <> $1 and exists (select from plan_act m
               where m.plan_id = a.plan_id and m.by_id = $1 and m.act in ('draw', 'submit'))""",
        actor.id, first_id(datetime.combine(today, time(), UTC) - BACK),
    )  # fmt: skip
    return [
        Found(
            kind="plan", occasion=f"plan:{row['id']}", subject=row["plan_id"], unit_id=row["unit_id"],
            what=f"{row['act']}:{row['year']} 年{row['title']}", by_name=row["by_name"],
        )
        for row in rows
    ]  # fmt: skip
