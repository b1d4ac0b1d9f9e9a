"""The running cases of the organisations directly below somebody: a committee's branches, the department's committees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record as Row

from core.actor import Actor
from core.casework.lists.cases import STUCK, still_since
from core.database import fetch
from core.paths import beyond

OVERSEEING = ("committee", "department")


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


def oversees(actor: Actor) -> list[UUID]:
    """The units above branches at which he sees cases, the highest first."""
    held = [one for one in actor.holdings if one.level in OVERSEEING and "case.view" in one.capabilities]
    outer = {one.path: one.unit_id for one in held if not _inside(one.path, (other.path for other in held))}
    return [outer[path] for path in sorted(outer)]


def _inside(path: str, others: Iterable[str]) -> bool:
    return any(path != other and path.startswith(other) for other in others)


async def below(actor: Actor, procedure: str, today: date) -> list[BelowLine]:
    """The living organisations directly below those that he oversees, by their order in the tree: two queries."""
    above = oversees(actor)
    if not above:
        return []
    units = await fetch(
        """select id, short_name, kind, path from unit where parent_id = any($1) and dissolved is null
           order by code nulls last, py, id""",
        above,
    )
    counts: dict[str, list[Row]] = {}
    for row in await _counted([unit["path"] for unit in units], procedure, today):
        counts.setdefault(row["top"], []).append(row)
    return [_line(unit, counts.get(unit["path"], [])) for unit in units]


async def _counted(paths: Sequence[str], procedure: str, today: date) -> list[Row]:
    """By path and stage: sums over ranges of paths, from an index alone."""
    return await fetch(
        f"""select k.top, c.stage, count(*) cases, count(*) filter (where c.due_key < $4) overdue,
                   count(*) filter (where {STUCK.format("$5")}) stuck
            from unnest($1::text[], $2::text[]) k(top, ends) join case_file c on c.path >= k.top and c.path < k.ends
            where c.status = 'running' and c.procedure = $3 group by k.top, c.stage""",
        list(paths), [beyond(path) for path in paths], procedure, today, still_since(today),
    )  # fmt: skip


def _line(unit: Row, counts: Sequence[Row]) -> BelowLine:
    return BelowLine(
        unit["id"], unit["short_name"], unit["kind"],
        {row["stage"]: row["cases"] for row in counts},
        sum(row["overdue"] for row in counts), sum(row["stuck"] for row in counts),
    )  # fmt: skip
