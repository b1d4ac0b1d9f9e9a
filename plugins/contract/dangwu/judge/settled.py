"""What of a case is settled: the steps of which nothing can change but by an act on themselves, so that they are judged once.

It goes with the case and lets the next judgement begin behind it. What it rests on is in its `mark`: a correction, a return, an
objection, a late record, other facts, another policy, plugin or calendar make another mark or stand in its way (`holds`), and
then the case is judged afresh. It never decides anything: judging with it and without it gives the same.
"""

from __future__ import annotations

from datetime import date
from hashlib import blake2b

import msgspec

from dangwu.case.case import Case, Record
from dangwu.judge.standing import NOWHERE, StepStanding
from dangwu.regime.effective import StepRules
from dangwu.regime.plan import Plan
from dangwu.regime.regime import Regime
from dangwu.values.days import calendar_mark

_encoder = msgspec.msgpack.Encoder(order="deterministic", enc_hook=repr)


class Kept(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One settled step, by its index: what StepStanding says, when the next is `ready`, when the floor was `met`."""

    index: int
    state: str
    ready: date
    until: date | None
    opened: date | None
    began: date | None
    concluded: date | None
    met: date | None

    def standing(self, step: str, rules: StepRules | None) -> StepStanding:
        """The step as it was judged."""
        if self.state == NOWHERE.state:
            return NOWHERE
        return StepStanding(
            step, self.state, (), self.until, None, self.opened, self.began, self.concluded, rules
        )


class Settled(msgspec.Struct, frozen=True, array_like=True):
    """What was settled on `day` of a case with so many `entries`; `closed` are the settled steps as a bit mask.

    A closed step that is not among `steps` has a warning and is judged again, as it was.
    """

    mark: str
    day: date
    entries: int
    closed: int
    steps: tuple[Kept, ...]

    def holds(self, regime: Regime, plan: Plan, case: Case, today: date) -> bool:
        """Whether it is still settled: nothing happened since but acts on other steps, under the same rules."""
        turns = plan.turns
        return (
            self.day <= today
            and turns.interval(self.day) == turns.interval(today)
            and all(self._leaves(plan, entry) for entry in case.entries[self.entries :])
            and self.mark == marked(regime, case, self.entries)
        )

    def _leaves(self, plan: Plan, entry: object) -> bool:
        """Whether an entry made since leaves it as it is."""
        if type(entry) is not Record or entry.day < self.day:
            return False
        step = plan.by_id.get(entry.step)
        return step is None or not self.closed >> step.index & 1


def marked(regime: Regime, case: Case, entries: int) -> str:
    """What tells whether a judgement rested on the same: the policies, the calendar, the person, the first so many entries."""
    told = (regime.mark, calendar_mark(), msgspec.structs.replace(case, entries=case.entries[:entries]))
    return blake2b(_encoder.encode(told), digest_size=16).hexdigest()


__all__ = ["Kept", "Settled", "marked"]
