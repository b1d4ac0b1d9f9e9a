"""应到: who has a vote at a unit on a day, as the register knows it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.organisation.model import UnitView
from core.register.rights import roll as register


class Entitled(msgspec.Struct, frozen=True):
    """A member at a unit: `why_not` he does not count, with the clause; "" for who does."""

    id: UUID
    name: str
    why_not: str


async def roll_of(unit: UnitView, day: date) -> list[Entitled]:
    """Those who stood at a unit on a day, with who counts, by pinyin; none where the register knows none."""
    found = await register.roll_of(unit.path, day, group=unit.kind == "group")
    if found is None:
        return []
    return [
        *(Entitled(one.id, one.name, "") for one in found.entitled),
        *(
            Entitled(one.known.id, one.known.name, "；".join(lack.sentence for lack in one.lacks))
            for one in found.left
        ),
    ]
