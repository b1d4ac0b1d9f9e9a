"""One entry of a case, as it will be written."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from deploy.demo.staff import Officer

Evidence = dict[str, Any]
"""What a record says, by facet, as it goes into JSON."""


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """`kind` record, return or facts; `day` it was done, `entered` it was written down, `by` whom at which `level`."""

    kind: str
    step: str | None
    day: date
    entered: date
    evidence: Evidence
    level: str
    by: Officer
    note: str = ""


def in_order(evidence: Any) -> Any:
    """The same with every list of words sorted, and every mapping to words: sets have no order of their own."""
    if isinstance(evidence, dict):
        plain = all(isinstance(one, str) for one in evidence.values())
        return {key: in_order(evidence[key]) for key in (sorted(evidence) if plain else evidence)}
    if isinstance(evidence, list):
        return (
            sorted(evidence)
            if all(isinstance(one, str) for one in evidence)
            else [in_order(one) for one in evidence]
        )
    return evidence
