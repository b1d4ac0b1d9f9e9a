"""The organisations directly below somebody: a committee's branches, the department's committees."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec

from core.actor import Actor, Capability
from core.database import fetch

OVERSEEING = ("committee", "department")


class Below(msgspec.Struct, frozen=True):
    """One of them."""

    id: UUID
    name: str
    kind: str
    path: str


def oversees(actor: Actor, capability: Capability) -> list[UUID]:
    """The units above branches at which he holds this, the highest first."""
    held = [one for one in actor.holdings if one.level in OVERSEEING and capability in one.capabilities]
    outer = {one.path: one.unit_id for one in held if not _inside(one.path, (other.path for other in held))}
    return [outer[path] for path in sorted(outer)]


def _inside(path: str, others: Iterable[str]) -> bool:
    return any(path != other and path.startswith(other) for other in others)


async def directly_below(actor: Actor, capability: Capability) -> list[Below]:
    """The living ones below those that he oversees, by their order in the tree."""
    above = oversees(actor, capability)
    if not above:
        return []
    found = await fetch(
        """select id, short_name, kind, path from unit where parent_id = any($1) and dissolved is null
           order by code nulls last, py, id""",
        above,
    )
    return [Below(*row) for row in found]


__all__ = ["Below", "directly_below", "oversees"]
