"""Leaving the register, unless something of his is still under way."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.carry import has_running_case
from core.errors import Conflict
from core.register import leaving
from core.register.access import access_person
from core.register.leaving import LeavingDraft


async def leave(actor: Actor, person_id: UUID, draft: LeavingDraft, seen_version: int, today: date) -> None:
    """Write down that he has left (register.leaving.leave). Raises Conflict while a case of his is running."""
    await access_person(actor, person_id, "person.leave", lock=True)
    if await has_running_case(person_id, "membership", "unit", "register"):
        raise Conflict(
            "此人还有正在办理的档案。请先在那份档案里终止办理，写明原因，再登记离开。", code="running"
        )
    await leaving.leave(actor, person_id, draft, seen_version, today)
