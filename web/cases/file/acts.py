"""What this person can do with a step now. Asked of core, never decided here."""

from __future__ import annotations

from collections.abc import Sequence

from core.casework.acts.parts import Part
from core.casework.levels import BY_LEVEL
from core.casework.standing.columns import is_void, waits_for
from dangwu import FAILED, MISSING, StepStanding


def can_go_on(step: StepStanding, mine: Sequence[Part]) -> bool:
    """Whether one of his parts gives what the step lacks now (and not only time, or another level)."""
    if step.rules is None or is_void(step):
        return False
    now = [part for part in mine if part.level in waits_for(step)]
    if step.state == FAILED:
        return bool(now) and not step.follows.close and not step.follows.return_to
    lacking = {one.code.partition(".")[0] for one in step.findings if one.kind == MISSING}
    others = lacking.intersection(BY_LEVEL)
    return any((part.own and (lacking - others or not lacking)) or others & part.facets for part in now)
