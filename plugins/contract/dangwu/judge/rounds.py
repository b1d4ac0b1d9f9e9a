"""Rounds: an approved extension of a fixed time leads back to an earlier step, and what was done before no longer counts.

What a round changes must be known before later records are looked at: the approval of the extension is not the approval of the
decision that follows. So the rounds are found day by day, as the case stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import msgspec

from dangwu.case.case import Case, Record, Return
from dangwu.facets.motion import motion_in
from dangwu.policy.policy import Outcome
from dangwu.regime.plan import Plan
from dangwu.regime.step import Step

Carried = tuple[Step, Outcome, int, date]
"""The step that confirmed a motion, what follows, the months it names, and the day on which it was confirmed."""


class Round(msgspec.Struct, frozen=True):
    """A new round from step `target` (its index) on, `months` longer: records up to the day `last` no longer count in it."""

    target: int
    months: int
    last: date


def rounds(
    plan: Plan, case: Case, today: date, carried: Callable[[Case, date, tuple[Round, ...]], Carried | None]
) -> tuple[Round, ...]:
    """The rounds begun up to `today`; `carried(case, day, rounds)` is the motion confirmed as of a day.

    None without an extension.
    """
    first = _first_motion(plan, case)
    if first is None or first > today:
        return ()
    found: tuple[Round, ...] = ()
    for day in _days(case, first, today):
        found = tuple(one for one in found if not _undone(plan, case, one, day))
        motion = carried(_before_going_back(plan, case, day), day, found)
        if motion is not None and motion[1].then == "repeat" and motion[1].repeat in plan.by_id:
            found = (*found, Round(plan.by_id[motion[1].repeat].index, motion[2], motion[3]))
    return found


def _first_motion(plan: Plan, case: Case) -> date | None:
    """The first day on which a motion was put that would lead to another round."""
    days = [
        entry.day
        for entry in case.entries
        if type(entry) is Record and entry.step in plan.repeating and _repeats(plan.by_id[entry.step], entry)
    ]
    return min(days, default=None)


def _repeats(step: Step, entry: Record) -> bool:
    motion = motion_in((entry,))
    outcome = step.outcomes.get(motion.name) if motion else None
    return outcome is not None and outcome.then == "repeat"


def _days(case: Case, first: date, today: date) -> Sequence[date]:
    """The days to look at: each act's, and its eve, on which a clock may have run out."""
    acts = {entry.day for entry in case.entries if first <= entry.day <= today}
    eves = {day - timedelta(days=1) for day in acts if day > first}
    return sorted({*acts, *eves, today})


def _before_going_back(plan: Plan, case: Case, day: date) -> Case:
    """The case without that day's returns to where a round begins: they do not undo a round begun that day (see `_undone`)."""
    targets = {one.repeat for step in plan.steps for one in step.outcomes.values() if one.then == "repeat"}
    kept = (
        entry
        for entry in case.entries
        if not (type(entry) is Return and entry.day == day and entry.step in targets)
    )
    return msgspec.structs.replace(case, entries=tuple(kept))


def _undone(plan: Plan, case: Case, one: Round, day: date) -> bool:
    """Whether the case has since gone back behind the step from which the round began: its extension is void with it."""
    return any(
        one.last <= entry.day <= day
        and entry.step != plan.steps[one.target].id
        and plan.behind(entry.step, entry.day, case.tags_on(entry.day)) >> one.target & 1
        for entry in _returns(plan, case)
    )


def _returns(plan: Plan, case: Case) -> Iterator[Return]:
    return (entry for entry in case.entries if isinstance(entry, Return) and entry.step in plan.by_id)
