"""Requests for a correction: what waits for the level above, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.acts.entries import NewEntry
from core.casework.acts.write import write
from core.casework.matter import Matter
from core.casework.model import EntryView, Written
from core.database import execute

REQUESTS = ("correction-request", "strike-request")
ANSWERS = ("correction-granted", "correction-refused")


def pending(entries: Sequence[EntryView]) -> list[EntryView]:
    """The requests that nobody has answered, oldest first; none in a case that has ended."""
    ends = [one.kind for one in entries if one.kind in ("end", "reopening")]
    if ends and ends[-1] == "end":
        return []
    answered = {one.about for one in entries if one.kind in ANSWERS}
    return [one for one in entries if one.kind in REQUESTS and one.id not in answered]


async def ask(actor: Actor, matter: Matter, request: NewEntry, today: date) -> Written:
    """Write down a request; the case stands as it did."""
    written = await write(
        actor, matter, request, today, "correction-asked", step=request.step, asks=request.asks
    )
    levels = [*(one.asks for one in pending(matter.case.entries)), request.asks]
    await note_asked(matter.case.id, levels)
    return written


async def note_asked(case_id: UUID, levels: Sequence[str | None]) -> None:
    """The levels that a request waits for, for the workbench."""
    asked = sorted({level for level in levels if level})
    await execute("update case_file set asked = $2 where id = $1", case_id, asked)


__all__ = ["ANSWERS", "REQUESTS", "ask", "note_asked", "pending"]
