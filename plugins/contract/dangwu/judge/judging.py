"""What is found for one step, taken by itself, and the state that follows from it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec.structs import replace

from dangwu.case.case import Case, Record
from dangwu.case.moment import Moment
from dangwu.errors import MISDEEDS, Unanswered, at
from dangwu.facets.base import Facet
from dangwu.facets.finding import CLOCK, FORBIDDEN, IMPOSSIBLE, KINDS, MISSING, NEGATIVE, Finding
from dangwu.facets.reading import only_supplements
from dangwu.facets.registry import FACETS
from dangwu.judge.standing import BLOCKED, DONE, FAILED, OPEN, WAITING, StepStanding
from dangwu.regime.asked import Asked
from dangwu.regime.checks import Check
from dangwu.regime.effective import StepRules


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


def spanned(found: StepStanding, end: date, running: Finding, today: date) -> StepStanding:
    """A step with a fixed span that is over on the day `end`; while it runs, it waits."""
    if today >= end:
        return replace(found, concluded=max(end, found.concluded) if found.concluded else found.concluded)
    state = WAITING if found.state == DONE else found.state
    until = running.until if state in (OPEN, WAITING) else None
    return replace(found, state=state, findings=(*found.findings, running), until=until)


def acted(
    rules: StepRules,
    records: Sequence[Record],
    findings: Sequence[Finding],
    concluded: date | None,
    at: Moment,
) -> date | None:
    """The day by which time is told: that of the newest act, once only papers, signatures or replies are wanting to it."""
    only_more = all(
        (facet := rules.facets.get(one.facet)) is not None and "*" in facet.supplements and facet.made_without
        for one in findings
        if one.kind in (MISSING, NEGATIVE, IMPOSSIBLE)
    )
    if not only_more:
        return concluded
    newest = next((one.day for one in reversed(records) if not only_supplements(one)), None)
    made = _made(rules, records, at)
    return concluded if newest is None else max(newest, made or newest)


def _made(rules: StepRules, records: Sequence[Record], at: Moment) -> date | None:
    """The day with which there was enough of that without which no act is made; None where nothing of it is asked."""
    asked = [one for one in rules.facets.values() if not one.made_without]
    enough = (
        one.day
        for count, one in enumerate(records, 1)
        if not any(unsettled(facet.judge(records[:count], at)) for facet in asked)
    )
    return next(enough, None) if asked else None


def concluded_on(
    rules: StepRules, records: Sequence[Record], wanting: bool, at: Moment
) -> tuple[date | None, date | None]:
    """The day on which the step was done by all rules (None while something is wanting), and by the floor's alone."""
    first, last = newest_whole(records), len(records)
    concluded = None if wanting else met_on(rules.asking, records, first, last - 1, at) or records[-1].day
    return concluded, met_on(
        rules.floor_asking, records, first, last if wanting else last - 1, at
    ) or concluded


def newest_whole(records: Sequence[Record]) -> int:
    """How many records there are up to the newest that replaces the older whole: no step was done by one before it."""
    wholes = {name for name, kind in FACETS.items() if kind.replaces}
    counts = range(len(records), 1, -1)
    return next((count for count in counts if not wholes.isdisjoint(records[count - 1].evidence)), 1)


def met_on(asking: Asked, records: Sequence[Record], first: int, last: int, at: Moment) -> date | None:
    """The day of the record with which these requirements were met (a posted notice counts as met); None if they are not.

    From the first so many records to the first so many, both included. What keeps is searched by halving, before the rest is
    asked record by record: many records of one step cost hardly more than a few.
    """
    first = max(first, asking.least)
    if first > last:
        return None
    keeping = asking.keeping
    if not _met(keeping, records[:first], at):
        if not _met(keeping, records[:last], at):
            return None
        first += bisect_left(range(first, last), True, key=lambda count: _met(keeping, records[:count], at))
    while first <= last:
        given = records[:first]
        wanting = next((one for one in asking.others if unsettled(one.judge(given, at))), None)
        if wanting is None:
            return records[first - 1].day
        first += 1 + wanting.more(given)
    return None


def _met(asking: Iterable[Facet], records: Sequence[Record], at: Moment) -> bool:
    return not any(unsettled(one.judge(records, at)) for one in asking)


def held_by(plugin: str, why: str) -> Finding:
    """What holds a step for which a plugin's Python gave no answer that counts."""
    return Finding("check.error", MISSING, "", (), {"error": why}, plugin=plugin)


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
    except Unanswered as held:
        return [held_by(plugin, held.why)]
    except NotAFinding:
        return [held_by(plugin, "给出的不是 Finding")]
    except MISDEEDS as error:
        return [held_by(plugin, f"{type(error).__name__}{at(error)}")]
    return [
        Finding(one.code, one.kind, one.param, one.keys, one.values, one.until, one.since, plugin)
        for one in found
    ]
