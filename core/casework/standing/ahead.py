"""What comes next in a case, and when: found by asking the contract where the case will stand on a later day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from core.casework.matter import Matter
from core.casework.standing.steps import is_held, is_void, possible_from
from dangwu import (
    BLOCKED,
    CLOCK,
    DONE,
    FAILED,
    OPEN,
    RUNNING,
    WAITING,
    WAIVED,
    Judged,
    StepStanding,
    explain,
)

LIVE = (OPEN, WAITING, FAILED)


class Coming(msgspec.Struct, frozen=True):
    """Steps that can be taken from `day` on; None: when the steps `after` are done, which cannot be before `earliest`.
    `due` is their first deadline."""

    day: date | None
    after: tuple[str, ...]
    steps: tuple[str, ...]
    due: date | None
    earliest: date | None = None


def coming(matter: Matter, today: date) -> Iterator[Coming]:
    """What time alone will open, by day; then what follows when the steps at hand are done."""
    now = matter.on(today)
    standing = now.standing
    if standing.status != RUNNING:
        return
    known = {one.id for one in standing.steps.values() if one.state == OPEN and not is_held(one)}
    days = {
        one.until + timedelta(days=1) for one in standing.steps.values() if one.state == WAITING and one.until
    }
    days |= {day for one in standing.steps.values() if (day := possible_from(one)) and day > today}
    for day in sorted(days):
        later = matter.on(day)
        then = later.standing
        fresh = [
            one
            for one in then.open
            if one not in known and then.steps[one].state == OPEN and not is_held(then.steps[one])
        ]
        if fresh:
            known |= set(fresh)
            dues = [due for one in fresh if (due := then.steps[one].due)]
            titles = tuple(explain.title(later.regime, one) for one in fresh)
            yield Coming(day, (), titles, min(dues, default=None))
    yield from _following(now, known)


def _following(now: Judged, known: set[str]) -> Iterator[Coming]:
    regime, standing = now.regime, now.standing
    groups: dict[tuple[str, ...], list[str]] = {}
    for step, one in standing.steps.items():
        if one.state == BLOCKED and step not in known:
            pending = tuple(pending_before(now, step))
            if pending and all(_goes_on(standing.steps[first]) for first in pending):
                groups.setdefault(pending, []).append(step)
    for pending, steps in groups.items():
        yield Coming(
            None,
            tuple(explain.title(regime, one) for one in pending),
            tuple(explain.title(regime, one) for one in steps),
            None,
            max((day for one in pending if (day := _clear_from(standing.steps[one]))), default=None),
        )


def _clear_from(step: StepStanding) -> date | None:
    """The day after the last one of a time that runs in it, whatever else it still lacks."""
    ends = [one.until for one in step.findings if one.kind == CLOCK and one.until]
    return max(ends) + timedelta(days=1) if ends else None


def _goes_on(step: StepStanding) -> bool:
    """Whether it is at hand and can still be concluded as it stands."""
    return step.state in LIVE and not is_void(step)


def pending_before(now: Judged, step: str) -> Iterator[str]:
    """The last steps before one that are not done; a step that is not there lets one look through it."""
    plan, standing = now.plan, now.standing
    tags = now.case.tags_on(now.day)
    order = plan.on(now.day, tags).order
    seen: set[str] = set()

    def look(index: int) -> Iterator[str]:
        for earlier in order.before[index]:
            name = plan.steps[earlier].id
            found = standing.steps.get(name)
            if found is None or found.state in (DONE, WAIVED):
                yield from look(earlier)
            elif name not in seen:
                seen.add(name)
                yield name

    found = set(look(plan.by_id[step].index))
    # What must come before another of them is said by that one.
    last = [one for one in found if found & plan.following(one, now.day, tags) == {one}]
    yield from sorted(last, key=lambda one: plan.by_id[one].index)
