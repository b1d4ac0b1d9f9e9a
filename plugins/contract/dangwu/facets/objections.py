"""Objections to a notice: which are known, which are not settled, and telling two of one day apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dangwu.shapes.short import Plain

Key = tuple[str, int]


class Objection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An objection, known by the day it was received; a newer entry of that day (and number) replaces the older."""

    received: Annotated[date, Meta(title="收到日期")]
    answered: Annotated[date | None, Meta(title="答复日期")] = None
    finding: Annotated[
        Literal["", "unfounded", "minor", "serious", "unclear"],
        Meta(title="核查结论", description="不实、属实较轻、属实较重、一时不清"),
    ] = ""
    number: Annotated[int, Meta(title="当日第几件", ge=1, le=1000)] = 1


def known(before: Sequence[Plain]) -> dict[Key, dict[str, Plain]]:
    """The newest word on each, by the day it was received and its number on that day; `before` are notices as builtins."""
    return {
        (str(one["received"]), one.get("number", 1)): one
        for notice in before
        for one in notice.get("objections", [])
    }


def unsettled(before: Sequence[Plain]) -> list[dict[str, Plain]]:
    """Those that are not answered, or not found to be unfounded; empty values left out."""
    return [
        {name: value for name, value in one.items() if value not in (None, "")}
        for one in known(before).values()
        if not one.get("answered") or one.get("finding") != "unfounded"
    ]


def numbered(typed: Sequence[Plain], before: Sequence[Plain]) -> list[dict[str, Plain]]:
    """Those that were typed with their numbers: the first of a day go on with what is not settled, others are new."""
    waiting = [(str(one["received"]), one.get("number", 1)) for one in unsettled(before)]
    taken = set(known(before))
    found = []
    for one in typed:
        day = str(one["received"])
        key = next((key for key in waiting if key[0] == day), None)
        if key is not None:
            waiting.remove(key)
        else:
            key = (day, max((number for other, number in taken if other == day), default=0) + 1)
            taken.add(key)
        found.append({**one, "number": key[1]})
    return found
