"""Somebody or a unit in a round, as whoever asks may see it, under the rules of the unit's path."""

from __future__ import annotations

from uuid import UUID

from core.ratings.matter import matter_of
from core.ratings.model import Matter
from tenants.policies.regimes import regime_as_known, regime_of_path
from web.kit.here import Here


async def matter_here(here: Here, subject_id: UUID, *, lock: bool = False) -> Matter:
    """It; `lock` before something is recorded. Raises NotFound."""
    return await matter_of(
        here.actor,
        subject_id,
        regime_for=regime_of_path,
        known_for=regime_as_known,
        today=here.today,
        lock=lock,
    )
