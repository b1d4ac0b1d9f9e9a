"""One meeting at which several people were dealt with one by one: one activity, one record in each case; all of it or nothing.

Which steps can be dealt with at a meeting the policies say: those that ask for what its roll gives (`Facet.attended`), at the
level of the unit that meets.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.activities.check import Counted
from core.activities.model import KINDS
from core.actor import Actor
from core.casework.acts.turn import can_go_on, his_parts
from core.casework.levels import own_level
from core.casework.matter import Matter
from core.database import fetch
from core.paths import beyond
from dangwu import StepRules

MOST = 40
"""People at one meeting."""


def gathers(rules: StepRules) -> bool:
    """Whether a step is dealt with at a meeting: who was there counts."""
    return any(facet.attended for facet in rules.facets.values())


def steps_of(actor: Actor, matter: Matter, kind: str, today: date) -> list[str]:
    """The steps of a case with which he can go on now at a meeting of this kind."""
    standing, held = matter.on(today).standing, KINDS[kind]
    found = []
    for step in (standing.steps[name] for name in standing.open if held.decides):
        rules = step.rules
        if rules is not None and gathers(rules) and own_level(rules) in held.held:
            mine = [one for one in his_parts(actor, matter.case, standing, step) if one.own]
            if can_go_on(step, mine):
                found.append(step.id)
    return found


async def at_hand(path: str, level: str) -> Sequence[UUID]:
    """The running cases below a unit in which this level can record something now, by the names of the people."""
    rows = await fetch(
        """select id from case_file where status = 'running' and path >= $1 and path < $2 and turns @> array[$3]
           order by py, id""",
        path, beyond(path), f"{level}.record",
    )  # fmt: skip
    return [row["id"] for row in rows]


def figures(rules: StepRules, counted: Counted) -> dict[str, str]:
    """The fields of evidence (dotted) that the roll of a meeting gives, as they are typed."""
    return {f"{name}.{field}": str(said) for (name, field), said in given(rules, counted).items()}


def given(rules: StepRules, counted: Counted) -> dict[tuple[str, str], int]:
    """What the roll of a meeting gives, by facet and field."""
    says = msgspec.structs.asdict(counted)
    return {
        (name, field): says[of]
        for name, facet in rules.facets.items()
        for field, of in facet.attended.items()
    }
