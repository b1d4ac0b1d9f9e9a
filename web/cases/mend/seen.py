"""What a correction would change, in words: shown before it is made, and before it is agreed to."""

from __future__ import annotations

import msgspec

from core.casework.acts.wrong import Consequence
from dangwu import DONE, WAIVED, StepStanding, explain
from web.cases.file.opened import CaseFile
from web.kit.casework import LEVELS
from web.kit.procedures import state_title


class Seen(msgspec.Struct, frozen=True):
    """What will be otherwise: `falls` are the steps that no longer stand, each with why; `agrees` who must agree first."""

    falls: tuple[tuple[str, str], ...]
    rests: tuple[str, ...]
    membership: tuple[str, str] | None
    status: tuple[str, str] | None
    agrees: str
    others: tuple[str, ...]
    counts: bool
    """Whether the record itself counts: else it only says how it was."""

    @property
    def same(self) -> bool:
        """Whether only the record itself changes."""
        return not (self.falls or self.membership or self.status or self.others)


def seen(file: CaseFile, found: Consequence) -> Seen:
    """The consequence of a correction for its page."""
    before, after, regime = file.standing, found.after.standing, file.regime
    procedure = file.detail.case.procedure

    def why(step: StepStanding) -> str:
        return "".join(explain.sentence(regime, one) for one in step.findings if one.blocks)

    falls = [one for one in found.undone if one in after.steps]
    changed = before.membership != after.membership
    others = [
        f"“{explain.title(regime, name)}”{_becomes(step)}"
        for name, step in after.steps.items()
        if name not in falls
        and (old := before.steps.get(name)) is not None
        and _becomes(old) != _becomes(step)
    ]
    return Seen(
        falls=tuple((explain.title(regime, one), why(after.steps[one])) for one in falls),
        rests=tuple(explain.title(regime, one) for one in found.rests),
        membership=(state_title(procedure, before.membership), state_title(procedure, after.membership))
        if changed
        else None,
        status=(before.status, after.status) if before.status != after.status else None,
        agrees=LEVELS.get(found.level, ""),
        others=tuple(others),
        counts=found.counts,
    )


def _becomes(step: StepStanding) -> str:
    """How a step stands, as far as a reader of a preview wants to know it."""
    if step.state in (DONE, WAIVED):
        return "办结"
    until = f"，{step.until} 期满" if step.until else ""
    words = {"open": "可以办理", "waiting": "等待期满", "failed": "未通过", "blocked": "尚不能办"}
    return f"{words.get(step.state, step.state)}{until}"
