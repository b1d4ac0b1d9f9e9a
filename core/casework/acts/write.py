"""The end of every act on a case: its entry, its new standing, its event."""

from __future__ import annotations

from datetime import date

from core.actor import Actor
from core.casework.acts.deciding import follow_register
from core.casework.acts.entries import NewEntry, insert_entry, refuse_strange_attachments
from core.casework.acts.forms import settle_numbers
from core.casework.acts.moving import follow_unit, refuse_moving_back
from core.casework.acts.named import note_named
from core.casework.acts.numbered import hold_number
from core.casework.matter import Matter
from core.casework.model import Written
from core.casework.standing.compute import laid_out, write_standings
from core.casework.standing.events import note_event
from dangwu import Judged


async def write(
    actor: Actor,
    matter: Matter,
    entry: NewEntry,
    today: date,
    event: str,
    *,
    tried: Judged | None = None,
    **data: object,
) -> Written:
    """Write an entry that has been allowed into a locked case; `tried` is the case with it, where it has been judged already.

    Raises Invalid for attachments of another case, Conflict where its person cannot be taken where he goes by it, or taken back.
    """
    if not matter.locked:
        raise RuntimeError("a case is acted on only while it is locked: take_up(…, lock=True)")
    case_id = matter.case.id
    await refuse_strange_attachments(case_id, entry.attachments)
    view = await insert_entry(actor, matter.case, entry)
    await note_named(case_id, view)
    await hold_number(matter.case, view)
    after = matter.with_entry(view)
    if tried is not None:
        after.knows(tried)
    await after.judge(today)
    await settle_numbers(actor, after, today)
    computed = laid_out(after.case, after.on(today))
    refuse_moving_back(matter, computed.standing)
    await write_standings([computed], version=True)
    await note_event(actor, event, computed, level=entry.level, day=entry.day, **data)
    await follow_unit(actor, matter, computed.standing, today)
    await follow_register(actor, matter, after, entry, today)
    standing = computed.standing
    return Written(case_id, view.id, view.seq, standing.stage, standing.status, standing.open)
