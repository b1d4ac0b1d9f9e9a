"""Objections to a notice: which are known, which are not settled, and telling two of one day apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from dangwu import Record

Key = tuple[str, int]
Objection = dict[str, Any]
"""An objection as plain builtins; its days are dates where it was recorded, and text as it was typed."""


def known(records: Sequence[Record]) -> dict[Key, Objection]:
    """The newest word on each objection in these records, by the day it was received and its number on that day."""
    return {_key(one): one for record in records for one in _objections(record)}


def unsettled(records: Sequence[Record]) -> list[Objection]:
    """Those that are not answered, or not found to be unfounded; empty values left out."""
    return [
        {name: value for name, value in one.items() if value not in (None, "")}
        for one in known(records).values()
        if not one.get("answered") or one.get("finding") != "unfounded"
    ]


def number_objections(records: Sequence[Record], typed: Iterable[Objection]) -> None:
    """Number the objections that were typed: the first rows of a day go on with what is not settled, others are new."""
    waiting = [_key(one) for one in unsettled(records)]
    taken = set(known(records))
    for one in typed:
        day = str(one["received"])
        key = next((key for key in waiting if key[0] == day), None)
        if key is not None:
            waiting.remove(key)
        else:
            key = (day, max((number for other, number in taken if other == day), default=0) + 1)
            taken.add(key)
        one["number"] = key[1]


def _key(one: Objection) -> Key:
    return str(one["received"]), one.get("number", 1)


def _objections(record: Record) -> list[Objection]:
    notice = record.evidence.get("notice")
    plain: list[Objection] = msgspec.to_builtins(getattr(notice, "objections", ()), builtin_types=(date,))
    return plain
