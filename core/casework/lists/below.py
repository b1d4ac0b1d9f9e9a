"""The running cases of the organisations directly below somebody: a committee's branches, the department's committees."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.lists.cases import STUCK, still_since
from core.database import fetch

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
    """The living organisations directly below those that he oversees, by their order in the tree: one query.

    Sums over a range of paths, from an index alone.
    """
    above = oversees(actor)
    if not above:
        return []
    rows = await fetch(
        f"""select k.id, k.short_name, k.kind, c.stage, count(c.path) cases, count(c.path) filter (where c.due_key < $3) overdue,
                  count(c.path) filter (where {STUCK.format("$4")}) stuck
           from unit k left join case_file c on c.path >= k.path and c.path < rtrim(k.path, '/') || '0'
                and c.status = 'running' and c.procedure = $2
           where k.parent_id = any($1) and k.dissolved is null
           group by k.id, k.short_name, k.kind, k.code, k.py, c.stage order by k.code nulls last, k.py, k.id""",
        above, procedure, today, still_since(today),
    )  # fmt: skip
    found: dict[UUID, BelowLine] = {}
    for row in rows:
        line = found.setdefault(row["id"], BelowLine(row["id"], row["short_name"], row["kind"], {}, 0, 0))
        stages = {**line.stages, row["stage"]: row["cases"]} if row["stage"] is not None else line.stages
        found[row["id"]] = msgspec.structs.replace(
            line, stages=stages, overdue=line.overdue + row["overdue"], stuck=line.stuck + row["stuck"]
        )
    return list(found.values())
