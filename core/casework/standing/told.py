"""Which happenings an event of a case is: what was done, and what it came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from core.casework.standing.compute import Computed
from core.events import Happening

TOLD = {
    "opened": "opened", "taken-over": "opened", "recorded": "recorded", "supplemented": "recorded",
    "returned": "returned", "corrected": "corrected", "correction-granted": "corrected",
    "struck": "corrected",
}  # fmt: skip
"""The kinds of case_event that are happenings by themselves; the others are what they lead to."""


def happenings(kind: str, computed: Computed, data: Mapping[str, object]) -> Iterator[Happening]:
    """What was done; then, by comparison with how the case stood, that it ended or that a state was reached."""
    day = data.get("day")
    on = day if isinstance(day, date) else computed.columns["computed_on"]
    case, standing = computed.case, computed.standing
    if kind in TOLD:
        yield _of(computed, TOLD[kind], on, step=str(data.get("step") or ""))
    if case.membership != standing.membership:
        yield _of(computed, "state-reached", on, state=standing.membership)
    if case.status == "running" != standing.status:
        yield _of(computed, "ended", on, state=standing.status)


def _of(computed: Computed, kind: str, day: date, **more: str) -> Happening:
    case = computed.case
    return Happening(
        kind=kind,
        today=computed.columns["computed_on"],
        day=day,
        path=case.path,
        unit=case.unit_id,
        case=case.id,
        person=case.person_id,
        procedure=case.procedure,
        **more,
    )
