"""Whose turn it is: what a person can do with a step now."""

from __future__ import annotations

from collections.abc import Sequence

from core.actor import Actor
from core.casework.acts.parts import Part, may_act
from core.casework.model import LoadedCase
from core.casework.standing.steps import is_held, is_void
from core.casework.standing.turns import turns_of
from dangwu import (
    ADVISORY,
    BLOCKED,
    COMPLETED,
    DONE,
    OPEN,
    RUNNING,
    WAITING,
    WAIVED,
    Standing,
    StepStanding,
    kind_of,
)


def his_parts(actor: Actor, case: LoadedCase, standing: Standing, step: StepStanding) -> tuple[Part, ...]:
    """The levels at which he could record something in a step as it stands; none while nothing can be recorded in it."""
    if step.rules is None or standing.status not in (RUNNING, COMPLETED):
        return ()
    if standing.status == COMPLETED and not supplemented(step):
        return ()
    if step.state in (BLOCKED, WAIVED) or is_void(step) or is_held(step):
        return ()
    return may_act(actor, case, step.rules)


def supplemented(step: StepStanding) -> bool:
    """Whether papers, signatures, objections or replies can be added to a step whatever rests on it."""
    return step.rules is not None and any(kind_of(one).supplements for one in step.rules.facets)


def can_go_on(step: StepStanding, mine: Sequence[Part]) -> bool:
    """Whether one of his parts gives what the step lacks now (and not only time, or another level)."""
    turns = turns_of(step)
    return any(part.turns & turns for part in mine)


def may_add(step: StepStanding, mine: Sequence[Part], *, recorded: bool) -> bool:
    """Whether he may add to a step (objections to a notice, a further document) though it is not his turn.

    `recorded`: something has been recorded in it that counts.
    """
    if not mine or can_go_on(step, mine):
        return False
    return step.state in (WAITING, DONE) or (
        step.state == OPEN and recorded and any(part.own for part in mine)
    )


def adds_advised(step: StepStanding, mine: Sequence[Part]) -> bool:
    """Whether a part of his gives what the step is only advised to have and still lacks: that is taken when all is done, too."""
    return any(
        one.kind == ADVISORY and one.reason == "missing" and {*one.keys} & {*part.keys.get(one.facet, ())}
        for one in step.findings
        for part in mine
    )
