"""One step of a standing as people are shown it: whose turn it is, whether it is void or held, how long it waits. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from core.casework.levels import own_level, platform_level
from dangwu import (
    ADVISORY,
    BLOCKED,
    CLOCK,
    FAILED,
    FORBIDDEN,
    OPEN,
    WAITING,
    Finding,
    StepStanding,
    explain,
    kind_of,
    rank,
)

ONE_DAY = timedelta(days=1)


def waits_for(step: StepStanding) -> frozenset[str]:
    """The levels that can do something about an open step today; none while only time must pass or nothing may be recorded.

    A step that has become void waits for its own level, which sends the case back.
    """
    own = own_level(step.rules)
    if is_void(step):
        return frozenset({own})
    if step.state not in (OPEN, FAILED) or is_held(step):
        return frozenset()
    now = explain.worth_saying(one for one in step.findings if one.kind not in (ADVISORY, CLOCK))
    reviewer = _next_reviewer(now, own)
    # While a review is outstanding nobody above it can act; who comes before it may still owe his own part.
    others = {
        level
        for one in now
        if one.reason not in kind_of(one.facet).upward
        for level in _levels_of(one, own)
        if not reviewer or rank(level) < rank(reviewer)
    }
    return frozenset(others | {reviewer} if reviewer else others or {own})


def is_void(step: StepStanding) -> bool:
    """Whether its time has run out: nothing can be recorded any more, the case must go back."""
    return step.state == FAILED and bool(step.lapsed)


def goes_back_to(step: StepStanding) -> str:
    """The step to which a failed or void step says that the case must go back; "" when it says nothing.

    A void one goes back to where its time was counted from: only that begins it anew.
    """
    anchor = next((one.values["anchor"] for one in step.lapsed), "")
    return step.follows.return_to or str(anchor)


def is_held(step: StepStanding) -> bool:
    """Whether it is open, but nothing may be recorded today: too early, in a time of no admissions, or barred."""
    return step.state == OPEN and any(one.kind == FORBIDDEN for one in step.findings)


def possible_from(step: StepStanding) -> date | None:
    """The first day on which a held step may be recorded, as far as it is known."""
    held = [one for one in step.findings if one.kind == FORBIDDEN] if is_held(step) else []
    days = [one.since for one in held if one.since]
    return max(days) if days and len(days) == len(held) else None


def seen_state(step: StepStanding) -> str:
    """The state as people are shown it: a held step is waiting until its day, or blocked when no day is known."""
    if is_held(step):
        return WAITING if possible_from(step) else BLOCKED
    return step.state


def waiting_until(step: StepStanding) -> date | None:
    """The last day of waiting; None for a step that does not wait."""
    if step.state == WAITING:
        return step.until
    return day - ONE_DAY if (day := possible_from(step)) else None


def telling(step: StepStanding) -> list[Finding]:
    """The findings that matter today: of a void step that it is void, of a held one why nothing may be recorded (papers that
    would go with the record are no matter yet)."""
    if is_void(step):
        return list(step.lapsed)
    if is_held(step):
        warnings = (
            one for one in step.findings if one.kind == ADVISORY and not one.code.endswith(".missing")
        )
        return [*(one for one in step.findings if one.kind == FORBIDDEN), *warnings]
    return explain.worth_saying(step.findings)


def _next_reviewer(findings: Sequence[Finding], own: str) -> str:
    """The lowest level whose review is lacking: reviews go upwards, so only that one can act."""
    lacking = (one for one in findings if one.reason in kind_of(one.facet).upward)
    return min((level for one in lacking for level in _levels_of(one, own)), key=rank, default="")


def _levels_of(one: Finding, own: str) -> set[str]:
    """Who can do something about a finding."""
    return {platform_level(level) if level else own for level in kind_of(one.facet).whose(one)}
