"""What is found for one step, taken by itself, and the state that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dangwu.case.case import Case
from dangwu.case.moment import Moment
from dangwu.errors import at
from dangwu.facets.base import Facet
from dangwu.facets.finding import ADVISORY, CLOCK, FORBIDDEN, IMPOSSIBLE, KINDS, MISSING, NEGATIVE, Finding
from dangwu.judge.standing import BLOCKED, DONE, FAILED, OPEN, WAITING, StepStanding
from dangwu.regime.effective import StepRules

_EMPTY: dict[int, tuple[StepRules, tuple[Finding, ...]]] = {}
_BLOCKED: dict[int, StepStanding] = {}


def advised(facet: Facet, findings: list[Finding]) -> list[Finding]:
    """What an advisory facet finds are warnings; figures that cannot be stay impossible."""
    if not facet.advisory:
        return findings
    return [
        one
        if one.kind in (ADVISORY, IMPOSSIBLE)
        else Finding(one.code, ADVISORY, one.param, one.keys, one.values, one.until, one.since)
        for one in findings
    ]


def nothing_given(rules: StepRules) -> tuple[Finding, ...]:
    """What timeless facets find when nothing has been recorded: worked out once for each compiled step."""
    key = id(rules)
    kept = _EMPTY.get(key)
    if kept is not None and kept[0] is rules:
        return kept[1]
    moment = Moment(Case(), date.min, {}, {})
    found = tuple(
        one
        for facet in rules.facets.values()
        if facet.timeless and facet.evidence is not None
        for one in advised(facet, facet.judge((), moment))
    )
    if rules.records:
        found = (*found, Finding("step.record", MISSING))
    if len(_EMPTY) > 4096:
        _EMPTY.clear()
    _EMPTY[key] = (rules, found)
    return found


def blocked(rules: StepRules) -> StepStanding:
    """A step that waits for earlier ones and has nothing to do with the day: the same for every case, so made only once."""
    kept = _BLOCKED.get(id(rules))
    if kept is None or kept.rules is not rules:
        if len(_BLOCKED) > 4096:
            _BLOCKED.clear()
        kept = _BLOCKED[id(rules)] = StepStanding(rules.id, BLOCKED, nothing_given(rules), rules=rules)
    return kept


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


def _proper(one: Any) -> Finding:
    if not isinstance(one, Finding) or one.kind not in KINDS or (one.kind == CLOCK and one.until is None):
        raise NotAFinding(f"not a finding: {one!r}")
    return one


def checked(plugin: str, check: Any, step: str, case: Case, today: date) -> list[Finding]:
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
