"""What the contract refuses, as an error that a person reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from core.errors import Invalid, said
from dangwu import Citation, Finding, Regime, StepRules, StepStanding, explain


class Reason(msgspec.Struct, frozen=True):
    """One finding: its code, its sentence, and the rules behind it, each once."""

    code: str
    sentence: str
    citations: tuple[Citation, ...]


class Refused(Invalid):
    """The rules do not allow it; nothing was written. `reasons` holds every finding with its rules."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__("".join(reason.sentence for reason in reasons), code="refused")
        self.reasons = reasons


def refused(
    regime: Regime,
    rules: StepRules | None,
    findings: Sequence[Finding],
    steps: Mapping[str, StepStanding] | None = None,
    why: Mapping[str, str] | None = None,
) -> Refused:
    """The error for these findings; with `steps` a step that must come first is cited by its own rules.

    `why` says by name what the register knows of those whom a finding speaks of.
    """
    return Refused(
        tuple(
            Reason(one.code, _said(regime, one, why or {}), _cited(regime, rules, one, steps or {}))
            for one in findings
        )
    )


def _said(regime: Regime, one: Finding, why: Mapping[str, str]) -> str:
    sentence, known = said(explain.sentence(regime, one)), why.get(str(one.values.get("name", "")))
    return f"{sentence}名册登记：{known}。" if known else sentence


def _cited(
    regime: Regime, rules: StepRules | None, one: Finding, steps: Mapping[str, StepStanding]
) -> tuple[Citation, ...]:
    if one.code != "step.blocked":
        return tuple(dict.fromkeys(explain.citations(regime, rules, one)))
    first = [steps[step].rules for step in one.values["first"] if step in steps]
    attaining = (rule for earlier in first if earlier is not None for rule in earlier.attaining)
    return tuple(dict.fromkeys(explain.cited(regime, attaining)))
