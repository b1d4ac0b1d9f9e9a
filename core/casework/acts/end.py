"""A case ends for a reason of the person's, and is taken up again: by the level that its procedure says decides it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from asyncpg import UniqueViolationError

from core.actor import Actor
from core.casework.acts.agree import note_asked, pending
from core.casework.acts.days import check_day
from core.casework.acts.entries import NewEntry, refuse_stale
from core.casework.acts.refused import refused
from core.casework.acts.resets import refuse_own_resets
from core.casework.acts.write import write
from core.casework.levels import platform_level, refuse_unfit
from core.casework.matter import Matter
from core.casework.model import Written
from core.errors import Conflict, Forbidden, Invalid
from core.text import one_line
from dangwu import LEVELS as TITLES
from dangwu import RUNNING, End, Ending, Reopening, may_end, not_ending, not_reopening


async def end_case(
    actor: Actor, matter: Matter, reason: str, day: date, note: str, *, seen_version: int, today: date
) -> Written:
    """End a case for one of the reasons that its procedure declares; `note` says what happened.

    Raises as `record` does; Invalid for another reason, Refused where the rules do not let it end so.
    """
    case, known = matter.case, matter.plan.procedure.ends
    refuse_stale(case, seen_version, matter.regime)
    if reason not in known:
        raise Invalid("请选择终止的原因。", code="reason", fields={"reason": "请从列出的原因中选择。"})
    level = await _deciding(actor, matter, known[reason], "终止")
    check_day(case, matter.regime, day, today)
    note = one_line("note", "情况说明", note, most=500)
    if findings := not_ending(matter.on(today), End(reason, day)):
        raise refused(matter.regime, None, findings)
    entry = NewEntry(kind="end", day=day, entered=today, evidence={"reason": reason}, note=note, level=level)
    written = await write(actor, matter, entry, today, "ended", reason=reason)
    await note_asked(case.id, ())
    return written


async def reopen(actor: Actor, matter: Matter, note: str, *, seen_version: int, today: date) -> Written:
    """Take up a case that was ended, as from today. Raises as `end_case` does, Conflict where he has another by now."""
    case = matter.case
    refuse_stale(case, seen_version, matter.regime)
    if findings := not_reopening(matter.on(today), Reopening(today)):
        raise refused(matter.regime, None, findings)
    ending = matter.plan.procedure.ends[matter.on(today).standing.ended]
    level = await _deciding(actor, matter, ending, "恢复办理")
    note = one_line("note", "恢复的原因", note, most=500)
    entry = NewEntry(kind="reopening", day=today, entered=today, note=note, level=level)
    try:
        written = await write(actor, matter, entry, today, "reopened")
    except UniqueViolationError:
        raise Conflict(f"{case.person_name}已经另有一份正在办理的档案，这一份不能恢复办理。") from None
    again = [one for one in case.entries if one.kind != "end"]
    await note_asked(case.id, pending(again))
    return written


def endings(actor: Actor, matter: Matter, today: date) -> Mapping[str, Ending]:
    """The reasons for which he can end the case now, by id."""
    standing, procedure = matter.on(today).standing, matter.plan.procedure
    if standing.status != RUNNING:
        return {}
    held = actor.levels(matter.case.path, "case.review")
    return {
        name: one
        for name, one in procedure.ends.items()
        if platform_level(one.level) in held and may_end(procedure, one, standing.membership)
    }


def may_reopen(actor: Actor, matter: Matter, today: date) -> bool:
    """Whether he can take the case up again today."""
    ended = matter.on(today).standing.ended
    if not ended or not_reopening(matter.on(today), Reopening(today)):
        return False
    level = platform_level(matter.plan.procedure.ends[ended].level)
    return level in actor.levels(matter.case.path, "case.review")


async def _deciding(actor: Actor, matter: Matter, ending: Ending, what: str) -> str:
    """The level that decides, at which he acts. Raises Forbidden where he does not."""
    level, case = platform_level(ending.level), matter.case
    if level not in actor.levels(case.path, "case.review"):
        raise Forbidden(
            f"因“{ending.title}”{what}，由{TITLES[level]}有审查职责的人员决定。请交由{TITLES[level]}办理。",
            code="level",
        )
    refuse_unfit(actor, case, level)
    await refuse_own_resets(actor, case.entries, level)
    return level
