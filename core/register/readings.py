"""Who looked at whose file, at what of it, and why: what the ledger says of one person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import fetch
from core.ledger.verbs import READINGS
from core.register.access import access_person


class Reading(msgspec.Struct, frozen=True):
    """One look at a file; `what` is a key of READ (core/ledger/verbs.py)."""

    what: str
    purpose: str
    by_name: str
    at: datetime


async def readings(actor: Actor, person_id: UUID, limit: int = 100) -> list[Reading]:
    """The latest looks at a person's file, newest first; for those who audit. Of what was erased no purpose is left."""
    await access_person(actor, person_id, "audit.view")
    return await looks_at(person_id, limit)


async def looks_at(person_id: UUID, limit: int = 100) -> list[Reading]:
    """The same for who has checked already that they may be seen."""
    rows = await fetch(
        f"""select substr(verb, 6) what, coalesce(said::json ->> 'purpose', '') purpose, by_name, at from ledger_entry
            where subject_id = $1 and verb = any($2) order by id desc limit {int(limit)}""",
        person_id,
        list(READINGS),
    )
    return [Reading(**dict(row)) for row in rows]
