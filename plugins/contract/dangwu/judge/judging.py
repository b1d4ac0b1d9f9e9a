"""What is found for one step, taken by itself, and the state that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dangwu.case.case import Case
from dangwu.errors import at
from dangwu.facets.finding import CLOCK, FORBIDDEN, IMPOSSIBLE, KINDS, MISSING, NEGATIVE, Finding
from dangwu.judge.standing import BLOCKED, DONE, FAILED, OPEN, WAITING
from dangwu.regime.regime import Check


def unsettled(findings: Sequence[Finding]) -> bool:
    """Whether something other than a date is still wanting."""
    return any(one.kind in (MISSING, NEGATIVE, FORBIDDEN, IMPOSSIBLE) for one in findings)


def state_of(findings: Sequence[Finding], clear: bool) -> tuple[str, date | None]:
    """The state of a step with these findings, and until when its clock runs; `clear`: all earlier steps are done."""
    if not findings:
        return DONE, None
    kinds = {one.kind for one in findings}
    if NEGATIVE in kinds or IMPOSSIBLE in kinds:
        return FAILED, None
    waits = MISSING in kinds or FORBIDDEN in kinds
    if not waits and CLOCK not in kinds:
        return DONE, None
    if not clear:
        return BLOCKED, None
    ends = [one.until for one in findings if one.kind == CLOCK and one.until is not None]
    return OPEN if waits else WAITING, max(ends, default=None)


class NotAFinding(TypeError):
    """A plugin's check gave something else than findings."""


def _proper(one: object) -> Finding:
    if not isinstance(one, Finding) or one.kind not in KINDS or (one.kind == CLOCK and one.until is None):
        raise NotAFinding(f"not a finding: {one!r}")
    return one


def checked(plugin: str, check: Check, step: str, case: Case, today: date) -> list[Finding]:
    """What a plugin's own check finds. One that raises blocks its step and says so: the platform goes on."""
    try:
        found = [_proper(one) for one in check(step=step, case=case, today=today) or ()]
    except NotAFinding:
        return [Finding("check.error", MISSING, "", (), {"error": "给出的不是 Finding"}, plugin=plugin)]
    except Exception as error:
        return [
            Finding(
                "check.error", MISSING, "", (), {"error": f"{type(error).__name__}{at(error)}"}, plugin=plugin
            )
        ]
    return [
        Finding(one.code, one.kind, one.param, one.keys, one.values, one.until, one.since, plugin)
        for one in found
    ]
