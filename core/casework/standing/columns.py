"""A case's standing as columns for lists. Pure: what the contract found is only laid out, nothing is judged here."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.casework.levels import own_level
from core.casework.standing.steps import seen_state, telling, waiting_until, waits_for
from core.casework.standing.turns import turns_of
from dangwu import Standing


def standing_columns(standing: Standing, computed_on: date) -> dict[str, Any]:
    """Column → value for case_file.

    `open_steps`, `open_states` and `open_levels` run side by side, over the steps that are open, waiting or failed; the
    states are those of `seen_state`. `waits_for` are the levels on which something can be done now; `waiting_until` is the
    first day on which a waiting ends; `changes_on` the next day on which time alone may change something. `open_turns`, side by
    side too, are the turns of each step (turns.py) with spaces between, `turns` all of them.
    """
    steps = [standing.steps[step] for step in standing.open]
    turns = [sorted(turns_of(step)) for step in steps]
    return {
        "status": standing.status,
        "ended": standing.ended,
        "stage": standing.stage,
        "membership": standing.membership,
        "open_steps": [step.id for step in steps],
        "open_states": [seen_state(step) for step in steps],
        "open_levels": [own_level(step.rules) for step in steps],
        "waits_for": sorted({level for step in steps for level in waits_for(step)}),
        "open_turns": [" ".join(each) for each in turns],
        "turns": sorted({turn for each in turns for turn in each}),
        "reasons": list(dict.fromkeys(one.code for step in steps for one in telling(step))),
        "next_due": standing.due,
        "waiting_until": min((day for step in steps if (day := waiting_until(step))), default=None),
        "changes_on": standing.turns,
        "computed_on": computed_on,
    }
