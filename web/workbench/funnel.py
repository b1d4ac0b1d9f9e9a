"""The county at a glance: running cases by stage, and committee by committee."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from core.casework.lists.cases import UnitCount
from core.organisation.model import level_of
from core.organisation.queries import Outlined, upwards
from web.kit.procedures import stage_titles


class StageCount(msgspec.Struct, frozen=True):
    """A stage of the funnel; `share` is its width in twentieths of the widest."""

    stage: str
    title: str
    cases: int
    share: int


class CommitteeLine(msgspec.Struct, frozen=True):
    """A committee with its running cases by stage, how many are overdue, how many stopped."""

    id: UUID
    name: str
    stages: dict[str, int]
    cases: int
    overdue: int
    failed: int


def funnel(procedure: str, counted: Sequence[UnitCount]) -> list[StageCount]:
    """By stage, in order."""
    counts: dict[str, int] = {}
    for one in counted:
        counts[one.stage] = counts.get(one.stage, 0) + one.cases
    widest = max(counts.values(), default=0)
    return [
        StageCount(
            stage, title, counts.get(stage, 0), -(-20 * counts.get(stage, 0) // widest) if widest else 0
        )
        for stage, title in stage_titles(procedure).items()
    ]


def committees(units: Iterable[Outlined], counted: Sequence[UnitCount]) -> list[CommitteeLine]:
    """The committees among `units`, those with cases; what hangs on no committee is left to the list."""
    below: dict[str, list[UnitCount]] = {}
    for one in counted:
        for path in upwards(one.path):
            below.setdefault(path, []).append(one)
    return [
        _line(unit.id, unit.name, below[unit.path])
        for unit in units
        if level_of(unit.kind) == "committee" and unit.path in below
    ]


def _line(unit_id: UUID, name: str, below: list[UnitCount]) -> CommitteeLine:
    stages: dict[str, int] = {}
    for one in below:
        stages[one.stage] = stages.get(one.stage, 0) + one.cases
    return CommitteeLine(
        unit_id,
        name,
        stages,
        sum(stages.values()),
        sum(one.overdue for one in below),
        sum(one.failed for one in below),
    )
