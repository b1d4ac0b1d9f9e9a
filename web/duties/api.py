"""Duties by the API."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from litestar import Controller, get
from litestar.params import FromPath

from core.duties.queries import behind, calendar
from dangwu import Occurrence
from tenants.policies.regimes import regimes_of_paths
from web.kit.here import FromHere


class Due(msgspec.Struct):
    """One occurrence; `rules` are those that ask for it, `activities` what it was done with."""

    duty: str
    opens: date
    due: date
    state: str
    need: int
    amount: float
    done: date | None
    activities: tuple[str, ...]
    rules: tuple[str, ...]


class UnitDuties(msgspec.Struct):
    """A unit with some of what it owes."""

    unit_id: UUID
    name: str
    items: list[Due]


class Board(msgspec.Struct):
    """The units that are behind."""

    items: list[UnitDuties]


class DutyApi(Controller):
    """/api/v1/duties."""

    path = "/duties"
    tags = ["职责"]

    @get("/", summary="管理范围内逾期没有办的")
    async def index(self, here: FromHere) -> Board:
        """Who is behind."""
        found = await behind(here.actor, regimes_of_paths, here.today)
        return Board(
            [
                UnitDuties(one.unit.id, one.unit.name, [_due(each) for each in one.missed])
                for one in found.behind
            ]
        )

    @get("/{unit_id:uuid}", summary="一个党组织逐期办了没有：前半年到今后三个月")
    async def show(self, here: FromHere, unit_id: FromPath[UUID]) -> UnitDuties:
        """A unit's calendar."""
        found = await calendar(here.actor, unit_id, regimes_of_paths, here.today)
        return UnitDuties(found.unit.id, found.unit.name, [_due(one) for one in found.owed])


def _due(one: Occurrence) -> Due:
    return Due(
        one.family, one.opens, one.due, one.state, one.need, one.amount, one.on, one.done, one.rules
    )  # fmt: skip
