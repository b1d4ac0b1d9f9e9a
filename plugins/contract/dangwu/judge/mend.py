"""Whether a record can be put right, and what that changes; whether a case can be ended, and taken up again."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from dangwu.case.case import Correction, End, Mend, Record, Reopening, Return, Strike
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
    and `approvals` what of these only the department undoes. What no longer `counts`, sent back or done anew since, is put right
    as it happened, and changes nothing that follows.
    """

    refusals: tuple[Finding, ...]
    after: Judged | None = None
    rests: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()
    counts: bool = True


def corrected(before: Judged, correction: Correction) -> Corrected:
    """The correction tried on a case that has been judged on the day on which it is made.

    Refused: a record that there is not, or that says so already; a case that was ended; dates and figures that cannot be. A day
    that the rules forbid is no reason: what is true is written down, and what then does not hold has failed.
    """
    new = correction.record
    old = _wrong(before, correction.of, new.step)
    if old is None or (not correction.of and new.evidence):
        return Corrected((refused("no-record", step=new.step),))
    found = has_ended(before)
    if new.entered < new.day:
        found = found or [refused("date", day=new.day, entered=new.entered)]
    if (new.day, new.evidence) == (old.day, old.evidence):
        found = found or [refused("same", step=new.step)]
    found = found or _into_the_past(before, old, new) or _out_of_the_past(before, old, new)
    found = found or misdated(before, new, besides=old)
    if found:
        return Corrected(tuple(found))
    tried = _tried(before, old, correction)
    after = tried.after
    further = unasked(after, new, old.evidence) if after and new.step in after.standing.steps else []
    return tried._replace(refusals=(*tried.refusals, *further))


def struck(before: Judged, strike: Strike) -> Corrected:
    """A record struck out that was made by mistake, tried on a case that has been judged on the day on which that is said.

    Refused: a record that there is not, or that was struck out; a case that was ended; the one with which the case began; one
    without which what was brought to it could not be.
    """
    old = _wrong(before, strike.of, strike.step)
    if old is None:
        return Corrected((refused("no-record", step=strike.step),))
    found = has_ended(before)
    if old.step == before.plan.procedure.opens.step and not _others(before, old):
        found = found or [refused("struck-first", step=old.step)]
    return Corrected(tuple(found)) if found else _tried(before, old, strike)


def _tried(before: Judged, old: Record, mend: Mend) -> Corrected:
    """What becomes of the case."""
    after = before.with_entry(mend)
    step = after.standing.steps.get(old.step)
    impossible = tuple(one for one in step.findings if one.kind == IMPOSSIBLE) if step else ()
    undone = tuple(_undone(before, after))
    approvals = tuple(one for one in undone if one in before.plan.procedure.approvals)
    counts = _counts(before, old)
    rests = tuple(_resting_on(before, old)) if counts else ()
    return Corrected(impossible, after, rests, undone, approvals, counts)


def _wrong(before: Judged, of: str, step: str) -> Record | None:
    """The record that is meant, or what was taken over of the step from paper; None where there is none."""
    case = before.case
    if step not in before.plan.by_id:
        return None
    if not of:
        day = case.given.get(step)
        return None if day is None else Record(step, day, {}, day)
    return next(
        (one for one in case.entries if type(one) is Record and one.id == of and one.step == step), None
    )


def _others(before: Judged, old: Record) -> bool:
    """Whether something else was recorded or taken over of the same step."""
    same = [one for one in before.case.entries if type(one) is Record and one.step == old.step]
    return any(one.id != old.id for one in same) or (bool(old.id) and old.step in before.case.given)


def _known_to(before: Judged, old: Record) -> int:
    """How many entries were made before a record; none before what was taken over from paper."""
    return before.case.entries.index(old) if old.id else 0


def _into_the_past(before: Judged, old: Record, new: Record) -> list[Finding]:
    """That what was done anew after the case went back cannot have been done before that."""
    known = before.case.entries[: _known_to(before, old)]
    back = set_aside_on(before.plan, replace(before.case, entries=known), new)
    return [refused("set-aside", step=new.step, day=new.day, back=back)] if back is not None else []


def _out_of_the_past(before: Judged, old: Record, new: Record) -> list[Finding]:
    """That what no longer counts since the case went back cannot have been done after that."""
    plan, case = before.plan, before.case
    days = [
        one.day
        for one in case.entries[_known_to(before, old) :]
        if isinstance(one, Return) and one.step in plan.by_id and one.day < new.day
        if old.step in plan.following(one.step, one.day, case.tags_on(one.day))
    ]
    return [refused("aside", back=max(days))] if days else []


def _counts(before: Judged, old: Record) -> bool:
    records, index = before.records.get(old.step, ()), before.plan.by_id[old.step].index
    return any(one.id == old.id for one in records) if old.id else index in before.run.counted.given


def _resting_on(before: Judged, old: Record) -> list[str]:
    """The later steps that have begun."""
    plan, run = before.plan, before.run
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


__all__ = ["Corrected", "corrected", "may_end", "not_ending", "not_reopening", "struck"]
