"""应到: who has a vote at a unit on a day, as the register knows it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.database import fetch
from core.paths import beyond
from core.register.rights.day import known_people, rights_of
from dangwu import MEMBERSHIPS


class Entitled(msgspec.Struct, frozen=True):
    """A member at a unit: `why_not` he has no vote, with the clause; "" for who has."""

    id: UUID
    name: str
    why_not: str


async def roll_of(path: str, day: date) -> list[Entitled]:
    """The members at a unit and below it with their rights on a day, by pinyin: two queries.

    Who belongs there is what the register says now; who has left since is not on it.
    """
    members = [name for name, one in MEMBERSHIPS.items() if one.member]
    rows = await fetch(
        """select id from person where path >= $1 and path < $2 and membership = any($3) and (left_on is null or left_on > $4)
           order by py, id""",
        path, beyond(path), members, day,
    )  # fmt: skip
    known = await known_people([row["id"] for row in rows])
    rights = await rights_of(known, day)
    return [
        Entitled(one, known[one].name, "" if rights[one].votes else rights[one].why_not("vote"))
        for row in rows
        if (one := row["id"]) in known
    ]
