"""A case's standing as columns for lists. Pure: what the contract found is only laid out, nothing is judged here."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.casework.levels import own_level, platform_level
from dangwu.facet import ADVISORY, CLOCK
from dangwu.standing import FAILED, OPEN, WAITING, Standing, StepStanding


def standing_columns(standing: Standing, computed_on: date) -> dict[str, Any]:
    """Column → value for case_file.

    `open_steps`, `open_states` and `open_levels` run side by side, over the steps that are open, waiting or failed.
    `waits_for` are the levels on which something can be done now; `waiting_until` is the first day on which a running
    time ends; `changes_on` the next day on which time alone may change something.
    """
    steps = [standing.steps[step] for step in standing.open]
    return {
        "status": standing.status,
        "stage": standing.stage,
        "membership": standing.membership,
        "open_steps": [step.id for step in steps],
        "open_states": [step.state for step in steps],
        "open_levels": [own_level(step.rules) for step in steps],
        "waits_for": sorted({level for step in steps for level in waits_for(step)}),
        "reasons": list(dict.fromkeys(one.code for step in steps for one in step.findings)),
        "next_due": standing.due,
        "waiting_until": min(
            (step.until for step in steps if step.state == WAITING and step.until), default=None
        ),
        "changes_on": standing.turns,
        "computed_on": computed_on,
    }


def waits_for(step: StepStanding) -> frozenset[str]:
    """The levels that can do something about an open step today; none while only time must pass."""
    if step.state not in (OPEN, FAILED):
        return frozenset()
    levels: set[str] = set()
    for finding in step.findings:
        if finding.kind in (ADVISORY, CLOCK):
            continue
        asked = [platform_level(key) for key in finding.keys] if finding.code in _BY_LEVEL else []
        # Reviews go upwards: only the lowest that lacks can act now.
        levels.update(asked[:1] if finding.code == "review.missing" else asked or [own_level(step.rules)])
    return frozenset(levels or {own_level(step.rules)})


_BY_LEVEL = frozenset({"review.missing", "consent.missing", "filing.missing"})
