"""Where a case stands on a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import msgspec

from dangwu.facets.finding import IMPOSSIBLE, NEGATIVE, Finding
from dangwu.facets.registry import kind_of
from dangwu.policy.policy import OnFailure
from dangwu.regime.effective import StepRules

DONE, WAIVED, OPEN, WAITING, FAILED, BLOCKED = "done", "waived", "open", "waiting", "failed", "blocked"
RUNNING, CLOSED, COMPLETED = "running", "closed", "completed"


class StepStanding(msgspec.Struct, frozen=True, gc=False):
    """One step: its state, what is found, until when it waits, by when it is due, when it began and was concluded."""

    id: str
    state: str
    findings: tuple[Finding, ...] = ()
    until: date | None = None
    due: date | None = None
    opened: date | None = None
    began: date | None = None
    concluded: date | None = None
    rules: StepRules | None = None
    """What it is judged by; None for a step that is waived because nothing asks for it any more."""
    fallen: bool = False
    """It stood until a correction took the ground from it: it is done again as soon as what it rests on is."""

    @property
    def follows(self) -> OnFailure:
        """What follows from its failure; what can still be put right (see `Facet.curable`) is retried."""
        if self.rules is None or self.state != FAILED or self.fallen:
            return OnFailure()
        lasting = any(
            one.kind in (NEGATIVE, IMPOSSIBLE) and one.reason not in kind_of(one.facet).curable
            for one in self.findings
        )
        return self.rules.on_failure if lasting else OnFailure()

    @property
    def lapsed(self) -> tuple[Finding, ...]:
        """What of its findings says that its time has run out: nothing can be recorded any more, the case must go back."""
        return tuple(one for one in self.findings if one.reason in kind_of(one.facet).lapses)

    @property
    def cited(self) -> frozenset[str]:
        """The ids of the rules that its requirements or findings rest on."""
        asking = self.rules.attaining if self.rules else ()
        return self.behind(self.because()).union(asking)

    def behind(self, codes: Collection[str]) -> frozenset[str]:
        """The ids of the rules that its findings of these codes rest on."""
        if self.rules is None:
            return frozenset()
        told = [one for one in self.findings if one.code in codes]
        return frozenset(
            rule
            for one in told
            for rule in self.rules.rules_of(one.facet, one.param, one.keys, stops=one.blocks)
        )

    def because(self) -> frozenset[str]:
        """The codes of its findings."""
        return frozenset(one.code for one in self.findings)


NOWHERE = StepStanding("", "absent")
"""For a step that the procedure does not have at this time."""


class Standing(msgspec.Struct, frozen=True):
    """The case: stage, status, membership (since when), steps in order, next deadline, and the next day to look again."""

    stage: str
    status: str
    membership: str
    membership_since: date | None
    steps: Mapping[str, StepStanding]
    due: date | None
    turns: date | None
    """The next day on which time alone may change something."""
    extended_months: int = 0
    ended: str = ""
    """The reason for which it was ended, of those that its procedure declares."""

    @property
    def open(self) -> tuple[str, ...]:
        """The steps that are open, waiting or failed, in order."""
        return tuple(step.id for step in self.steps.values() if step.state in (OPEN, WAITING, FAILED))

    def findings(self) -> list[tuple[str, Finding]]:
        """All findings on those steps."""
        return [(step, one) for step in self.open for one in self.steps[step].findings]
