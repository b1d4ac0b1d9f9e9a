"""Whether a record can be put right, and what that changes; whether a case can be ended, and taken up again."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from dangwu.case.case import Correction, End, Record, Reopening
from dangwu.facets.finding import IMPOSSIBLE, Finding
from dangwu.judge.acts import has_ended, misdated, refused, set_aside_on, unasked
from dangwu.judge.evaluate import Judged
from dangwu.judge.standing import DONE, RUNNING, WAITING, WAIVED
from dangwu.policy.ending import Ending
from dangwu.policy.policy import Procedure
from dangwu.values.period import Period


class Corrected(NamedTuple):
    """What becomes of a correction: why it cannot be made, and the case with it (None where it never came to that).

    `rests` are the later steps in which something was done on what is corrected, `undone` those that no longer stand after it,
    and `approvals` what of these only the department undoes.
    """

    refusals: tuple[Finding, ...]
    after: Judged | None = None
    rests: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()


def corrected(before: Judged, correction: Correction) -> Corrected:
    """The correction tried on a case that has been judged on the day on which it is made.

    Refused: a record that there is not, or that says so already; a case that was ended; dates and figures that cannot be. A day
    that the rules forbid is no reason: what is true is written down, and what then does not hold has failed.
    """
    old = next((one for one in before.case.entries if type(one) is Record and one.id == correction.of), None)
    new = correction.record
    if old is None or old.step != new.step or new.step not in before.plan.by_id:
        return Corrected((refused("no-record", step=new.step),))
    found = has_ended(before)
    if new.entered < new.day:
        found = found or [refused("date", day=new.day, entered=new.entered)]
    if (new.day, new.evidence) == (old.day, old.evidence):
        found = found or [refused("same", step=new.step)]
    found = found or _into_the_past(before, old, new) or misdated(before, new, besides=old)
    if found:
        return Corrected(tuple(found))
    after = before.with_entry(correction)
    step = after.standing.steps.get(new.step)
    impossible = tuple(one for one in step.findings if one.kind == IMPOSSIBLE) if step else ()
    impossible += tuple(unasked(after, new, old.evidence)) if step else ()
    undone = tuple(_undone(before, after))
    approvals = tuple(one for one in undone if one in before.plan.procedure.approvals)
    return Corrected(impossible, after, tuple(_resting_on(before, old)), undone, approvals)


def _into_the_past(before: Judged, old: Record, new: Record) -> list[Finding]:
    """That what was done anew after the case went back cannot have been done before that."""
    known = before.case.entries[: before.case.entries.index(old)]
    back = set_aside_on(before.plan, replace(before.case, entries=known), new)
    return [refused("set-aside", step=new.step, day=new.day, back=back)] if back is not None else []


def _resting_on(before: Judged, old: Record) -> list[str]:
    """The later steps that have begun; none on a record that no longer counts."""
    plan, run = before.plan, before.run
    if old.id not in {one.id for one in before.records.get(old.step, ())}:
        return []
    behind = plan.behind(old.step, old.day, before.case.tags_on(old.day)) & run.counted.begun
    return [one.id for one in plan.steps if behind >> one.index & 1 and one.id != old.step]


def _undone(before: Judged, after: Judged) -> list[str]:
    """The steps that stand before and do not after."""
    states = after.standing.steps
    return [
        name
        for name, one in before.standing.steps.items()
        if one.began is not None and one.state in (DONE, WAITING) and name in states
        if states[name].fallen or (one.state == DONE and states[name].state not in (DONE, WAIVED))
    ]


def not_ending(before: Judged, end: End) -> tuple[Finding, ...]:
    """Why a case that has been judged on the day of its end cannot be ended so; empty when it can.

    Raises KeyError for a reason that the procedure does not declare.
    """
    procedure, standing = before.plan.procedure, before.standing
    ending = procedure.ends[end.reason]
    if ended := has_ended(before):
        return tuple(ended)
    if standing.status != RUNNING:
        return (refused(standing.status),)
    days = (*before.case.given.values(), *(one.day for one in before.case.entries))
    last = max(days, default=end.day)
    if end.day < last:
        return (refused("end-before", day=end.day, last=last),)
    if not may_end(procedure, ending, standing.membership):
        state = procedure.state(standing.membership)
        return (refused("end-late", why=ending.title, state=state.title if state else ""),)
    return ()


def may_end(procedure: Procedure, ending: Ending, membership: str) -> bool:
    """Whether somebody who has become that can still end his case so."""
    order = [one.id for one in procedure.states]
    return not ending.before or membership not in order[order.index(ending.before) :]


def not_reopening(before: Judged, again: Reopening) -> tuple[Finding, ...]:
    """Why a case that has been judged on that day cannot be taken up again; empty when it can."""
    end = before.case.ended(date.max)
    if end is None or end.day > again.day:
        return (refused("not-ended"),)
    ending = before.plan.procedure.ends.get(end.reason)
    if ending is None or ending.reopen == Period():
        return (refused("for-good", why=ending.title if ending else end.reason),)
    last = ending.reopen.soonest(end.day)
    if last is not None and again.day > last:
        return (refused("reopen-late", day=end.day, last=last, period=ending.reopen),)
    return ()


__all__ = ["Corrected", "corrected", "may_end", "not_ending", "not_reopening"]
