"""What goes wrong with a file, and what is done about it: corrections, strikes, supplements, ends, reopenings, exceptions.

What is refused is not entered; everything follows from the random numbers that are handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import msgspec
from msgspec.structs import replace

from dangwu import (
    Correction,
    End,
    Exemption,
    Judged,
    Record,
    Reopening,
    Strike,
    corrected,
    not_ending,
    not_reopening,
    offers,
    read_record,
    struck,
    tried,
)

MOVES = (-40, -9, -3, -1, 1, 2, 5, 20)
"""By how many days a date was written down wrongly."""
Spoil = Callable[[Random, dict[str, Any]], dict[str, Any]]
Act = Correction | Strike | Record | End | Reopening | Exemption


def mended(rng: Random, now: Judged, spoil: Spoil) -> Act | None:
    """One such act that is accepted on the day; `spoil` makes evidence wrong. A case that was ended is taken up again at most."""
    if now.case.ended(date.max) is not None:
        again = Reopening(now.day)
        return None if not_reopening(now, again) else again
    kind = rng.random()
    if kind < 0.35:
        return _corrected(rng, now, spoil)
    if kind < 0.5:
        return _struck(rng, now)
    if kind < 0.75:
        return _supplemented(rng, now)
    return _ended(rng, now) if kind < 0.82 else _excepted(rng, now)


def _some_record(rng: Random, now: Judged) -> Record | None:
    records = [one for one in now.case.entries if isinstance(one, Record)]
    paper = [Record(step, day, {}, day) for step, day in now.case.given.items()]
    return rng.choice([*records, *records, *paper]) if records or paper else None


def _corrected(rng: Random, now: Judged, spoil: Spoil) -> Correction | None:
    old = _some_record(rng, now)
    if old is None:
        return None
    day = min(old.day + timedelta(days=rng.choice((0, *MOVES))), now.day)
    evidence: dict[str, Any] = msgspec.to_builtins(old.evidence)
    if old.id and rng.random() < 0.4:
        evidence = spoil(rng, evidence)
    wanted = Correction(old.id, read_record(old.step, day, evidence, entered=now.day))
    return None if corrected(now, wanted).refusals else wanted


def _struck(rng: Random, now: Judged) -> Strike | None:
    old = _some_record(rng, now)
    if old is None:
        return None
    wanted = Strike(old.id, old.step, old.day)
    return None if struck(now, wanted).refusals else wanted


def _supplemented(rng: Random, now: Judged) -> Record | None:
    """An objection to a notice, or papers, signatures and replies of an act that was recorded."""
    steps = [one for one in now.standing.steps.values() if one.rules is not None and one.began is not None]
    if not steps:
        return None
    step = rng.choice(
        [*steps, *(one for one in steps for _ in range(4) if one.rules and "notice" in one.rules.facets)]
    )
    facets = step.rules.facets if step.rules else {}
    evidence: dict[str, Any] = {"documents": ["talk-record"]} if "documents" in facets else {}
    if "inquiry" in facets:
        evidence = {"inquiry": {"public-security": rng.choice(("clear", "concern", "object"))}}
    if "notice" in facets:
        answer = {
            "answered": now.day,
            "finding": rng.choice(("unfounded", "unfounded", "serious", "unclear")),
        }
        objection = {"received": now.day - timedelta(days=rng.choice((0, 0, 4))), **rng.choice(({}, answer))}
        evidence = {"notice": {"objections": [objection]}}
    if not evidence:
        return None
    record = read_record(step.id, now.day, evidence, id=str(len(now.case.entries)))
    return None if tried(now, record, supplement=True).refusals else record


def _ended(rng: Random, now: Judged) -> End | None:
    wanted = End(rng.choice(list(now.plan.procedure.ends)), now.day)
    return None if not_ending(now, wanted) else wanted


def _excepted(rng: Random, now: Judged) -> Exemption | None:
    found = [one.wanted for step in now.standing.open for one in offers(now, step)]
    return replace(rng.choice(found), reason="组织选派") if found else None
