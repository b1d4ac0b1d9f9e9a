"""What follows from the steps once they are judged: the motion carried, the membership, and how the whole case stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from dangwu.case.case import End
from dangwu.judge.motions import motion_of
from dangwu.judge.run import Run
from dangwu.judge.standing import (
    BLOCKED,
    CLOSED,
    COMPLETED,
    DONE,
    FAILED,
    NOWHERE,
    OPEN,
    RUNNING,
    WAITING,
    Standing,
    StepStanding,
)
from dangwu.policy.policy import Outcome
from dangwu.regime.step import Step


def carried(run: Run) -> tuple[Step, Outcome, int] | None:
    """The motion that was carried and confirmed, if any: the step that confirms it, what follows, and the months."""
    for step in run.plan.confirming:
        if run.found[step.index].state == DONE:
            motion, months = _put(run, step)
            return step, run.plan.by_id[step.confirms].outcomes[motion], months
    return None


def confirmed(run: Run, step: str) -> str:
    """The motion that a step confirms; "" for a step that confirms none."""
    found = run.plan.by_id.get(step)
    return _put(run, found)[0] if found is not None and found.confirms else ""


def _put(run: Run, confirming: Step) -> tuple[str, int]:
    """The motion that was put before a step which confirms it, and its months; the regular one where none is named."""
    voted = run.plan.by_id[confirming.confirms]
    put = motion_of(voted, run.counted.records.get(voted.index, ()))
    return (put.name, put.months) if put else (next(iter(voted.outcomes)), 0)


def standing(run: Run) -> Standing:
    """How the whole case stands."""
    steps = {one.id: one for one in run.found if one is not NOWHERE}
    outcome = carried(run)
    ended = outcome is not None and outcome[1].then == "close"
    membership, since = _membership(run)
    if outcome is not None and ended:
        membership, since = "none", run.found[outcome[0].index].concluded
        for one in [one for one in steps.values() if one.began is None and one.state in (OPEN, WAITING)]:
            steps[one.id] = replace(one, state=BLOCKED)
    live = [one for one in steps.values() if one.state in (OPEN, WAITING, FAILED)]
    found = Standing(
        stage=_stage(run, live),
        status=CLOSED if ended else _status(live, steps),
        membership=membership,
        membership_since=since,
        steps=steps,
        due=min((one.due for one in live if one.due is not None), default=None),
        turns=run.next,
        extended_months=run.counted.extended,
    )
    end = run.case.ended(run.today)
    return found if end is None else _ended(run, found, end)


def _ended(run: Run, found: Standing, end: End) -> Standing:
    """A case that was ended owes nothing: what was done stays done, nothing else can be."""
    ending = run.plan.procedure.ends.get(end.reason)
    frees = ending is None or not ending.keeps
    return replace(
        found,
        status=CLOSED,
        ended=end.reason,
        membership="none" if frees else found.membership,
        membership_since=end.day if frees else found.membership_since,
        steps={
            name: replace(one, state=BLOCKED, until=None, due=None)
            if one.state in (OPEN, WAITING, FAILED)
            else one
            for name, one in found.steps.items()
        },
        due=None,
    )


def _stage(run: Run, live: Sequence[StepStanding]) -> str:
    """The stage of the first live step of the floor. An inserted step may stay open while the case goes on: where only such are
    live, the case has not fallen back behind the furthest step of the floor that is done."""
    steps = [run.plan.by_id[one.id] for one in live] or run.plan.steps[-1:]
    if not steps or any(step.floor for step in steps):
        return next((step.stage for step in steps if step.floor), "")
    done = [step.stage for step in run.plan.steps if step.floor and run.found[step.index].state == DONE]
    order = list(run.plan.stages)
    return max((steps[0].stage, *done), key=order.index)


def _status(live: Sequence[StepStanding], steps: Mapping[str, StepStanding]) -> str:
    if any(one.state == FAILED and one.follows.close for one in live):
        return CLOSED
    return RUNNING if live or any(one.state == BLOCKED for one in steps.values()) else COMPLETED


def _membership(run: Run) -> tuple[str, date | None]:
    reached: tuple[str, date | None] = ("none", None)
    for state in run.plan.procedure.states:
        if state.motion and state.motion != confirmed(run, state.after):
            continue
        step = run.plan.by_id.get(state.after)
        if step is None or not run.effective(step):
            break
        reached = (state.id, _since(run, state.from_ or state.after))
    return reached


def _since(run: Run, step_id: str) -> date | None:
    step = run.plan.by_id[step_id]
    if step.span is not None:
        return run.counted.span_end(step_id, step.span, run.at.settled.get(step.span.from_))
    notice = run.found[step.index].until
    if notice is not None:
        return notice + timedelta(days=1)
    ready = run.ready[step.index]
    return run.at.settled.get(step_id) or (ready if ready > date.min else None)
