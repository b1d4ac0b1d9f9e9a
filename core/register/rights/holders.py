"""Who holds the posts of a unit on a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.database import fetch
from core.register.rights.words import word_of


class Holder(msgspec.Struct, frozen=True):
    """Somebody with a post at the unit."""

    person_id: UUID
    name: str
    title: str
    since: date


async def holders(unit_id: UUID, day: date) -> list[Holder]:
    """In the order in which posts were taken; for whoever may see the unit's people."""
    rows = await fetch(
        """select s.person_id, p.name, s.word, s.since from person_span s join person p on p.id = s.person_id
           where s.unit_id = $1 and s.kind = 'post' and not s.void and s.since <= $2
             and (s.ended is null or s.ended > $2) and p.left_on is null order by s.since, s.id""",
        unit_id, day,
    )  # fmt: skip
    return [
        Holder(row["person_id"], row["name"], word_of("post", row["word"]).title, row["since"])
        for row in rows
    ]
