"""Values of ratings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from dangwu import Mark, Progress, Rated, Regime, Scheme, titles

KnownFor = Callable[[str, datetime], Awaitable[Regime]]
"""The policies in force at a path as they were known at a moment: what was decided since, also of days before, is left out."""
CONSIDER = "consider"
"""The act by which people answer what a grade proposes; the contract knows none: it is theirs alone."""
WAITING = ("owed", "pending", "applied", "proposed", "decided", "announced", "appealed")
"""The states in which somebody still has something to do."""
WITHDRAWN = "withdrawn"
"""The state of whoever had something to do when the scheme was withdrawn as though it had never been in force."""
STATES: Mapping[str, str] = {**titles.RATING_STATES, WITHDRAWN: "依据已撤销"}


class RoundLine(msgspec.Struct, frozen=True, kw_only=True):
    """A round as a list shows it: of the people of one branch, or of `units` below the one that decides.

    `states`: how many of those whom he sees stand where. `last`: its last day. `place`: where the tree has its unit. `withdrawn`:
    since when the policy by which it was opened counts as one that never was in force.
    """

    id: UUID
    scheme: str
    title: str
    name: str
    unit_id: UUID
    unit_name: str
    path: str
    first: date
    last: date
    opened: date
    closed: date | None
    by_name: str
    at: datetime
    place: str
    withdrawn: date | None = None
    units: bool = False
    states: Mapping[str, int] = {}

    @property
    def period(self) -> str:
        """2026 年第 1 期."""
        year, _, number = self.name.partition("-")
        return f"{year} 年第 {number} 期"

    @property
    def count(self) -> int:
        """How many take part."""
        return sum(self.states.values())

    @property
    def waits(self) -> int:
        """With how many something remains to be done."""
        return sum(self.states.get(one, 0) for one in WAITING)


class SubjectLine(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a round, or a unit (then `person_id` is None, and `name` that of the unit).

    `edition` counts the results: a corrected one is a new one. `until`: the last day of the notice. `place`: by pinyin, or as the
    tree has it.
    """

    id: UUID
    round_id: UUID
    person_id: UUID | None
    name: str
    membership: str
    tags: tuple[str, ...]
    state: str
    grade: str
    proposes: tuple[str, ...]
    until: date | None
    edition: int
    acts: int
    listed: bool
    unit_id: UUID
    path: str
    unit_name: str
    place: str
    title: str = ""


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One act as it was written down: never changed."""

    act: str
    day: date
    grade: str
    own: bool
    papers: tuple[str, ...]
    items: tuple[str, ...]
    evidence: Mapping[str, Any]
    note: str
    level: str
    by_id: UUID
    by_name: str
    at: datetime


class ActDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What is typed; `evidence` plain builtins by facet."""

    act: str
    day: date
    grade: str = ""
    own: bool = False
    papers: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    evidence: Mapping[str, Any] = {}
    note: str = ""


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a round with all that judging needs: the scheme as it was on the day on which the round was opened.

    `holds`: whether that policy was in force then, as is known today; else all stays readable, and nothing is recorded.
    """

    line: SubjectLine
    round: RoundLine
    acts: tuple[Act, ...]
    marks: tuple[Mark, ...]
    subject: Rated
    scheme: Scheme
    regime: Regime
    now: Progress
    holds: bool = True
    leads: frozenset[UUID] = frozenset()
    """Of a unit that is rated: who holds a post there."""
