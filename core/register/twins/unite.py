"""The files of two who are one: what the kept one takes over, the other as a sign to it; and back. Both with a line each time."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record, UniqueViolationError

from core.actor import Actor
from core.database import execute, fetchrow, fetchval
from core.errors import Conflict
from core.register.check import checked
from core.register.columns import draft_of
from core.register.service import ID_TAKEN, differences, note_person, write_draft
from core.register.twins.pair import CHOICES, Pair

Change = dict[str, object]
"""Which particulars of the kept file changed, as its history keeps them."""


async def unite_files(pair: Pair, taken: frozenset[str], reason: str, today: date) -> tuple[str, Change]:
    """Write the chosen values into the first, and the second off as entered in error; the first as it was (JSON), and what
    changed. Raises Invalid by field for values that do not go together."""
    kept, gone = pair
    old, other = draft_of(kept), draft_of(gone)
    chosen = {field: getattr(other, field) for name in taken for field in CHOICES[name]}
    new = checked(msgspec.structs.replace(old, **chosen), today)
    was: str = await fetchval("select to_jsonb(p) from person p where id = $1", kept["id"])
    # First: whoever was entered in error leaves his number to the other.
    await execute(
        """update person set left_on = $2, left_as = 'in-error', left_reason = $3, merged_into = $4, version = version + 1
           where id = $1""",
        gone["id"], today, reason, kept["id"],
    )  # fmt: skip
    await write_draft(kept["id"], new)
    return was, differences(old, new)


async def note_united(actor: Actor, pair: Pair, change: Change, reason: str) -> UUID:
    """A line in both; the id of the last one."""
    kept, gone = pair
    await note_person(actor, kept["id"], "absorbed", **_about(gone, reason), **change)
    return await note_person(actor, gone["id"], "merged", **_about(kept, reason))


def _about(twin: Record, reason: str) -> dict[str, object]:
    return {"other": twin["id"], "name": twin["name"], "reason": reason}


async def separate_files(actor: Actor, kept: Record, gone: Record, was: str, reason: str) -> None:
    """Both are as they were before, with a line in both; `was` is the kept one as unite_files gave it. Raises Conflict where
    somebody else has the number by now."""
    before = await fetchrow("select (jsonb_populate_record(null::person, $1::jsonb)).*", was)
    assert before is not None
    now, again = draft_of(kept), draft_of(before)
    await write_draft(kept["id"], again)
    try:
        await execute(
            """update person set left_on = null, left_as = null, left_reason = '', merged_into = null, version = version + 1
               where id = $1""",
            gone["id"],
        )
    except UniqueViolationError:
        raise Conflict(ID_TAKEN) from None
    await note_person(actor, kept["id"], "severed", **_about(gone, reason), **differences(now, again))
    await note_person(actor, gone["id"], "severed", **_about(kept, reason))
