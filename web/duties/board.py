"""Who is behind, of whom: the board of all that somebody sees, by committee, and as a workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.duties.model import Behind, Board
from core.duties.queries import behind
from core.organisation.access import access_unit
from core.organisation.below import Below, directly_below
from core.sheets import Table
from dangwu import titles
from tenants.exports.kinds import Kind, workbook
from tenants.policies.regimes import regimes_of_paths
from web.duties.lines import lines_of

PURPOSE = "逾期未办的职责（只有党组织，没有姓名）"


class BoardQuery(msgspec.Struct, frozen=True):
    """As of which day; below which unit (None: all that he sees)."""

    day: date
    unit_id: UUID | None = None


class Committee(msgspec.Struct, frozen=True):
    """One directly below him: how many units there (itself too) are behind, with what since when; `counts` by duty."""

    unit: Below
    units: int
    counts: Counter[str]
    first: date | None


async def board_of(actor: Actor, asked: BoardQuery) -> Board:
    """Who is behind. Raises NotFound, Forbidden for a unit that he may not see."""
    unit = await access_unit(actor, asked.unit_id, "activity.view") if asked.unit_id else None
    return await behind(actor, regimes_of_paths, asked.day, path=unit.path if unit else None)


async def committees(actor: Actor, board: Board) -> list[Committee]:
    """Those directly below him by the order of the tree; none for who oversees nobody."""
    return [_committee(unit, board.behind) for unit in await directly_below(actor, "activity.view")]


def duties_in(found: Sequence[Committee]) -> dict[str, str]:
    """What is missed anywhere, most often first: the duty's family → its title."""
    counts: Counter[str] = sum((one.counts for one in found), Counter())
    return {family: titles.family(family) for family, _ in counts.most_common()}


def _committee(unit: Below, behind: Sequence[Behind]) -> Committee:
    inside = [one for one in behind if one.unit.path.startswith(unit.path)]
    counts = Counter(family for one in inside for family in {each.family for each in one.missed})
    return Committee(unit, len(inside), counts, min((one.first for one in inside), default=None))


async def _total(actor: Actor, asked: BoardQuery) -> int:
    return sum(len(one.missed) for one in (await board_of(actor, asked)).behind)


async def _table(actor: Actor, asked: BoardQuery, purpose: str, day: date) -> Table:
    widths = {"党组织": 24.0, "所属": 24.0, "逾期未办": 20.0, "要求": 24.0, "到期": 12.0, "督促": 24.0}
    below = await directly_below(actor, "activity.view")
    rows: list[list[str | date]] = [
        [one.unit.name, _above(one, below), line.title, line.demand, line.one.due, "、".join(line.told)]
        for one in (await board_of(actor, asked)).behind
        for line in lines_of(one.regime, one.missed)
    ]
    return Table.of(f"{asked.day} 逾期未办的职责", widths, rows)


def _above(one: Behind, below: Sequence[Below]) -> str:
    return next((unit.name for unit in below if one.unit.path.startswith(unit.path)), "")


DUTIES = Kind("逾期未办的职责", BoardQuery, _total, workbook(_table), needs="activity.view")
