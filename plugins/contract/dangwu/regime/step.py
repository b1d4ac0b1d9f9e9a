"""A step as a procedure knows it, on whatever day."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from dangwu.policy.policy import Outcome, Side, Span


class Step(msgspec.Struct, frozen=True):
    """A step of a procedure; `index` is its place in the order. What it requires on a day: `StepRules`."""

    id: str
    title: str
    stage: str
    level: str
    floor: bool
    index: int
    later: int
    """Bit mask of the steps that must follow it by some rule, whether that holds today or not (see `Plan.behind`)."""
    overtaken: int
    """Bit mask of the steps that, once begun, make a later rule's demand for this one too late: those that must follow it by the
    floor and by each plugin that adds it, so that no further plugin can add to them."""
    span: Span | None
    outcomes: Mapping[str, Outcome]
    confirms: str
    completes: str
    side: Side

    def precedes(self, other: Step) -> bool:
        """Whether the other must follow it by some rule, whether that holds today or not."""
        return bool(self.later >> other.index & 1)


__all__ = ["Step"]
