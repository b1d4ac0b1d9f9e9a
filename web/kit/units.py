"""The organisation tree as pages need it: nested for showing, flat for picking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from uuid import UUID

import msgspec

from core.actor import Actor
from core.organisation.model import level_of
from core.organisation.queries import TreeNode, crumbs, outline, upwards
from core.pinyin import reading

SMALL_TREE = 40
"""A tree of so many units is shown open; of a larger one only the first level."""


class Node(msgspec.Struct):
    """A unit with what stands below it."""

    unit: TreeNode
    children: list[Node]
    open: bool
    search: str

    @property
    def count(self) -> str:
        """The counts behind the name."""
        cases = f" · 在办 {self.unit.all_cases} 件" if self.unit.all_cases else ""
        return f"{self.unit.all_people:,} 人{cases}"


class Option(msgspec.Struct, frozen=True):
    """A unit that can be picked; `depth` begins at 0, `search` holds pinyin and initials; a recent one comes twice."""

    id: UUID
    name: str
    depth: int
    search: str
    recent: bool = False


class Place(msgspec.Struct, frozen=True):
    """A unit on the way down to another one."""

    id: UUID
    name: str
    path: str


def nest(nodes: Sequence[TreeNode]) -> list[Node]:
    """The tree from its depth-first order. A unit whose parent is not among them is a root."""
    roots: list[Node] = []
    by_id: dict[UUID, Node] = {}
    for unit in nodes:
        parent = by_id.get(unit.parent_id) if unit.parent_id else None
        above = parent.children if parent else roots
        shown = len(nodes) <= SMALL_TREE or parent is None
        node = by_id[unit.id] = Node(unit, [], shown, search_text(unit.name))
        above.append(node)
    return roots


@lru_cache(maxsize=20_000)
def search_text(name: str) -> str:
    """What a search box compares with: the name, its pinyin, its initials. Kept: a page has every unit of a county."""
    return " ".join((name, *reading(name, person=False)))


async def unit_options(
    actor: Actor,
    capability: str = "org.view",
    *,
    levels: Sequence[str] = (),
    kinds: Collection[str] = (),
    outside: str = "",
    recent: Sequence[UUID] = (),
) -> list[Option]:
    """The living units over which he holds `capability`, as a tree, `recent` ones first.

    Only those of `levels` or `kinds`, if given; none that stands at or below the path `outside`.
    """
    found = [
        unit
        for unit in await outline(actor)
        if actor.may(capability, unit.path)
        and not (outside and unit.path.startswith(outside))
        and (not levels or level_of(unit.kind) in levels)
        and (not kinds or unit.kind in kinds)
    ]
    top = min((unit.depth for unit in found), default=0)
    options = [Option(unit.id, unit.name, unit.depth - top, search_text(unit.name)) for unit in found]
    by_id = {option.id: option for option in options}
    first = [msgspec.structs.replace(by_id[one], depth=0, recent=True) for one in recent if one in by_id]
    return [*first, *options]


async def way_down(path: str) -> tuple[Place, ...]:
    """The units from the department down to the one at `path`, for the crumb."""
    named = (await crumbs([path]))[path]
    return tuple(Place(*unit, above) for unit, above in zip(named, upwards(path), strict=True))
