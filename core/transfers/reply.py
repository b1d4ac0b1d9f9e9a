"""What the other county has answered is written into the issuer's case: after the answer, which holds already, and once."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import SYSTEM, Actor
from core.casework.acts.entries import NewEntry
from core.casework.acts.record import allow, step_rules
from core.casework.acts.transfer import LETTER, RECEIPT, RECEIPT_SENT, RECEPTION, answered
from core.casework.acts.write import write
from core.casework.load import load_one
from core.casework.matter import Matter
from core.casework.model import Evidence, RegimeFor
from core.casework.standing.regimes import regime_at
from core.database import fetchrow
from core.transfers.model import COLUMNS, letter
from core.transfers.standing import stands
from dangwu import RUNNING


async def reply(letter_id: UUID, today: date, regime_for: RegimeFor) -> None:
    """Let the case say what its letter says. Delivered twice, it finds that said."""
    row = await fetchrow(f"select {COLUMNS} from letter where id = $1", letter_id)
    if row is None or not (one := letter(row)).ours or one.ended_on is None:
        return
    now = await stands(one.case_id)
    if now is None or now.entry_id != one.entry_id:
        return  # another letter has been issued since
    who = Actor(SYSTEM.id, one.answered_by)
    note = f"{one.answered_by}：{one.reason}" if one.reason else one.answered_by
    evidence = answered(received=one.state == "received")
    await _write(who, one.case_id, RECEPTION, one.ended_on, evidence, note, today, regime_for)
    if one.receipt_on is not None:
        await _write(who, one.case_id, RECEIPT, one.receipt_on, RECEIPT_SENT, note, today, regime_for)


async def _write(
    who: Actor,
    case_id: UUID,
    step: str,
    day: date,
    evidence: Evidence,
    note: str,
    today: date,
    regime_for: RegimeFor,
) -> None:
    case = await load_one(case_id, lock=True)
    assert case is not None
    matter = Matter(case, await regime_at(regime_for, case.way), locked=True, regime_for=regime_for)
    standing = matter.on(today).standing
    letters = [one.seq for one in case.entries if one.step == LETTER]
    said = any(
        one.step == step and one.evidence == evidence and one.seq > max(letters, default=0)
        for one in case.entries
    )
    if said or step not in standing.open or standing.status != RUNNING:
        return
    after = allow(matter, step_rules(matter, step, day), evidence, day, today)
    entry = NewEntry(
        kind="record", step=step, day=day, entered=today, evidence=evidence, note=note, level="committee"
    )
    await write(who, matter, entry, today, "recorded", tried=after, step=step)
