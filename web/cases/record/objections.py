"""Objections to a notice: which are known, which are not settled, and telling two of one day apart."""

from __future__ import annotations

from typing import Any

from web.cases.file.opened import CaseFile
from web.cases.said import plain

Key = tuple[str, int]


def known(file: CaseFile, step: str) -> dict[Key, dict[str, Any]]:
    """The newest word on each objection, by the day it was received and its number on that day."""
    found: dict[Key, dict[str, Any]] = {}
    for record in file.view.records.get(step, ()):
        for one in plain(record.evidence).get("notice", {}).get("objections", []):
            found[one["received"].isoformat(), one.get("number", 1)] = one
    return found


def unsettled(file: CaseFile, step: str) -> list[dict[str, Any]]:
    """Those that are not answered, or not found to be unfounded; empty values left out."""
    return [
        {name: value for name, value in one.items() if value not in (None, "")}
        for one in known(file, step).values()
        if not one.get("answered") or one.get("finding") != "unfounded"
    ]


def number_objections(file: CaseFile, step: str, evidence: dict[str, Any]) -> None:
    """Number the objections that were typed: the first rows of a day go on with what is not settled, others are new."""
    typed = evidence.get("notice", {}).get("objections", [])
    waiting = [(str(one["received"]), one.get("number", 1)) for one in unsettled(file, step)]
    taken: set[Key] = set(known(file, step))
    for one in typed:
        day = str(one["received"])
        key = next((key for key in waiting if key[0] == day), None)
        if key is not None:
            waiting.remove(key)
        else:
            key = (day, max((number for other, number in taken if other == day), default=0) + 1)
            taken.add(key)
        one["number"] = key[1]
