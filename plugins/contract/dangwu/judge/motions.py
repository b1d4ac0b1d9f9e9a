"""What a meeting decides on: the motions that a step knows, and which of them was put."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dangwu.case.case import Record
from dangwu.facets.finding import IMPOSSIBLE, Finding
from dangwu.facets.motion import Motion, motion_in
from dangwu.policy.policy import Outcome
from dangwu.regime.step import Step
from dangwu.values.vocabulary import MOTIONS


def motion_of(step: Step, records: Sequence[Record]) -> Motion | None:
    """The newest motion on a step; where none is named the regular one, None where nothing is decided."""
    motion = motion_in(records)
    return motion and motion._replace(name=motion.name or next(iter(step.outcomes), ""))


def other_motion(step: Step, records: Sequence[Record]) -> Outcome | None:
    """What the newest motion on a step leads to, if it is not the regular one (an extension, a revocation)."""
    motion = motion_of(step, records)
    outcome = step.outcomes.get(motion.name) if motion else None
    return outcome if outcome is not None and outcome.then != "continue" else None


def wrong_motion(step: Step, records: Sequence[Record], extensions: int) -> list[Finding]:
    """Why the newest motion cannot be put; `extensions` is how often the time has been extended already."""
    motion = motion_of(step, records)
    why = _wrong(motion, step.outcomes, extensions) if motion else ""
    return [Finding(f"{motion.facet}.motion", IMPOSSIBLE, "", (), {"why": why})] if motion and why else []


def _wrong(motion: Motion, outcomes: Mapping[str, Outcome], extensions: int) -> str:
    outcome = outcomes.get(motion.name)
    if outcome is None:
        possible = "、".join(MOTIONS.get(one, one) for one in outcomes)
        return f"没有“{motion.name}”这一事项，可表决的事项有：{possible}"
    if outcome.then != "repeat":
        return ""
    low, high = outcome.months
    if extensions >= outcome.times:
        return "预备期只能延长一次，已经延长过。应表决按期转正或取消预备党员资格"
    if not low <= motion.months <= high:
        return f"延长预备期不能少于 {low} 个月、不能超过 {high} 个月，填写的是 {motion.months} 个月"
    return ""


__all__ = ["motion_of", "other_motion", "wrong_motion"]
