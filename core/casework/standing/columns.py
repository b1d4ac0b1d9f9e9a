"""A case's standing as columns for lists. Pure: what the contract found is only laid out, nothing is judged here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

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
    Standing,
    StepStanding,
    explain,
    kind_of,
    rank,
)

ONE_DAY = timedelta(days=1)


def standing_columns(standing: Standing, computed_on: date) -> dict[str, Any]:
    """Column → value for case_file.

    `open_steps`, `open_states` and `open_levels` run side by side, over the steps that are open, waiting or failed; the
    states are those of `seen_state`. `waits_for` are the levels on which something can be done now; `waiting_until` is the
    first day on which a waiting ends; `changes_on` the next day on which time alone may change something.
    """
    steps = [standing.steps[step] for step in standing.open]
    return {
        "status": standing.status,
        "ended": standing.ended,
        "stage": standing.stage,
        "membership": standing.membership,
        "open_steps": [step.id for step in steps],
        "open_states": [seen_state(step) for step in steps],
        "open_levels": [own_level(step.rules) for step in steps],
        "waits_for": sorted({level for step in steps for level in waits_for(step)}),
        "reasons": list(dict.fromkeys(one.code for step in steps for one in telling(step))),
        "next_due": standing.due,
        "waiting_until": min((day for step in steps if (day := waiting_until(step))), default=None),
        "changes_on": standing.turns,
        "computed_on": computed_on,
    }


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
