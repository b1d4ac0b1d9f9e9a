"""Whether the deadlines ahead of a case can still be met. Pure: what the contract has found is only reckoned through.

Several stricter terms one after another can leave a deadline of the floor no room; no local rule lengthens it, so it is said
as soon as it can be known.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from dangwu import BLOCKED, CLOCK, FAILED, FORBIDDEN, OPEN, WAITING, Judged, StepStanding

ONE_DAY = timedelta(days=1)
UNFINISHED = (OPEN, WAITING, FAILED, BLOCKED)


class Late(msgspec.Struct, frozen=True):
    """A deadline that cannot be met: the step is due on `due` and cannot be taken before `soonest`."""

    step: str
    due: date
    soonest: date


def late(found: Judged) -> dict[str, Late]:
    """The steps whose deadline is still ahead and cannot be met, even if everything before them is done without delay."""
    standing, day = found.standing, found.day
    dated = {
        one.id: one.due
        for one in standing.steps.values()
        if one.due is not None and one.due >= day and one.state in UNFINISHED
    }
    soonest = _soonest(found) if dated else {}
    return {step: Late(step, due, soonest[step]) for step, due in dated.items() if soonest[step] > due}


def _soonest(found: Judged) -> dict[str, date]:
    """The first day on which each step can be taken, along the longest of the ways that lead to it."""
    order = found.plan.on(found.day, found.case.tags_on(found.day)).order
    ready: list[date] = []
    soonest = {}
    for step in found.plan.steps:
        start = max((ready[earlier] for earlier in order.before[step.index]), default=found.day)
        here = found.standing.steps.get(step.id)
        pending = here is not None and here.state in UNFINISHED
        soonest[step.id] = start
        ready.append(max(start, _over(here, start)) if here is not None and pending else start)
    return soonest


def _over(step: StepStanding, start: date) -> date:
    """The first day on which a step begun on `start` can be over: a running term, or the whole of a notice not yet posted."""
    ends = [one.until + ONE_DAY for one in step.findings if one.kind == CLOCK and one.until]
    ends += [one.since for one in step.findings if one.kind == FORBIDDEN and one.since]
    if step.rules is not None and step.began is None:
        ends += [facet.soonest(start) for facet in step.rules.facets.values()]
    return max(ends, default=start)
