"""Why a notice runs as long as it does: what each rule asks for, and when that alone would be over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from dangwu import CLOCK, Case, Moment, Record, StepRules

UNITS = ("days", "workdays")


class Length(msgspec.Struct, frozen=True):
    """One length that rules ask for, in `unit` days or workdays; `until` its last day, `decides` whether it ends last.

    `rules` are the ids of the rules that ask for it.
    """

    unit: str
    number: int
    until: date | None
    decides: bool
    rules: tuple[str, ...]


def lengths(rules: StepRules | None, records: Sequence[Record]) -> list[Length]:
    """Every length that some rule asks for, the deciding one first; [] for a step without a notice."""
    notice: Any = rules.facets.get("notice") if rules is not None else None
    if rules is None or notice is None:
        return []
    asked: dict[tuple[str, int], list[str]] = {}
    for param in UNITS:
        if value := getattr(notice, param):
            asked.setdefault((param, value), []).extend(rules.origins.get(("notice", param, ""), ()))
    for one in rules.absorbed:
        if one.facet == "notice" and one.param in UNITS and one.value.isdecimal():
            asked.setdefault((one.param, int(one.value)), []).append(one.rule)
    ends = {key: _end(notice, *key, records) for key in asked}
    last = max((end for end in ends.values() if end), default=None)
    found = [
        Length(
            param,
            value,
            ends[param, value],
            ends[param, value] == last is not None,
            tuple(sorted(set(ids))),
        )
        for (param, value), ids in asked.items()
    ]
    return sorted(found, key=lambda one: (not one.decides, one.until or date.min))


def _end(notice: Any, param: str, value: int, records: Sequence[Record]) -> date | None:
    """The last day if this were the only length; None while it has not begun."""
    alone = msgspec.structs.replace(notice, **{"days": 0, "workdays": 0, param: value})
    found = alone.judge(records, Moment(Case(), date.min, {}, {}))
    return max((one.until for one in found if one.kind == CLOCK and one.until), default=None)
