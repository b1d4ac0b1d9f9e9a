"""The end of every act on a case: its entry, its new standing, its event."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from core.actor import Actor
from core.casework.acts.entries import NewEntry, insert_entry, refuse_strange_attachments
from core.casework.load import contract_entry
from core.casework.model import LoadedCase, Written
from core.casework.standing.compute import compute, write_standings
from core.casework.standing.events import note_event
from dangwu import Regime


async def write(
    actor: Actor, case: LoadedCase, entry: NewEntry, regime: Regime, today: date, event: str, **data: Any
) -> Written:
    """Write an entry that has been allowed into a locked case. Raises Invalid for attachments of another case."""
    await refuse_strange_attachments(case.id, entry.attachments)
    view = await insert_entry(actor, case, entry)
    added = contract_entry(view)
    after = msgspec.structs.replace(
        case,
        version=view.seq,
        entries=(*case.entries, view),
        case=case.case.with_entry(added) if added is not None else case.case,
    )
    computed = compute(after, regime, today)
    await write_standings([computed], version=True)
    await note_event(actor, event, computed, level=entry.level, day=entry.day, **data)
    standing = computed.standing
    return Written(case.id, view.id, view.seq, standing.stage, standing.status, standing.open)
