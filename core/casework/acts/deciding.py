"""What a case has decided about its person follows in the register: in the transaction that records the decision, and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import takewhile

from core.actor import Actor
from core.casework.acts.entries import NewEntry
from core.casework.carry import has_running_case
from core.casework.matter import Matter
from core.casework.model import LoadedCase
from core.errors import Conflict
from core.register.decided import TAGS, Decision, decide, undo
from core.text import refuse_future
from dangwu import EFFECTS

LAST_CONTACT = "last-contact"
"""The floor's date of a person from which somebody counts as lost."""


async def follow_register(actor: Actor, before: Matter, after: Matter, entry: NewEntry, today: date) -> bool:
    """Write into the register what the case says of its person since this entry, and take back what it no longer says; whether
    that has changed his tags.

    Raises Conflict where he has left the register, or would leave it while another case of his says what or where he is.
    """
    case = after.case
    if after.plan.procedure.confers != "register":
        return False
    # A case that has just begun has decided nothing yet, though a paper file may say more.
    was, now = [*_decisions(before, today)] if before.case.version else [], [*_decisions(after, today)]
    kept = len([*takewhile(lambda pair: pair[0] == pair[1], zip(was, now, strict=False))])
    for one in now[kept:]:
        refuse_future(f"date.{LAST_CONTACT}", "最后一次联系的日期", one.day, today)
    for one in reversed(was[kept:]):
        await undo(actor, case.person_id, one, entry.note or "办理记录有更正")
    for one in now[kept:]:
        await _refuse_leaving(case, one)
        await decide(actor, case.person_id, one)
    return any(one.effect in TAGS for one in (*was[kept:], *now[kept:]))


def _decisions(matter: Matter, today: date) -> Iterator[Decision]:
    """What the case as it stands has made of its person, oldest first."""
    case, procedure, standing = matter.case, matter.plan.procedure, matter.on(today).standing
    paper = f"{procedure.title}档案（{case.started} 开始）"
    for state in procedure.reached(standing.membership):
        step = standing.steps.get(state.from_ or state.after)
        day = step.concluded if step is not None and step.concluded else today
        if state.makes == "lost":
            day = case.case.dates_on(today).get(LAST_CONTACT, day)
        if state.makes:
            yield Decision(state.makes, day, state.title, paper, case.id)
    end, ending = case.case.ended(today), procedure.ends.get(standing.ended)
    if end is not None and ending is not None and ending.makes:
        yield Decision(ending.makes, end.day, ending.title, paper, case.id)


async def _refuse_leaving(case: LoadedCase, one: Decision) -> None:
    if one.effect in ("withdrawn", "removed") and await has_running_case(
        case.person_id, "membership", "unit"
    ):
        raise Conflict(
            f"{case.person_name}还有一份正在办理的档案要确定他的人员类别或者所在党组织，不能{EFFECTS[one.effect]}。请先把那一份办结或者终止。",
            code="running",
        )
