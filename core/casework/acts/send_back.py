"""Sending a case back to an earlier step: an act of a person, with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.actor import Actor
from core.casework.acts.days import check_day
from core.casework.acts.entries import NewEntry, refuse_ended, refuse_stale
from core.casework.acts.refused import refused
from core.casework.acts.write import write
from core.casework.levels import refuse_unfit, usual_level
from core.casework.matter import Matter
from core.casework.model import EntryView, Written
from core.casework.standing.steps import goes_back_to
from core.errors import Forbidden
from core.text import one_line
from dangwu import LEVELS as TITLES
from dangwu import OPEN, Judged, Regime, explain, not_back_to, rank


async def send_back(
    actor: Actor, matter: Matter, step: str, day: date, reason: str, *, seen_version: int, today: date
) -> Written:
    """Send a case back to `step`: what was recorded from there on is kept, but no longer counts.

    Raises as `record` does; Refused when the step has not begun, or a failed step says the case must go back further;
    Forbidden when that would set aside what a higher level has decided.
    """
    case = matter.case
    actor.require("case.return", case.path)
    refuse_ended(case)
    refuse_stale(case, seen_version, matter.regime)
    level = usual_level(actor, case, "case.return")
    refuse_unfit(actor, case, level)
    check_day(case, matter.regime, day, today)
    reason = one_line("note", "退回的原因", reason, most=500)
    if findings := not_back_to(matter.on(day), step):
        raise refused(matter.regime, None, findings)
    refuse_overruling(matter.regime, overruled(matter.on(today), case.entries, step, level), step, level)
    entry = NewEntry(kind="return", step=step, day=day, entered=today, note=reason, level=level)
    return await write(actor, matter, entry, today, "returned", step=step)


def returnable(today: Judged, entries: Sequence[EntryView], level: str) -> list[str]:
    """The steps to which somebody of this level can send back a case that has been judged today, the latest first."""
    plan, steps = today.plan, today.standing.steps
    # Behind a step that has become void nothing begins it anew.
    last = min(
        (plan.by_id[back].index for one in steps.values() if (back := goes_back_to(one)) in plan.by_id),
        default=len(plan.steps),
    )
    return [
        step.id
        for step in reversed(plan.steps[: last + 1])
        if step.id in steps
        # Back to where an approved extension has just led is no going back.
        and (steps[step.id].began is not None or steps[step.id].state != OPEN)
        and not not_back_to(today, step.id)
        and not overruled(today, entries, step.id, level)
    ]


def overruled(today: Judged, entries: Sequence[EntryView], step: str, level: str) -> list[EntryView]:
    """Records of levels above `level` that going back to `step` would set aside, oldest first.

    None when a failed step says that the case must go back just there: then the rules set them aside, not he. Asked as of
    today, for a return that is dated back sets aside whatever was written before it.
    """
    if any(goes_back_to(one) == step for one in today.standing.steps.values()):
        return []
    plan = today.plan
    lost = plan.following(step, today.day, today.case.tags_on(today.day))
    counted = {record.id for name, records in today.records.items() if name in lost for record in records}
    return [one for one in entries if str(one.id) in counted and rank(one.level) > rank(level)]


def refuse_overruling(regime: Regime, above: Sequence[EntryView], step: str, level: str) -> None:
    """Raise Forbidden for a return that would set aside records of higher levels: those levels send it back themselves."""
    if not above:
        return
    highest = max((one.level for one in above), key=rank)
    last = next(one for one in reversed(above) if one.level == highest)
    raise Forbidden(
        f"退回到“{explain.title(regime, step)}”，会使{TITLES[highest]} {last.day} 办理的"
        f"“{explain.title(regime, last.step or '')}”不再计算。"
        f"上级办理的事项由上级退回，{TITLES[level]}不能退回。请报请{TITLES[highest]}退回。",
        code="overruling",
    )
