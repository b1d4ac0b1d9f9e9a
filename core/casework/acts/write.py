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
from core.casework.load import keep, load_whole
from core.casework.matter import Matter
from core.casework.model import Written
from core.casework.standing.compute import laid_out, write_standings
from core.casework.standing.events import note_event
from core.casework.standing.regimes import regime_at
from core.register.service import tags_now
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
    if await follow_register(actor, matter, after, entry, today):
        await _tell_others(actor, after, entry.day, today)
    standing = computed.standing
    return Written(case_id, view.id, view.seq, standing.stage, standing.status, standing.open)


async def _tell_others(actor: Actor, matter: Matter, day: date, today: date) -> None:
    """The running case that says what its person is goes by his tags as the register has them since this act."""
    tags, note = await tags_now(matter.case.person_id), f"随{matter.plan.procedure.title}更新"
    one = "c.person_id = $1 and c.status = 'running' and c.confers = 'membership'"
    await keep(one, matter.case.person_id)
    for case in await load_whole(one, matter.case.person_id):
        if case.case.tags_on(day) != tags:
            regime = matter.regime
            if case.way != matter.case.way and matter.regime_for is not None:
                regime = await regime_at(matter.regime_for, case.way)
            evidence = {"tags": sorted(tags), "dates": None}
            entry = NewEntry(
                kind="facts", day=day, entered=today, evidence=evidence, note=note, level="branch"
            )
            await write(actor, Matter(case, regime, locked=True), entry, today, "facts")
