"""What somebody has to be told today: all sources, asked before deadlines and after something has happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from core.actor import Actor
from core.duties.queries import RegimesFor
from core.notices.model import Found
from core.notices.sources.behind import from_behind
from core.notices.sources.branches import from_branches
from core.notices.sources.cases import from_cases
from core.notices.sources.duties import from_duties
from core.notices.sources.letters import from_letters
from core.notices.sources.plans import from_plans


async def reckon(
    actor: Actor, regimes_for: RegimesFor, today: date, days: int, up_days: int | None
) -> list[Found]:
    """All of it. What he has been told before is among it: an inbox takes each occasion once (inbox.py).

    `days` before a deadline he is reminded; `up_days` after it he is told what is late right below him (None: he is not).
    """
    return [
        *await from_cases(actor, today, days),
        *await from_duties(actor, regimes_for, today, days),
        *await from_behind(actor, regimes_for, today, up_days),
        *await from_branches(actor, today, days),
        *await from_letters(actor, today, days),
        *await from_plans(actor, today),
    ]


async def reckon_after(actor: Actor, cases: Sequence[UUID], today: date, days: int) -> list[Found]:
    """What comes of that something has just happened in these cases."""
    return [*await from_cases(actor, today, days, cases), *await from_letters(actor, today, days)]
