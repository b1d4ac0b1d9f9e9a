"""Correcting a person's file, with what follows from it for his case."""

from __future__ import annotations

from uuid import UUID

from core.casework.standing.sweep import recompute_people
from core.register.model import PersonDraft
from core.register.service import correct
from tenants.policies.regimes import regime_of_path
from web.kit.here import Here


async def correct_person(
    here: Here, person_id: UUID, draft: PersonDraft, seen_version: int
) -> tuple[str, ...]:
    """The fields that changed. A new birth date can change what a case may do: its standing is computed anew at once."""
    changed = await correct(here.actor, person_id, draft, seen_version, here.today)
    if "born" in changed:
        await recompute_people([person_id], here.today, regime_of_path)
    return changed
