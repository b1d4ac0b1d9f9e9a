"""What somebody is told of temporary branches that he keeps: their task ends soon, is about to end, or should be over."""

from __future__ import annotations

from datetime import date

from core.actor import Actor
from core.notices.model import Found
from core.organisation.branches import RULES
from core.organisation.terms import Lasting, kept


async def from_branches(actor: Actor, today: date, days: int) -> list[Found]:
    """Of each once when the rule has it thought of, once more `days` before it ends, and once when it should have ended."""
    return [
        Found(
            kind="branch-over" if when == "over" else "branch-ending",
            occasion=f"branch-{when}:{one.unit_id}:{one.until}",
            unit_id=one.unit_id,
            what=one.task,
            day=one.until,
        )
        for one in await kept(actor, today, max(days, RULES.temporary.remind.days))
        if (when := _when(one, today, days))
    ]


def _when(one: Lasting, today: date, days: int) -> str:
    if one.until is None:
        return ""
    if one.until < today:
        return "over"
    return "close" if (one.until - today).days <= days else "ahead"
