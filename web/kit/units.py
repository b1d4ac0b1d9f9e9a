"""The organisation tree as pages need it: nested for showing, flat for picking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal
from uuid import UUID

import msgspec

from core.actor import Actor, Capability
from core.organisation.model import KINDS, TEMPORARY, level_of
from core.organisation.queries import Among, TreeNode, crumbs, named_units, outline, search, upwards
from web.kit.forms import Form
from web.kit.words import query

SMALL_TREE = 40
"""A tree of so many units is shown open; of a larger one only the first level."""

MOST_SHOWN = 300
"""A tree of more units is sent without what stands below the second level: that comes when it is opened."""

MOST_LISTED = 200
"""So many units stand in a list to be picked from. Of more, a search finds some."""

MOST_FOUND = 50
"""So many it finds: who sees his among none of them types more."""


class Node(msgspec.Struct):
    """A unit with what stands below it; `later` when that comes once it is opened."""

    unit: TreeNode
    children: list[Node]
    open: bool
    search: str
    later: bool = False

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
        node = by_id[unit.id] = Node(unit, [], shown, unit.search)
        above.append(node)
    if len(nodes) > MOST_SHOWN:
        for node in by_id.values():
            if node.unit.parent_id in by_id:
                node.later, node.children = bool(node.children), []
    return roots


class Sought(msgspec.Struct, frozen=True):
    """What a form that is shown again says of a unit to be picked: the words typed into its search box, and what was picked."""

    text: str = ""
    picked: str = ""

    @classmethod
    def of(cls, form: Form, field: str = "unit") -> Sought:
        """As the form was sent."""
        return cls(form.value(f"{field}-q").strip(), form.value(field))


NOTHING = Sought()


class Options(list[Option]):
    """Units that can be picked. `more` is the address that finds others among them by what is typed; "" when these are all."""

    more: str = ""


async def unit_options(
    actor: Actor,
    capability: Capability | Literal[""] = "org.view",
    *,
    levels: Sequence[str] = (),
    kinds: Collection[str] = (),
    outside: str = "",
    recent: Sequence[UUID] = (),
    sought: Sought = NOTHING,
) -> Options:
    """The living units over which he holds `capability` ("": all), as a tree, `recent` first; of very many, the `sought`.

    Only those of `levels` (where people can be) or `kinds`, if given; none that stands at or below the path `outside`.
    """
    wanted = [kind for kind in KINDS if not levels or (level_of(kind) in levels and kind != TEMPORARY)]
    narrowed = tuple(kind for kind in wanted if not kinds or kind in kinds)
    among = Among(capability, narrowed if len(narrowed) < len(KINDS) else (), outside)
    found = await outline(actor, among, limit=MOST_LISTED + 1)
    if len(found) > MOST_LISTED:
        return await _on_demand(actor, among, recent, sought)
    top = min((unit.depth for unit in found), default=0)
    options = [Option(unit.id, unit.name, unit.depth - top, unit.search) for unit in found]
    by_id = {option.id: option for option in options}
    first = [msgspec.structs.replace(by_id[one], depth=0, recent=True) for one in recent if one in by_id]
    return Options([*first, *options])


async def _on_demand(actor: Actor, among: Among, recent: Sequence[UUID], sought: Sought) -> Options:
    """What was used last, what was picked, and what the words find: nobody reads a list of thousands."""
    options = Options(
        Option(unit.id, unit.name, 0, "", recent=True) for unit in await named_units(actor, among, recent)
    )
    picked = [UUID(sought.picked)] if _is_id(sought.picked) else []
    for unit in [
        *await named_units(actor, among, picked),
        *(await search(actor, sought.text, among, limit=MOST_FOUND) if sought.text else ()),
    ]:
        options.append(Option(unit.id, unit.name, 0, ""))
    options.more = "/units/pick" + query(
        {"capability": among.capability, "kinds": among.kinds, "outside": among.outside}
    )
    return options


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


async def way_down(path: str) -> tuple[Place, ...]:
    """The units from the department down to the one at `path`, for the crumb."""
    named = (await crumbs([path]))[path]
    return tuple(Place(*unit, above) for unit, above in zip(named, upwards(path), strict=True))
