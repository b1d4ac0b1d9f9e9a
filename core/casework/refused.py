"""What the contract refuses, as an error that a person reads."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from core.errors import Invalid
from dangwu.effective import StepRules
from dangwu.explain import Citation, citations, sentence
from dangwu.facet import Finding
from dangwu.regime import Regime


class Reason(msgspec.Struct, frozen=True):
    """One finding: its code, its sentence, and the rules behind it."""

    code: str
    sentence: str
    citations: tuple[Citation, ...]


class Refused(Invalid):
    """The rules do not allow it; nothing was written. `reasons` holds every finding with its rules."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__("".join(reason.sentence for reason in reasons), code="refused")
        self.reasons = reasons


def refused(regime: Regime, rules: StepRules | None, findings: Sequence[Finding]) -> Refused:
    """The error for these findings."""
    return Refused(
        tuple(Reason(one.code, sentence(regime, one), citations(regime, rules, one)) for one in findings)
    )
