"""What was recorded at a meeting follows when the meeting is put right: its day, and the numbers that its roll gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from core.activities.check import Counted
from core.actor import Actor
from core.casework.acts.correct import consequence, correct, with_people
from core.casework.acts.meeting import given
from core.casework.acts.record import step_rules
from core.casework.acts.wrong import recorded
from core.casework.matter import Matter
from core.casework.model import Evidence
from dangwu import StepRules


async def follow_meeting(
    actor: Actor, matter: Matter, entry_id: UUID, day: date, counted: Counted, reason: str, today: date
) -> str:
    """Put the record right after its meeting, which was on `day` with so many there; the level that must agree first ("": none,
    and it is done). Raises as `correct`."""
    wrong = recorded(actor, matter, entry_id)
    told = _with_roll(wrong.evidence, step_rules(matter, wrong.step, day), counted)
    evidence = await with_people(actor, matter, wrong, day, told)
    agrees = consequence(matter, wrong, day, evidence, today).level
    await correct(
        actor, matter, entry_id, day, evidence, reason, seen_version=matter.case.version, today=today
    )
    return agrees


def _with_roll(evidence: Evidence, rules: StepRules, counted: Counted) -> dict[str, Any]:
    """The evidence with what the roll gives; what it does not say is not said."""
    found: dict[str, Any] = dict(evidence)
    for (name, field), said in given(rules, counted).items():
        inner = found.get(name)
        if isinstance(inner, Mapping) and inner.get(field) is not None:
            found[name] = {**inner, field: said}
    return found
