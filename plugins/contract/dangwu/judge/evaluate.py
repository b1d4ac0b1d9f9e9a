"""The standing of a case: a pure function of the policy's history, what was recorded, and the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from dangwu.case.case import Case, Entry, Record
from dangwu.judge.counted import Counted
from dangwu.judge.outcome import carried, standing
from dangwu.judge.rounds import Carried, Round, rounds
from dangwu.judge.run import Run
from dangwu.judge.standing import Standing
from dangwu.regime.regime import Regime


class Judged:
    """A case judged by `regime` on `day`. Whoever asks more than one thing about a case makes it once and hands it on."""

    def __init__(self, regime: Regime, case: Case, day: date) -> None:
        self.regime, self.case, self.day = regime, case, day
        self.plan = regime.plan(case.procedure)
        self.run = _run(regime, case, day)

    @cached_property
    def standing(self) -> Standing:
        """Where the case stands."""
        return standing(self.run)

    @cached_property
    def records(self) -> Mapping[str, tuple[Record, ...]]:
        """Step → its records that still count, by day."""
        return {self.plan.steps[index].id: tuple(found) for index, found in self.run.counted.records.items()}

    def with_entry(self, entry: Entry) -> Judged:
        """The same case with one entry more, judged on the same day."""
        return Judged(self.regime, self.case.with_entry(entry), self.day)


def judged(regime: Regime, case: Case, today: date) -> Judged:
    """The case judged on `today`: where it stands, and the records that count."""
    return Judged(regime, case, today)


def evaluate(regime: Regime, case: Case, today: date) -> Standing:
    """Where the case stands on `today`."""
    return Judged(regime, case, today).standing


def _run(regime: Regime, case: Case, today: date) -> Run:
    """The run of a case on `today`, in the round that an approved extension has begun."""
    plan = regime.plan(case.procedure)

    def confirmed(case: Case, day: date, before: tuple[Round, ...]) -> Carried | None:
        then = Run(Counted(plan, case, day, before), regime.checks)
        motion = carried(then)
        return motion and (*motion, then.found[motion[0].index].concluded or day)

    return Run(Counted(plan, case, today, rounds(plan, case, today, confirmed)), regime.checks)
