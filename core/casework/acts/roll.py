"""How many are entitled at a meeting of the branch: reckoned from the register beside what is written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from core.casework.model import Evidence
from core.register.rights.roll import roll_of
from dangwu import StepRules


async def reckoned(path: str, rules: StepRules, evidence: Evidence, day: date) -> Evidence:
    """The evidence with the number that the register gives for a case at `path` on that day; it stands for one that is not given.

    Where the register knows no member of the branch nothing is reckoned. A difference without a reason the contract refuses.
    """
    found = dict(evidence)
    for name, given in evidence.items():
        fields = rules.facets[name].rolled() if name in rules.facets else None
        if fields is None or not isinstance(given, Mapping):
            continue
        rest = {key: value for key, value in given.items() if key != fields.reckoned}
        roll = await roll_of(path, day)
        if roll is not None and roll.entitled:
            number = len(roll.entitled)
            rest = {fields.counted: number, **rest, fields.reckoned: number}
        found[name] = rest
    return found
