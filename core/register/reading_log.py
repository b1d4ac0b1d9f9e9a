"""Who looked at whose file, at what of it, and why: written with every look, never altered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import execute, fetch, first_id
from core.register.access import access_person

WHAT = {
    "file": "档案",
    "case": "办理档案",
    "paper": "文书",
    "national-id": "身份证号码",
    "phone": "手机号",
    "export": "导出名册",
}


class Reading(msgspec.Struct, frozen=True):
    """One look at a file; `what` is a key of WHAT."""

    what: str
    purpose: str
    by_name: str
    at: datetime


async def note_reading(actor: Actor, person_ids: Iterable[UUID], what: str, purpose: str) -> None:
    """Write down that he looked at `what` of these people, in one statement."""
    await execute(
        """insert into reading_log (person_id, what, purpose, by_id, by_name)
           select id, $2, $3, $4, $5 from unnest($1::uuid[]) as id""",
        list(person_ids), what, purpose, actor.id, actor.name,
    )  # fmt: skip


async def readings(actor: Actor, person_id: UUID, limit: int = 100) -> list[Reading]:
    """The latest looks at a person's file, newest first; for those who audit."""
    await access_person(actor, person_id, "audit.view")
    return await looks_at(person_id, limit)


async def looks_at(person_id: UUID, limit: int = 100) -> list[Reading]:
    """The same for who has checked already that they may be seen."""
    rows = await fetch(
        f"select what, purpose, by_name, at from reading_log where person_id = $1 order by id desc limit {int(limit)}",
        person_id,
    )
    return [Reading(**dict(row)) for row in rows]


async def forget_readings(before: datetime) -> None:
    """Drop the lines from before then. The database keeps what is younger than half a year, whatever is asked."""
    await execute("delete from reading_log where id < $1 and at < $2", first_id(before), before)
