"""What people have said of headings and words that a roster uses: remembered at their unit, known to all below it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from core.database import fetch
from core.organisation.queries import upwards
from core.register.values import VALUES

HEADING = "heading"
"""The `field` under which what a heading means is remembered."""

LEFT_OUT = ""
"""Said of a heading: its column is not read; of a word: the cell says nothing."""

CHOICES: dict[str, Mapping[str, str]] = {
    **VALUES,
    "lost_contact": {"yes": "是", "no": "否"},
    "mobile": {"yes": "是", "no": "否"},
}
"""Field → what a word in its column may mean, with its title. A branch is one of those of the unit."""


class Taught(msgspec.Struct, frozen=True):
    """Heading (as columns.normal writes it) → field; field → text of a cell → what it means (a key of CHOICES, a branch's id)."""

    headings: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}

    def meaning(self, field: str, text: str) -> str | None:
        """What a cell means; None where nobody has said."""
        return self.values.get(field, {}).get(text)


NOTHING = Taught()


def value_of(field: str, meant: str) -> object:
    """What was chosen among CHOICES, as a value of a person."""
    return meant == "yes" if field in ("lost_contact", "mobile") else meant


async def taught_at(path: str) -> Taught:
    """What is known at a unit: said there, or above it where nothing was said there; one query."""
    rows = await fetch(
        "select field, heard, meant from roster_word where path = any($1) order by length(path)",
        upwards(path),
    )
    headings: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    for row in rows:
        place = headings if row["field"] == HEADING else values.setdefault(row["field"], {})
        place[row["heard"]] = row["meant"]
    return Taught(headings, values)


async def branches_taught(path: str) -> dict[str, UUID]:
    """The branches that are meant by names which only people know."""
    return {heard: UUID(meant) for heard, meant in (await taught_at(path)).values.get("unit", {}).items()}
