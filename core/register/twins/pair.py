"""Two files side by side, particular by particular; and that two who look like one are two."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from asyncpg import Record, UniqueViolationError

from core.actor import Actor, Capability
from core.database import execute, fetchrow
from core.errors import Conflict, Invalid
from core.register.access import access_person, refuse_left
from core.register.service import MEMBERSHIP_FIELDS, note_person
from core.text import one_line

CHOICES: dict[str, tuple[str, ...]] = {
    **{field: (field,) for field in ("name", "national_id", "sex", "born", "ethnicity", "education")},
    "membership": MEMBERSHIP_FIELDS,
    **{field: (field,) for field in ("standing", "job", "phone", "landline", "address")},
    "lost_contact": ("lost_contact", "lost_since"),
    "mobile": ("mobile", "destination"),
}
"""What is chosen between two files → the particulars that go together."""

SEALED = {"national_id": "id_index", "phone": "phone_index"}
"""Numbers are the same when their hashes are."""


class Apart(msgspec.Struct, frozen=True):
    """That two people are two: who has said so, when, why."""

    reason: str
    by_name: str
    at: datetime


class Pair(NamedTuple):
    """The rows of two people, in the order that was asked for."""

    one: Record
    other: Record

    def differing(self) -> tuple[str, ...]:
        """Those of CHOICES in which they differ."""
        return tuple(
            name for name, fields in CHOICES.items() if any(not self._same(field) for field in fields)
        )

    def _same(self, field: str) -> bool:
        column = SEALED.get(field, field)
        return bool(self.one[column] == self.other[column])


async def access_pair(
    actor: Actor, one: UUID, other: UUID, capability: Capability = "person.edit", *, lock: bool = False
) -> Pair:
    """Both, if he may do this with both (as access_person), and both are in the register. Raises Invalid for one person twice."""
    if one == other:
        raise Invalid("要核对的是同一份档案。请选择两个人。")
    # Always in the same order: two who lock the same pair do not wait for each other.
    rows = {who: await access_person(actor, who, capability, lock=lock) for who in sorted((one, other))}
    for row in rows.values():
        refuse_left(row)
    return Pair(rows[one], rows[other])


async def told_apart(one: UUID, other: UUID) -> Apart | None:
    """Whether somebody has told them apart; for who has accessed both."""
    row = await fetchrow(
        "select reason, by_name, at from told_apart where one_id = $1 and other_id = $2",
        *sorted((one, other)),
    )
    return Apart(**dict(row)) if row else None


async def tell_apart(actor: Actor, one: UUID, other: UUID, reason: str) -> None:
    """Say that they are two people: they are not offered again. Raises NotFound, Forbidden, Invalid, Conflict once it is said."""
    pair = await access_pair(actor, one, other, lock=True)
    reason = one_line("reason", "理由", reason, most=200)
    try:
        await execute(
            "insert into told_apart (one_id, other_id, reason, by_id, by_name) values ($1, $2, $3, $4, $5)",
            *sorted((one, other)), reason, actor.id, actor.name,
        )  # fmt: skip
    except UniqueViolationError:
        raise Conflict("这两人已经认定为不是同一人，不必再认定。") from None
    for row, twin in (pair, reversed(pair)):
        await note_person(actor, row["id"], "apart", other=twin["id"], name=twin["name"], reason=reason)
