"""Erasing what the ledger says of somebody, by a decision that the ledger keeps (个人信息保护法第四十七条)."""

from __future__ import annotations

from uuid import UUID

from core.actor import Actor
from core.database import execute
from core.ledger.note import note


async def erase(actor: Actor, subject_id: UUID, reason: str) -> int:
    """Take the details, with their salt, out of all entries about this person or account; how many. Who did what and when stays.

    Only the owner of the tables may. In a session of his; the entry about it is written first, so that none is taken without.
    """
    await note(actor, "ledger.erased", "subject", subject_id, reason=reason)
    status = await execute(
        "update ledger_entry set said = null, salt = null"
        " where subject_id = $1 and said is not null and verb <> 'ledger.erased'",
        subject_id,
    )
    return int(status.split()[-1])
