"""Correcting a person's file, with what follows from it for his case."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.carry import follow_people, people_with_cases
from core.casework.model import RegimeFor
from core.register import service
from core.register.model import PersonDraft
from core.transfers.settle import settle_people


async def correct(
    actor: Actor, person_id: UUID, draft: PersonDraft, seen_version: int, today: date, regime_for: RegimeFor
) -> tuple[str, ...]:
    """Correct a person's particulars; the names of the fields that changed. Raises as `register.service.correct`.

    A new birth date can change what a running case may do: it is worked out anew at once. What another county has been sent of
    him follows, until it is taken there: Conflict from then on. A letter on paper is issued anew by people (transfers.renew).
    """
    changed = await service.correct(actor, person_id, draft, seen_version, today, people_with_cases)
    await follow_people(actor, (), [person_id] if "born" in changed else (), today, regime_for)
    if changed:
        await settle_people([person_id], regime_for)
    return changed
