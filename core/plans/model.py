"""Values of yearly plans."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import msgspec

from core.organisation.model import level_of
from dangwu import Regime, YearPlan, rank

STATES = {"drawn": "起草中", "submitted": "报批中", "approved": "已批准", "returned": "已退回"}
ACTS = {"draw": "起草", "submit": "报批", "approve": "批准", "return": "退回", "report": "报备"}
MOST_NAMED = 200
"""People named in one plan: each is entered in his own file when it is approved."""
MOST_PLANNED = 100_000


def due(asked: YearPlan, year: int) -> date | None:
    """The day of the plan's year by which it is to be handed in; the month's last where there is no such day."""
    if asked.asks.by is None:
        return None
    month, day = (int(one) for one in asked.asks.by.split("-"))
    return date(year, month, min(day, monthrange(year, month)[1]))


class PlanLine(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as a list shows it. `edition` is the newest text, `approved` the one in force (0: none yet); `total` and `named` are
    of the one in force, else of the newest."""

    id: UUID
    plan: str
    title: str
    year: int
    unit_id: UUID
    unit_name: str
    path: str
    kind: str
    state: str
    edition: int
    approved: int
    total: int
    named: int


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """One text of a plan: how many, by kind (a tag of people) too; who is named; by what guidance; why it differs."""

    number: int
    total: int
    kinds: Mapping[str, int]
    guidance: str
    reason: str
    cases: tuple[UUID, ...]
    by_id: UUID
    by_name: str
    at: datetime


class PlanAct(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with an edition; `receiver` and `paper` of a report to somebody outside."""

    act: str
    edition: int
    day: date
    level: str
    receiver: str
    paper: str
    note: str
    by_id: UUID
    by_name: str
    at: datetime


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is or can be named: his case, and how far he is."""

    case_id: UUID
    name: str
    unit_name: str
    membership: str
    status: str


class PlanDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What is typed; `reason` from the second edition on."""

    total: int
    kinds: Mapping[str, int] = {}
    cases: tuple[UUID, ...] = ()
    guidance: str = ""
    reason: str = ""


class PlanFile(msgspec.Struct, frozen=True, kw_only=True):
    """A plan in hand: its texts, what was done with them (oldest first), and what the policies in force ask of it today."""

    line: PlanLine
    editions: tuple[Edition, ...]
    acts: tuple[PlanAct, ...]
    asked: YearPlan | None
    regime: Regime

    @property
    def newest(self) -> Edition:
        """The text that was drawn last."""
        return self.editions[-1]

    @property
    def in_force(self) -> Edition | None:
        """The text that is approved."""
        return self.editions[self.line.approved - 1] if self.line.approved else None

    @property
    def done(self) -> tuple[PlanAct, ...]:
        """What was done with the newest text since it was last drawn or returned."""
        found: list[PlanAct] = []
        for one in self.acts:
            if one.edition == self.line.edition:
                found = [] if one.act == "return" else [*found, one]
        return tuple(found)

    @property
    def approvers(self) -> tuple[str, ...]:
        """The levels that approve it, lowest first: those that the rules name, else the unit's own."""
        asked = self.asked.asks.approves if self.asked else frozenset()
        return tuple(sorted(asked, key=rank)) or (self.own_level,)

    @property
    def own_level(self) -> str:
        """The level of the unit that draws it up."""
        return level_of(self.line.kind)

    @property
    def next_approver(self) -> str:
        """The level whose approval is due; "" where none is."""
        given = {one.level for one in self.done if one.act == "approve"}
        return next((one for one in self.approvers if one not in given), "")

    @property
    def untold(self) -> tuple[str, ...]:
        """Those outside to whom the text in force is to be reported and has not been."""
        told = {
            one.receiver for one in self.acts if one.act == "report" and one.edition == self.line.approved
        }
        asked = self.asked.asks.told if self.asked else frozenset()
        return tuple(sorted(asked - told)) if self.line.approved else ()
