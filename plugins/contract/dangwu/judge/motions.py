"""What a meeting decides on: the motions that a step knows, and which of them was put."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dangwu.case.case import Record
from dangwu.facets.finding import IMPOSSIBLE, Finding
from dangwu.facets.motion import Motion, motion_in
from dangwu.policy.policy import Outcome
from dangwu.regime.step import Step


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
    """Why the newest motion cannot be put, motions named as {words}; `extensions`: how often the time was extended already."""
    motion = motion_of(step, records)
    why = _wrong(motion, step.outcomes, extensions) if motion else ""
    return [Finding(f"{motion.facet}.motion", IMPOSSIBLE, "", (), {"why": why})] if motion and why else []


def no_motion(step: Step, record: Record) -> list[Finding]:
    """Why a motion or its months have no place in this record: one thing is decided there, or it runs no time."""
    motion = motion_in([record])
    if motion is None or not (motion.name or motion.months):
        return []
    if not step.outcomes:
        why = "这一环节只表决一件事，不另填事项和月数"
    elif motion.months and (outcome := step.outcomes.get(motion.name)) and outcome.then != "repeat":
        why = f"“{{{motion.name}}}”不填月数"
    else:
        return []
    return [Finding(f"{motion.facet}.motion", IMPOSSIBLE, "", (), {"why": why})]


def _wrong(motion: Motion, outcomes: Mapping[str, Outcome], extensions: int) -> str:
    outcome = outcomes.get(motion.name)
    if outcome is None:
        return f"没有“{motion.name}”这一事项，可表决的事项有：{_named(outcomes)}"
    if outcome.then != "repeat":
        return ""
    low, high = outcome.months
    if extensions >= outcome.times:
        others = _named(one for one, other in outcomes.items() if other.then != "repeat")
        return f"“{{{motion.name}}}”至多 {outcome.times} 次，已经办过 {extensions} 次。应另行表决：{others}"
    if not low <= motion.months <= high:
        return f"“{{{motion.name}}}”不能少于 {low} 个月、不能超过 {high} 个月，填写的是 {motion.months} 个月"
    return ""


def _named(motions: Iterable[str]) -> str:
    return "、".join(f"{{{one}}}" for one in motions)


__all__ = ["motion_of", "no_motion", "other_motion", "wrong_motion"]
