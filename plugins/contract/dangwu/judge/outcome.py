"""What follows from the steps once they are judged: the motion carried, the membership, and how the whole case stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from dangwu.case.case import Record
from dangwu.facets.finding import IMPOSSIBLE, Finding
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
    WAIVED,
    Standing,
    StepStanding,
)
from dangwu.policy.policy import Outcome
from dangwu.regime.step import Step
from dangwu.values.vocabulary import MOTIONS

if TYPE_CHECKING:
    from dangwu.judge.run import Run


def motion_of(step: Step, records: Sequence[Record]) -> tuple[str, int] | None:
    """The newest motion on a step with the months it names; where none is named the regular one, None without a vote."""
    votes = [record.evidence["vote"] for record in records if "vote" in record.evidence]
    return (votes[-1].motion or next(iter(step.outcomes), ""), votes[-1].months) if votes else None


def ends_otherwise(step: Step, records: Sequence[Record]) -> bool:
    """Whether the newest motion on a step is not the regular one (an extension, a revocation): local gates before the regular
    one, such as a poll that failed, do not keep the meeting from deciding that."""
    motion = motion_of(step, records)
    outcome = step.outcomes.get(motion[0]) if motion else None
    return outcome is not None and outcome.then != "continue"


def wrong_motion(step: Step, records: Sequence[Record], extensions: int) -> list[Finding]:
    """Why the newest motion cannot be put; `extensions` is how often the time has been extended already."""
    motion = motion_of(step, records)
    if motion is None:
        return []
    name, months = motion
    outcome = step.outcomes.get(name)
    if outcome is None:
        return [
            _wrong(
                f"没有“{name}”这一事项，可表决的事项有：{'、'.join(MOTIONS.get(one, one) for one in step.outcomes)}"
            )
        ]
    if outcome.then != "repeat":
        return []
    low, high = outcome.months
    if extensions >= outcome.times:
        return [_wrong("预备期只能延长一次，已经延长过。应表决按期转正或取消预备党员资格")]
    if not low <= months <= high:
        return [_wrong(f"延长预备期不能少于 {low} 个月、不能超过 {high} 个月，填写的是 {months} 个月")]
    return []


def _wrong(why: str) -> Finding:
    return Finding("vote.motion", IMPOSSIBLE, "", (), {"why": why})


def carried(run: Run) -> tuple[Step, Outcome, int] | None:
    """The motion that was carried and confirmed, if any: the step that confirms it, what follows, and the months."""
    for step in run.plan.steps:
        if step.confirms and run.found[step.index].state == DONE:
            voted = run.plan.by_id[step.confirms]
            regular = (next(iter(voted.outcomes)), 0)
            motion, months = motion_of(voted, run.counted.get(voted.index, ())) or regular
            return step, voted.outcomes[motion], months
    return None


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
    return Standing(
        stage=_stage(run, live),
        status=CLOSED if ended else _status(steps),
        membership=membership,
        membership_since=since,
        steps=steps,
        due=min((one.due for one in live if one.due is not None), default=None),
        turns=run.next,
        extended_months=run.extended,
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


def _status(steps: Mapping[str, StepStanding]) -> str:
    if any(one.follows.close for one in steps.values()):
        return CLOSED
    return COMPLETED if all(one.state in (DONE, WAIVED) for one in steps.values()) else RUNNING


def _membership(run: Run) -> tuple[str, date | None]:
    reached: tuple[str, date | None] = ("none", None)
    for state in run.plan.procedure.states if run.plan.procedure else ():
        step = run.plan.by_id.get(state.after)
        if step is None or not run.clear[step.index] or not _effective(run, step):
            break
        reached = (state.id, _since(run, state.from_ or state.after))
    return reached


def _effective(run: Run, step: Step) -> bool:
    """Whether every step is done without which this one does not take effect."""
    return all(run.clear[one.index] for one in run.plan.steps if one.completes == step.id)


def _since(run: Run, step_id: str) -> date | None:
    step = run.plan.by_id[step_id]
    if step.span is not None:
        return run.span_end(step_id, step.span)
    notice = run.found[step.index].until
    if notice is not None:
        return notice + timedelta(days=1)
    ready = run.ready[step.index]
    return run.at.settled.get(step_id) or (ready if ready > date.min else None)
