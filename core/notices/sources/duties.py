"""What somebody is told of the duties of the units whose activities he records."""

from __future__ import annotations

from datetime import date, timedelta

from core.actor import Actor
from core.duties.mine import coming
from core.duties.queries import RegimesFor
from core.notices.model import Found


async def from_duties(actor: Actor, regimes_for: RegimesFor, today: date, days: int) -> list[Found]:
    """What falls due within so many days and is not done."""
    return [
        Found(
            kind="duty",
            occasion=f"duty:{one.unit.id}:{one.owed.claim.key}:{one.owed.due}",
            unit_id=one.unit.id,
            what=one.owed.family,
            day=one.owed.due,
        )
        for one in await coming(actor, regimes_for, today, today + timedelta(days=days))
    ]
