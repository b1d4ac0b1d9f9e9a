"""What a correction takes the ground from: steps behind a corrected one stand only as far as they would have been possible.

A record was accepted because what comes before it was done. A correction may show that it was not, or not yet: then what rests
on it has fallen, and is done again. Nothing else is asked anew of what was once accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from msgspec.structs import replace

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.finding import NEGATIVE, Finding
from dangwu.facets.reading import only_supplements
from dangwu.facets.registry import kind_of
from dangwu.judge.counted import Counted
from dangwu.judge.motions import motion_of, other_motion
from dangwu.judge.standing import DONE, FAILED, WAIVED, StepStanding
from dangwu.regime.effective import StepRules
from dangwu.regime.plan import Plan
from dangwu.regime.step import Step

NEVER = date.max
PASSED = (DONE, WAIVED, "absent")


class Walk(Protocol):
    """The run over the steps that asks: see `Run`."""

    plan: Plan
    counted: Counted
    at: Moment
    found: list[StepStanding]
    unclear: int

    def judged(
        self, step: Step, rules: StepRules | None, records: Sequence[Record], clear: bool, opened: date
    ) -> StepStanding:
        """The step judged by these of its records."""

    def forbidden(self, rules: StepRules, found: Sequence[Finding]) -> list[Finding]:
        """What forbids a further record today."""


class Grounds:
    """The grounds of a run in which something was corrected: by index, from which day on the next step has ground to stand on.

    `date.min` where no correction touches it, NEVER where what was corrected is no longer done.
    """

    def __init__(self, run: Walk) -> None:
        self.run = run
        self.from_: list[date] = [date.min] * len(run.plan.steps)

    def judged(self, step: Step, clear: bool, opened: date) -> StepStanding:
        """The step judged by those of its records that have ground to stand on."""
        whole = self.run.counted.records.get(step.index, ())
        need = self.needed(step, whole)
        moved = any(one.was is not None and one.day < one.was.day for one in whole)
        bound = max(need, opened) if moved else need
        kept = _since(whole, bound)
        found = self._judged(step, kept or whole, clear, opened)
        corrected = step.index in self.run.counted.corrected
        touched = corrected or need > date.min
        while kept and touched and _untimely(found) and (later := _since(kept, kept[0].day, after=True)):
            kept, found = later, self._judged(step, later, clear, opened)
        if whole and not kept:
            found = self._fallen(found, step, bound)
        elif touched and _untimely(found):
            found = replace(found, fallen=True)
        changed = found.fallen or len(kept) < len(whole) or corrected
        own = changed or (not whole and need > date.min and step.index not in self.run.counted.given)
        self.from_[step.index] = NEVER if own else need
        return found

    def _judged(self, step: Step, records: Sequence[Record], clear: bool, opened: date) -> StepStanding:
        """By the rules of the day on which the first of these was done."""
        counted = self.run.counted
        if records and step.index not in counted.given:
            rules = counted.on(records[0].day).steps.get(step.id)
        else:
            rules = counted.held(step.index).steps.get(step.id)
        return self.run.judged(step, rules, records, clear, opened)

    def passed(self, step: Step, ready: date) -> None:
        """Note that a step is done after all, and that the next can be taken from `ready` on."""
        if self.from_[step.index] == NEVER and self.run.found[step.index].state in PASSED:
            need = self.needed(step, records := self.run.counted.records.get(step.index, ()))
            self.from_[step.index] = max(need, ready, *_restated(step, records))

    def needed(self, step: Step, records: Sequence[Record] = ()) -> date:
        """From which day on what it rests on lets it be done."""
        outcome = other_motion(step, records) if step.outcomes else None
        named = outcome.after if outcome is not None else ()
        before = [self.run.plan.by_id[one].index for one in named] or self.run.counted.held(
            step.index
        ).order.before[step.index]
        return max((self.from_[one] for one in before), default=date.min)

    def _fallen(self, found: StepStanding, step: Step, bound: date) -> StepStanding:
        run = self.run
        run.at.settled.pop(step.id, None)
        run.at.concluded = None
        first = [
            one
            for one in run.counted.held(step.index).order.before[step.index]
            if self.from_[one] >= bound or run.unclear >> one & 1
        ]
        names = [run.plan.steps[one].id for one in first]
        if bound == NEVER:
            why = Finding("step.unfounded", NEGATIVE, values={"first": names})
        else:
            why = Finding(
                "step.premature", NEGATIVE, values={"first": names, "since": bound, "day": found.began}
            )
        forbidden = run.forbidden(found.rules, ()) if found.rules is not None else []
        return replace(
            found, state=FAILED, findings=(why, *found.findings, *forbidden), until=None, due=None, concluded=None, fallen=True
        )  # fmt: skip


def _since(records: Sequence[Record], day: date, *, after: bool = False) -> Sequence[Record]:
    """The records done on that day or later (`after`: later); with an act that falls, what was brought to it before the next."""
    kept = [one for one in records if one.day > day or (one.day == day and not after)]
    if len(kept) == len(records) or all(only_supplements(one) for one in records):
        return kept
    if all(only_supplements(one) for one in records[: len(records) - len(kept)]):
        return kept
    first = next((number for number, one in enumerate(kept) if not only_supplements(one)), len(kept))
    return kept[first:]


def _untimely(found: StepStanding) -> bool:
    """Whether it was done on a day, or by a person, for which it was forbidden."""
    return found.state == FAILED and any(
        one.kind == NEGATIVE
        and not kind_of(one.facet).timeless
        and one.reason not in kind_of(one.facet).lapses
        for one in found.findings
    )


def _restated(step: Step, records: Sequence[Record]) -> list[date]:
    """The days of corrections that changed what was put to the vote: what confirmed the one motion does not confirm the other."""
    return [
        one.corrected
        for one in records
        if step.outcomes
        and one.was
        and one.corrected
        and motion_of(step, [one.was]) != motion_of(step, [one])
    ]


__all__ = ["Grounds"]
