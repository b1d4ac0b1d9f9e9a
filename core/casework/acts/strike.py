"""误记: a record that was made by mistake, in another person's file, say, is struck out; so is a step that paper does not show.

Who may, and who must agree, is as for a correction. What was struck out stays in the history, and counts at no day.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.acts.entries import NewEntry, refuse_stale
from core.casework.acts.record import rules_of
from core.casework.acts.refused import refused
from core.casework.acts.wrong import Consequence, Wrong, on_paper, put_right, recorded
from core.casework.matter import Matter
from core.casework.model import Written
from dangwu import Strike, struck


async def strike(
    actor: Actor, matter: Matter, about: UUID | str, reason: str, *, seen_version: int, today: date
) -> Written:
    """Strike out a record, or what was taken over from paper of the step `about`.

    Raises as `correct` does; Refused for the record with which the case began.
    """
    refuse_stale(matter.case, seen_version, matter.regime)
    wrong = wrong_one(actor, matter, about)
    found = struck_out(matter, wrong, today)
    entry = NewEntry(kind="strike", day=wrong.day, entered=today, note=reason, level=wrong.level)
    return await put_right(actor, matter, wrong, entry, found, today)


def wrong_one(actor: Actor, matter: Matter, about: UUID | str) -> Wrong:
    """What he may strike out. Raises NotFound, Forbidden."""
    return recorded(actor, matter, about) if isinstance(about, UUID) else on_paper(actor, matter, about)


def struck_out(matter: Matter, wrong: Wrong, today: date) -> Consequence:
    """What striking it out would change. Raises Refused where that cannot be."""
    found = struck(matter.on(today), Strike(str(wrong.id or ""), wrong.step, wrong.day))
    if found.refusals or found.after is None:
        raise refused(matter.regime, rules_of(matter, wrong.step, today), found.refusals)
    return Consequence.of(wrong.level, found)
