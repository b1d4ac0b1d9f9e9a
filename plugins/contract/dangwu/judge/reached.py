"""What was reached stays: what comes from outside afterwards (an objection, a reply) holds a case back, and undoes nothing.

Whether it does is for people to decide: they send the case back, or put a motion (design §3.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from dangwu.case.case import Case, Record
from dangwu.facets.finding import Finding
from dangwu.facets.reading import only_supplements
from dangwu.judge.counted import Counted
from dangwu.judge.judging import state_of
from dangwu.judge.paper import brought_up, on_paper
from dangwu.judge.standing import DONE, StepStanding
from dangwu.regime.effective import StepRules
from dangwu.regime.step import Step


class Walk(Protocol):
    """The run over the steps that asks: see `Run`."""

    case: Case
    counted: Counted

    def judge(self, step: Step, rules: StepRules, records: Sequence[Record]) -> list[Finding]:
        """What is found for these records."""

    def end(self, rules: StepRules, records: Sequence[Record]) -> date | None:
        """The last day of the times that run in a step once all is given."""


def was_done(run: Walk, step: Step, found: StepStanding) -> bool:
    """Whether a step that is not done was done until something came to it on a later day."""
    if found.rules is None or found.began is None or found.fallen:
        return False
    records = list(run.counted.records.get(step.index, ()))
    while records and only_supplements(records[-1]):
        later = records.pop()
        done = _done(run, step, found.rules, records)
        if done is not None and done < later.day:
            return True
    return False


def _done(run: Walk, step: Step, rules: StepRules, records: Sequence[Record]) -> date | None:
    """The day on which a step was done by these records (a notice on its last day); None if it was not."""
    day = run.counted.given.get(step.index)
    if day is None and not records:
        return None
    if day is None:
        found = run.judge(step, rules, records)
        last = run.end(rules, records) or records[-1].day
    else:
        paper = [on_paper(rules, run.case, day)]
        found = brought_up(run.judge(step, rules, paper), run.judge(step, rules, [*paper, *records]))
        last = max([day, *(one.day for one in records)])
    return last if state_of(found, True)[0] == DONE else None


__all__ = ["was_done"]
