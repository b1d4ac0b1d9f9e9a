"""A case's standing as columns for lists. Pure: what the contract found is only laid out, nothing is judged here."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.casework.levels import own_level
from core.casework.standing.steps import seen_state, telling, waiting_until, waits_for
from core.casework.standing.turns import turns_of
from dangwu import Standing


def telling_columns(standing: Standing) -> dict[str, Any]:
    """Of the columns those that say where the case stands, so that two standings can be compared; whose turn it is follows.

    `open_steps` and `open_states` run side by side, over the steps that are open, waiting or failed; the states are those of
    `seen_state`. `waiting_until` is the first day on which a waiting ends.
    """
    steps = [standing.steps[step] for step in standing.open]
    return {
        "status": standing.status,
        "stage": standing.stage,
        "open_steps": [step.id for step in steps],
        "open_states": [seen_state(step) for step in steps],
        "reasons": list(dict.fromkeys(one.code for step in steps for one in telling(step))),
        "next_due": standing.due,
        "waiting_until": min((day for step in steps if (day := waiting_until(step))), default=None),
    }


def standing_columns(standing: Standing, computed_on: date) -> dict[str, Any]:
    """Column → value for case_file: what `telling_columns` says, and besides:

    `open_levels` and `open_reasons`, side by side with the open steps (the codes of each with spaces between); `waits_for` are
    the levels on which something can be done now; `changes_on` the next day on which time alone may change something.
    `open_turns`, side by side too, are the turns of each step (turns.py) with spaces between, `turns` all of them.
    """
    steps = [standing.steps[step] for step in standing.open]
    turns = [sorted(turns_of(step)) for step in steps]
    return {
        **telling_columns(standing),
        "ended": standing.ended,
        "membership": standing.membership,
        "open_reasons": [" ".join(dict.fromkeys(one.code for one in telling(step))) for step in steps],
        "open_levels": [own_level(step.rules) for step in steps],
        "waits_for": sorted({level for step in steps for level in waits_for(step)}),
        "open_turns": [" ".join(each) for each in turns],
        "turns": sorted({turn for each in turns for turn in each}),
        "changes_on": standing.turns,
        "computed_on": computed_on,
    }
