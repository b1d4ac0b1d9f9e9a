"""Tags that follow from the register by themselves: nobody ticks them."""

from __future__ import annotations

from datetime import date

from asyncpg import Record

from dangwu import MEMBERSHIPS, add_months

REMOVED = "removed-within-five-years"
"""The floor's tag for whoever was removed from the Party less than five years ago (不合格党员组织处置办法第四条)."""
YEARS = 5
PROBATION = "under-probation"
"""The floor's tag for a probationary member, to whom some procedures apply in another way."""


def on_probation(membership: str) -> bool:
    """Whether a member of this kind is on probation."""
    return MEMBERSHIPS[membership].begins == "joined"


def derived(person: Record, day: date) -> frozenset[str]:
    """The tags that a row of `person` gives on a day; on the day on which five years are full it is no more."""
    removed: date | None = person["removed"]
    holds = {
        REMOVED: removed is not None and removed <= day < add_months(removed, 12 * YEARS),
        PROBATION: on_probation(person["membership"]),
    }
    return frozenset(tag for tag, held in holds.items() if held)
