"""Dissolving and merging units, with what follows from it: roles held there end, cases that moved are worked out again."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.organisation.merge import Merged, merge
from core.organisation.model import UnitView
from core.organisation.service import dissolve
from tenants.accounts.grants import end_roles_at
from web.kit.background import recompute_below
from web.kit.here import Here


async def merge_unit(
    here: Here, unit_id: UUID, into_id: UUID, day: date, seen_version: int
) -> tuple[Merged, int]:
    """Merge a unit into another; what went along, and how many roles ended with the old one."""
    merged = await merge(here.actor, unit_id, into_id, day, seen_version, here.today)
    ended = await end_roles_at(here.actor, unit_id, here.today)
    await recompute_below(here, merged.into.path)
    return merged, ended


async def dissolve_unit(here: Here, unit_id: UUID, day: date, seen_version: int) -> tuple[UnitView, int]:
    """Dissolve an empty unit; how many roles ended with it."""
    gone = await dissolve(here.actor, unit_id, day, seen_version, here.today)
    return gone, await end_roles_at(here.actor, unit_id, here.today)
