"""What was done, and whether it counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from dangwu.policy.duty import Duty, Evidence
from dangwu.values.vocabulary import ascending


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """An activity of a unit: `kinds` the families that it serves (a meeting with a lecture: both); `by` the posts of whoever
    gave or led it."""

    id: str
    day: date
    kinds: frozenset[str]
    eligible: int = 0
    present: int = 0
    hours: float = 0
    papers: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    by: frozenset[str] = frozenset()


class Lack(msgspec.Struct, frozen=True):
    """Why an activity does not count: `what` of attendance, papers, themes, by; with the words that are lacking."""

    what: str
    words: tuple[str, ...] = ()


def lacks(evidence: Evidence, act: Act) -> Iterator[Lack]:
    """What an activity of the right kind lacks to count; nothing if it counts."""
    if evidence.share is not None and not evidence.share.met(act.present, act.eligible):
        yield Lack("attendance")
    for what, wanted, there in (
        ("papers", evidence.papers, act.papers),
        ("themes", evidence.themes, act.themes),
    ):
        if missing := [one for one in sorted(wanted) if not {*one.split("|")} & there]:
            yield Lack(what, tuple(missing))
    if evidence.by and not evidence.by & act.by:
        yield Lack("by", tuple(sorted(evidence.by)))


def counts(duty: Duty, act: Act) -> bool:
    """Whether an activity counts for a duty, its day apart."""
    return not act.kinds.isdisjoint(duty.activities) and next(lacks(duty.evidence, act), None) is None


def stricter(one: Duty, two: Duty) -> bool:
    """Whether whatever counts for `one` counts for `two`, and whoever is told of `two` is told of `one` as soon."""
    mine, theirs = one.evidence, two.evidence
    same = {*one.activities} <= {*two.activities} and mine.papers >= theirs.papers
    shown = mine.themes >= theirs.themes and (not theirs.by or (bool(mine.by) and mine.by <= theirs.by))
    share = theirs.share is None or (mine.share is not None and mine.share >= theirs.share)
    return same and shown and share and all(_as_soon(one, two, level) for level in ascending([*two.escalate]))


def _as_soon(one: Duty, two: Duty, level: str) -> bool:
    mine, theirs = one.escalate.get(level), two.escalate[level]
    return mine is not None and mine.never_after(theirs)


__all__ = ["Act", "Lack", "counts", "lacks", "stricter"]
