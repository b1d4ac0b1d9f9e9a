"""The running cases of the organisations directly below somebody: a committee's branches, the department's committees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record as Row

from core.actor import Actor
from core.casework.lists.cases import STUCK, still_since
from core.database import fetch
from core.organisation.below import Below, directly_below
from core.paths import beyond


class BelowLine(msgspec.Struct, frozen=True):
    """One organisation with its running cases (all below it too): by stage, how many are overdue, how many `stuck`."""

    id: UUID
    name: str
    kind: str
    stages: dict[str, int]
    overdue: int
    stuck: int

    @property
    def cases(self) -> int:
        """All of them."""
        return sum(self.stages.values())


async def below(actor: Actor, procedure: str, today: date) -> list[BelowLine]:
    """The living organisations directly below those that he oversees, by their order in the tree: two queries."""
    units = await directly_below(actor, "case.view")
    counts: dict[str, list[Row]] = {}
    for row in await _counted([unit.path for unit in units], procedure, today):
        counts.setdefault(row["top"], []).append(row)
    return [_line(unit, counts.get(unit.path, [])) for unit in units]


async def _counted(paths: Sequence[str], procedure: str, today: date) -> list[Row]:
    """By path and stage: sums over ranges of paths, each from an index alone (joined, all cases would meet all paths)."""
    return await fetch(
        f"""select k.top, c.* from unnest($1::text[], $2::text[]) k(top, ends) cross join lateral (
                select c.stage, count(*) cases, count(*) filter (where c.due_key < $4) overdue,
                       count(*) filter (where {STUCK.format("$5")}) stuck
                from case_file c where c.path >= k.top and c.path < k.ends and c.status = 'running' and c.procedure = $3
                group by c.stage) c""",
        list(paths), [beyond(path) for path in paths], procedure, today, still_since(today),
    )  # fmt: skip


def _line(unit: Below, counts: Sequence[Row]) -> BelowLine:
    return BelowLine(
        unit.id, unit.name, unit.kind,
        {row["stage"]: row["cases"] for row in counts},
        sum(row["overdue"] for row in counts), sum(row["stuck"] for row in counts),
    )  # fmt: skip
