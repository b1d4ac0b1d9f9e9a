"""Why a clock (a notice) runs as long as it does: what each rule asks for, and when that alone would be over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from dangwu import Facet, Record, StepRules


class Length(msgspec.Struct, frozen=True):
    """One length that rules ask for, in so many `unit` (in words); `until` its last day, `decides` whether it ends last.

    `rules` are the ids of the rules that ask for it.
    """

    unit: str
    number: int
    until: date | None
    decides: bool
    rules: tuple[str, ...]


def lengths(rules: StepRules | None, records: Sequence[Record]) -> list[Length]:
    """Every length that some rule asks for, the deciding one first; [] for a step in which no clock is counted out."""
    if rules is None:
        return []
    return [
        one
        for name, facet in rules.facets.items()
        if facet.clocks
        for one in _lengths(rules, name, facet, records)
    ]


def _lengths(rules: StepRules, name: str, facet: Facet, records: Sequence[Record]) -> list[Length]:
    asked: dict[tuple[str, int], list[str]] = {}
    for param in facet.clocks:
        if value := getattr(facet, param):
            asked.setdefault((param, value), []).extend(rules.origins.get((name, param, ""), ()))
    for one in rules.absorbed:
        if one.facet == name and one.param in facet.clocks and one.value.isdecimal():
            asked.setdefault((one.param, int(one.value)), []).append(one.rule)
    ends = {key: _end(facet, *key, records) for key in asked}
    last = max((end for end in ends.values() if end), default=None)
    found = [
        Length(
            facet.clocks[param],
            value,
            ends[param, value],
            ends[param, value] == last is not None,
            tuple(sorted(set(ids))),
        )
        for (param, value), ids in asked.items()
    ]
    return sorted(found, key=lambda one: (not one.decides, one.until or date.min))


def _end(facet: Facet, param: str, value: int, records: Sequence[Record]) -> date | None:
    """The last day if this were the only length; None while it has not begun."""
    alone = msgspec.structs.replace(facet, **{**dict.fromkeys(facet.clocks, 0), param: value})
    return alone.end(records)
