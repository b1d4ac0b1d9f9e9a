"""Sending a case back to an earlier step: an act of a person, with its reason."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.access import access_case
from core.casework.commit import write
from core.casework.days import check_day
from core.casework.entries import NewEntry, refuse_ended, refuse_stale
from core.casework.levels import refuse_setting_aside, refuse_two_levels, set_aside_above, usual_level
from core.casework.model import RegimeFor, Written
from core.casework.refused import refused
from core.casework.regimes import regime_at
from core.text import one_line
from dangwu.acts import can_return
from dangwu.case import Return


async def send_back(
    actor: Actor,
    case_id: UUID,
    step: str,
    day: date,
    reason: str,
    *,
    seen_version: int,
    regime_for: RegimeFor,
    today: date,
) -> Written:
    """Send a case back to `step`: what was recorded from there on is kept, but no longer counts.

    Raises as `record` does; Refused when the step has not begun, or a failed step says the case must go back further;
    Forbidden when it would undo what a higher level has recorded, and nothing has failed.
    """
    case = await access_case(actor, case_id, "case.return", lock=True)
    regime = await regime_at(regime_for, case.path)
    refuse_ended(case)
    refuse_stale(case, seen_version, regime)
    level = usual_level(actor, case.path, case.entries, "case.return")
    refuse_two_levels(actor, case.entries, level)
    check_day(case, day, today)
    reason = one_line("note", "退回的原因", reason, most=500)
    if findings := can_return(regime, case.case, Return(step, day)):
        raise refused(regime, None, findings)
    if above := set_aside_above(regime, case.case, case.entries, Return(step, day), level):
        refuse_setting_aside(regime, above, level)
    entry = NewEntry(kind="return", step=step, day=day, entered=today, note=reason, level=level)
    return await write(actor, case, entry, regime, today, "returned", step=step)
