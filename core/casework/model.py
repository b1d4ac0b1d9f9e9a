"""Values of casework: what stands in the database about a case, as it is read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from dangwu import Case, Regime, StepRules


class Way(NamedTuple):
    """Where a case stands and has stood: the `path` of its unit, and the units that it `left` (merged into others, or because its
    person came to another), each with its present path and the day, oldest first."""

    path: str
    left: tuple[tuple[str, date], ...] = ()


Evidence = Mapping[str, Any]
"""What was recorded, as it lies in the database and comes over the wire: plain builtins by facet. The contract types it."""

RegimeFor = Callable[[Way], Regime | Awaitable[Regime]]
"""Gives the policies by which a case that came this way is judged. It comes from the caller: core knows no tenant."""


class EntryView(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a case: `kind` is a key of entries.KINDS; `evidence` plain builtins by facet (or facts; an end: reason; an
    exception: facet, param, and `by`, the level of the rules that agreed).

    `about` is the record that a correction, a strike or a request for one puts right (None: what was taken over from paper of the
    step), or the request that is granted or refused; `asks` the level that a request waits for.
    """

    id: UUID
    seq: int
    kind: str
    step: str | None
    day: date
    entered: date
    evidence: Evidence
    note: str
    attachments: tuple[UUID, ...]
    level: str
    by_id: UUID
    by_name: str
    by_unit_id: UUID | None
    at: datetime
    about: UUID | None = None
    asks: str | None = None
    activity: UUID | None = None
    """The meeting at which it was done."""


class LoadedCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case with all that it is judged by: the row's own columns, the contract's Case, its entries (one case alone)."""

    id: UUID
    procedure: str
    person_id: UUID
    person_name: str
    unit_id: UUID
    path: str
    started: date
    born: date | None
    version: int
    status: str
    stage: str
    membership: str
    entries: tuple[EntryView, ...]
    case: Case
    left: tuple[tuple[str, date], ...] = ()
    to_unit_id: UUID | None = None
    to_path: str = ""
    """Where its person is going by it: there it is seen once it has reached a state, and the records of that side are made."""
    beyond: str = ""
    """The Party organization outside the county to which he goes, or from which he comes (its tags say which)."""

    @property
    def places(self) -> tuple[str, ...]:
        """The paths of the units at which it is seen."""
        return (self.path, self.to_path) if self.to_path and self.membership != "none" else (self.path,)

    def place(self, rules: StepRules) -> str:
        """The path of the unit whose people act in a step."""
        return self.to_path if rules.side == "receiving" else self.path

    @property
    def way(self) -> Way:
        """Where it has stood."""
        return Way(self.path, self.left)


class Written(msgspec.Struct, frozen=True):
    """What a service answers: the new entry, and the case's version and standing after it."""

    case_id: UUID
    entry_id: UUID
    version: int
    stage: str
    status: str
    open_steps: tuple[str, ...]
