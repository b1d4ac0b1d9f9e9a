"""The standing of a case: a pure function of the policy's history, what was recorded, and the day."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date
from functools import cached_property

from msgspec.structs import replace

from dangwu.case.case import Case, Entry, Mend, Record
from dangwu.facets.absent import met_in_round
from dangwu.judge.counted import Counted
from dangwu.judge.outcome import carried, standing
from dangwu.judge.rounds import Carried, Round, rounds
from dangwu.judge.run import Run
from dangwu.judge.settle import settled as settle
from dangwu.judge.settled import Settled
from dangwu.judge.standing import Standing
from dangwu.regime.regime import Regime


class Judged:
    """A case judged by `regime` on `day`. Whoever asks more than one thing about a case makes it once and hands it on."""

    def __init__(self, regime: Regime, case: Case, day: date, settled: Settled | None = None) -> None:
        self.regime, self.case, self.day = regime.read_on(day), case, day
        self.plan = regime.plan(case.procedure)
        self.rounds = _runs(regime, case, day, settled)
        """The case as it stood when each round was decided on (judge/rounds.py), and as it stands."""
        self.run = self.rounds[-1]

    @cached_property
    def settled(self) -> Settled | None:
        """What is settled of it, for the next judgement of the case; None where nothing can be said to be."""
        return settle(self.regime, self.run)

    @cached_property
    def standing(self) -> Standing:
        """Where the case stands."""
        return standing(self.run)

    @cached_property
    def records(self) -> Mapping[str, tuple[Record, ...]]:
        """Step → its records that still count, by day."""
        return {self.plan.steps[index].id: tuple(found) for index, found in self.run.counted.records.items()}

    def with_entry(self, entry: Entry | Mend) -> Judged:
        """The same case with one entry more, judged on the same day."""
        return Judged(self.regime, self.case.with_entry(entry), self.day, self.settled)

    def still(self, day: date) -> Judged | None:
        """The same judgement as of a later day, if time alone changes nothing of it until then; else None."""
        turns = self.standing.turns
        if day < self.day or (turns is not None and turns <= day):
            return None
        later = copy(self)
        later.regime, later.day = self.regime.read_on(day), day
        return later


def judged(regime: Regime, case: Case, today: date, settled: Settled | None = None) -> Judged:
    """The case judged on `today`: where it stands, and the records that count.

    With what was `settled` of it when it was judged before, only the rest is looked at if it still holds; the answer is the same.
    """
    return Judged(regime, case, today, settled)


def evaluate(regime: Regime, case: Case, today: date, settled: Settled | None = None) -> Standing:
    """Where the case stands on `today`; `settled` as above."""
    return standing(_runs(regime, case, today, settled)[-1])


def _runs(regime: Regime, case: Case, today: date, settled: Settled | None) -> tuple[Run, ...]:
    """The run of a case on `today`, in the round that an approved extension has begun; before it those that led to each round."""
    plan = regime.plan(case.procedure)
    led: dict[int, Run] = {}

    def confirmed(case: Case, day: date, before: tuple[Round, ...]) -> Carried | None:
        then = Run(Counted(plan, _in_round(case, len(before)), day, before), regime.checks)
        if (motion := carried(then)) is None:
            return None
        led[len(before)] = then
        return (*motion, then.found[motion[0].index].concluded or day)

    begun = rounds(plan, case, today, confirmed)
    known = settled if settled and not begun and settled.holds(regime, plan, case, today) else None
    last = Run(Counted(plan, _in_round(case, len(begun)), today, begun), regime.checks, known)
    return (*(led[number] for number in range(len(begun))), last)


def _in_round(case: Case, number: int) -> Case:
    """The case with what plugins' own code had found met in that round."""
    return replace(case, met=met_in_round(case.met, number)) if case.met else case
