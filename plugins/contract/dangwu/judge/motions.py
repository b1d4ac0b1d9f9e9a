"""What a meeting decides on: the motions that a step knows, and which of them was put."""

from __future__ import annotations

from collections.abc import Sequence

from dangwu.case.case import Record
from dangwu.facets.finding import IMPOSSIBLE, Finding
from dangwu.regime.step import Step
from dangwu.values.vocabulary import MOTIONS


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


__all__ = ["ends_otherwise", "motion_of", "wrong_motion"]
