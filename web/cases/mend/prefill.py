"""The form of a correction begins with what was recorded; what no field shows stays as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core.casework.model import Evidence
from dangwu import forms
from web.kit.asked.blocks import DONE, Block
from web.kit.forms import Form


def filled(asked: Sequence[Block], day: date, evidence: Evidence) -> Form:
    """A form that says what the evidence says."""
    fields = [field for block in asked for field in block.fields]
    data = forms.spread(fields, evidence)
    rows = {
        f"rows:{field.name}": [str(len(found))]
        for field in fields
        if field.kind == "rows" and (found := _listed(evidence, field.name))
    }
    done = {
        field.name: ["1"]
        for field in fields
        if field.name.startswith(DONE) and field.name.removeprefix(DONE) in evidence
    }
    return Form({**data, **rows, **done, "day": [day.isoformat()]})


def whole(asked: Sequence[Block], old: Evidence, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, with that of the old evidence for which the form has no field."""
    found = dict(typed)
    for facet, given in old.items():
        shown = {field.name.partition(".")[2].partition(".")[0] for field in _of(asked, facet)}
        if not shown and not any(block.facet == facet for block in asked):
            found[facet] = given
        elif isinstance(given, Mapping) and isinstance(found.get(facet, {}), Mapping) and "*" not in shown:
            rest = {key: value for key, value in given.items() if key not in shown}
            if rest and facet in found:
                found[facet] = {**rest, **found[facet]}
    return found


def _of(asked: Sequence[Block], facet: str) -> list[forms.Field]:
    return [field for block in asked if block.facet == facet for field in block.fields]


def _listed(evidence: Evidence, name: str) -> list[Any]:
    value: Any = evidence
    for part in name.removesuffix(".*").split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value if isinstance(value, list) else []
