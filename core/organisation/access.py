"""The only way to reach a unit: whoever may not see it is told that there is none."""

from __future__ import annotations

from uuid import UUID

from asyncpg import Record

from core.actor import Actor, Capability
from core.database import fetchrow, fetchval
from core.errors import NotFound
from core.organisation.model import UnitView

COLUMNS = """id, parent_id, kind, name, short_name, code, path, founded, dissolved, successor_id, flags, version, task, until,
    covers"""
NO_SUCH_UNIT = "没有找到这个党组织，它可能不在您的管理范围内。请从组织树中重新选择。"


async def access_unit(
    actor: Actor, unit_id: UUID, capability: Capability = "org.view", *, lock: bool = False
) -> UnitView:
    """The unit, if he sees it (else NotFound) and holds `capability` over it (else Forbidden).

    `lock` keeps others from changing it until the transaction ends.
    """
    row = await fetchrow(
        f"select {COLUMNS} from unit where id = $1" + (" for update" if lock else ""), unit_id
    )
    if row is None or not (actor.may("org.view", row["path"]) or actor.may(capability, row["path"])):
        raise NotFound(NO_SUCH_UNIT)
    actor.require(capability, row["path"])
    return unit_view(row)


def unit_view(row: Record) -> UnitView:
    """A database row as UnitView."""
    return UnitView(**{**dict(row), "flags": tuple(row["flags"]), "covers": tuple(row["covers"])})


async def lock_tree() -> None:
    """Wait until nobody else is moving or merging units of this county: two who met half-way would block each other."""
    await fetchval("select id from unit where parent_id is null for no key update")
