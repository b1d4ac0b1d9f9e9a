"""Finding what is settled of a case that has been judged."""

from __future__ import annotations

from dangwu.case.moment import Moment
from dangwu.judge.counted import Counted
from dangwu.judge.run import Run
from dangwu.judge.settled import Kept, Settled, marked
from dangwu.judge.standing import DONE, NOWHERE, WAIVED, StepStanding
from dangwu.regime.regime import Regime


def settled(regime: Regime, run: Run) -> Settled | None:
    """What is settled of a case by this run over its steps.

    None where a plugin looks at the whole case with a check of its own, where a record was put right (all that rests on it is
    looked at, see grounds.py), while probation is extended, and of a day behind which something is on file: what is entered for a
    later day, or extended, is looked at as a whole.
    """
    counted = run.counted
    if regime.checks or counted.extensions or counted.corrected or counted.coming is not None:
        return None
    closed = 0
    kept = []
    for step in counted.plan.steps:
        one = run.found[step.index]
        if _passed(one) and not _rests_on(counted, step.index, one) & ~closed and not _turning(run, one):
            closed |= 1 << step.index
            if not one.findings and (one.state != DONE or one.began is not None):
                met = run.at.settled.get(step.id)
                kept.append(
                    Kept(
                        step.index,
                        one.state,
                        run.ready[step.index],
                        one.until,
                        one.opened,
                        one.began,
                        one.concluded,
                        met,
                    )
                )
    entries = len(run.case.entries)
    return Settled(marked(regime, run.case, entries), run.today, entries, closed, tuple(kept))


def _passed(one: StepStanding) -> bool:
    return one.state == DONE or (one.state in (WAIVED, NOWHERE.state) and one.began is None)


def _turning(run: Run, one: StepStanding) -> bool:
    """Whether time alone may still change what is found on a step that is done."""
    if one.state != DONE or one.rules is None or not one.rules.turning:
        return False
    at = Moment(run.case, run.today, run.at.done, run.at.settled)
    at.opened, at.concluded = one.opened, one.concluded if one.began is not None else None
    records = run.counted.records.get(run.plan.by_id[one.id].index, ())
    return any(day > run.today for facet in one.rules.turning for day in facet.turns(records, at))


def _rests_on(counted: Counted, index: int, one: StepStanding) -> int:
    """The steps on which the judgement of a step rests, as a bit mask."""
    by_id, span = counted.plan.by_id, counted.plan.steps[index].span
    anchors = (*(one.rules.anchors if one.rules else ()), *((span.from_,) if span else ()))
    earlier = (by_id[anchor].index for anchor in anchors if anchor in by_id)
    mask = 0
    for other in (*counted.held(index).order.before[index], *earlier):
        mask |= 1 << other if other < index else 0
    return mask


__all__ = ["settled"]
