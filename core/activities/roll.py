"""应到: who has a vote at a unit on a day, as the register knows it; where something is taught, who has none yet as well."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.activities.model import KINDS
from core.organisation.model import UnitView
from core.register.rights import roll as register
from core.register.rights.words import Loses


class Entitled(msgspec.Struct, frozen=True):
    """A member at a unit: `why_not` he does not count, with the clause; "" for who does."""

    id: UUID
    name: str
    why_not: str


async def roll_of(unit: UnitView, day: date, kind: str) -> list[Entitled]:
    """Those who stood at a unit on a day, with who counts at this kind of activity, by pinyin; none where the register knows
    none, or nobody is called to it."""
    if not KINDS[kind].members:
        return []
    right: Loses = "taught" if KINDS[kind].taught else "votes"
    found = await register.roll_of(unit.path, day, group=unit.kind == "group", right=right)
    if found is None:
        return []
    return [
        *(Entitled(one.id, one.name, "") for one in found.entitled),
        *(
            Entitled(one.known.id, one.known.name, "；".join(lack.sentence for lack in one.lacks))
            for one in found.left
        ),
    ]
