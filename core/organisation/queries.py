"""What can be asked of the tree: it with counts, children, the way down to a unit, units by name or pinyin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor, Capability
from core.database import fetch
from core.organisation.access import COLUMNS, access_unit, unit_view
from core.organisation.model import UnitView
from core.paths import Conditions, within
from core.text import tidy


class Outlined(msgspec.Struct, frozen=True, kw_only=True):
    """A unit among others in depth-first order, siblings by code and pinyin; `depth` is 0 for the department.

    `search` holds what a search box compares with: the name, its pinyin, its initials.
    """

    id: UUID
    parent_id: UUID | None
    kind: str
    name: str
    path: str
    dissolved: date | None
    flags: tuple[str, ...]
    depth: int
    search: str


class TreeNode(Outlined, frozen=True, kw_only=True):
    """A unit in the tree with its counts; those with `all_` include everything below it."""

    people: int
    cases: int
    all_people: int
    all_cases: int
    all_units: int


class Among(msgspec.Struct, frozen=True):
    """Which units may be picked: those over which he holds `capability` ("": all of the county, whose names are no secret inside
    it), of `kinds` (none: of all), not at or below `outside`."""

    capability: Capability | Literal[""] = "org.view"
    kinds: tuple[str, ...] = ()
    outside: str = ""

    def of(self, actor: Actor) -> Conditions:
        """The living ones, as conditions on `unit`."""
        where = Conditions()
        if self.capability:
            where.below("path", within(actor, self.capability))
        where.add("dissolved is null")
        if self.kinds:
            where.add("kind = any({})", list(self.kinds))
        if self.outside:
            where.add("not starts_with(path, {})", self.outside)
        return where


SEEN = Among()
"""All living ones that he sees."""


async def outline(actor: Actor, among: Among = SEEN, *, limit: int | None = None) -> list[Outlined]:
    """The units among which he may pick, no more than `limit` of them."""
    where = among.of(actor)
    most = "" if limit is None else f" limit {int(limit)}"
    rows = await fetch(f"select {_LISTED} from unit where {where}{most}", *where.args)
    return [Outlined(**_outlined(row)) for row in _in_order(rows, await _above(rows))]


async def _above(rows: list[Record]) -> list[Record]:
    """What gives `rows` the order of the whole tree, also where those above them are none of them."""
    given = {row["path"] for row in rows}
    above = {prefix for row in rows for prefix in upwards(row["path"])}
    top = min(given, key=len, default="")
    if all(path.startswith(top) for path in given) and not any(
        len(path) > len(top) for path in above - given
    ):
        return rows
    return await fetch("select path, code, py from unit where path = any($1)", list(above))


async def tree(actor: Actor, top: UUID | None = None, *, dissolved: bool = False) -> list[TreeNode]:
    """The same with how many people and running cases there are: three queries, however many units."""
    seen = await _seen(actor, top)
    where = Conditions()
    where.below("path", seen)
    if not dissolved:
        where.add("dissolved is null")
    rows = await fetch(f"select {_LISTED} from unit where {where}", *where.args)
    # Counts of other contexts' tables are read here only to be shown; nothing is decided on them.
    people = await _counts("person", seen, "left_on is null")
    cases = await _counts("case_file", seen, "status = 'running'")
    return _counted(_in_order(rows, rows), people, cases)


async def _seen(actor: Actor, top: UUID | None) -> tuple[str, ...]:
    above = (await access_unit(actor, top)).path if top else None
    return within(actor, "org.view", above)


_LISTED = "id, parent_id, kind, name, path, dissolved, flags, code, py, py_joined, py_initials"


async def _counts(table: str, seen: tuple[str, ...], condition: str = "true") -> dict[str, int]:
    """Path → how many, in these subtrees."""
    where = Conditions()
    where.below("path", seen)
    where.add(condition)
    rows = await fetch(f"select path, count(*) n from {table} where {where} group by path", *where.args)
    return {row["path"]: row["n"] for row in rows}


async def children(actor: Actor, unit_id: UUID, *, dissolved: bool = False) -> list[UnitView]:
    """The units directly below one."""
    await access_unit(actor, unit_id)
    rows = await fetch(
        f"""select {COLUMNS} from unit where parent_id = $1 and (dissolved is null or $2)
            order by code nulls last, py, id""",
        unit_id, dissolved,
    )  # fmt: skip
    return [unit_view(row) for row in rows]


async def crumbs(paths: Iterable[str]) -> dict[str, tuple[tuple[UUID, str], ...]]:
    """For each path, (id, short name) of every unit from the department down to it: one query for all.

    Names of units above one's own are no secret inside a county.
    """
    wanted = set(paths)
    prefixes = {prefix for path in wanted for prefix in upwards(path)}
    rows = await fetch("select id, path, short_name from unit where path = any($1)", list(prefixes))
    named = {row["path"]: (row["id"], row["short_name"]) for row in rows}
    return {path: tuple(named[prefix] for prefix in upwards(path) if prefix in named) for path in wanted}


async def search(actor: Actor, text: str, among: Among = SEEN, *, limit: int = 20) -> list[UnitView]:
    """Living units whose name, pinyin or initials contain `text`, or whose code it is; the highest of them first."""
    term = tidy(text).lower()
    where = among.of(actor)
    here = where.bind(term)
    # Official names all begin alike (中共某县…): two letters are looked for inside them, too.
    letters = (
        f"position({here} in py_joined) > 0 or position({here} in py_initials) > 0"
        if len(term) > 1
        else f"starts_with(py_initials, {here})"
    )
    where.add(
        f"(position({here} in lower(name)) > 0 or position({here} in lower(short_name)) > 0"
        f" or {letters} or code = {here})"
    )
    rows = await fetch(
        f"""select {COLUMNS} from unit where {where}
            order by position({here} in lower(name)) = 0, length(path), length(name), py, id limit {int(limit)}""",
        *where.args,
    )
    return [unit_view(row) for row in rows]


async def named_units(actor: Actor, among: Among, ids: Sequence[UUID]) -> list[UnitView]:
    """Those of `ids` that he may pick, in the same order."""
    if not ids:
        return []
    where = among.of(actor)
    listed = where.bind(list(ids))
    rows = await fetch(
        f"select {COLUMNS} from unit where {where} and id = any({listed}) order by array_position({listed}::uuid[], id)",
        *where.args,
    )
    return [unit_view(row) for row in rows]


async def flags_on(path: str) -> frozenset[str]:
    """The flags of the unit at `path` and of all above it, as tags: what is rural is so with all that it holds, and what stands
    under a general branch follows from the tree."""
    return (await flags_of([path]))[path]


async def flags_of(paths: Sequence[str]) -> dict[str, frozenset[str]]:
    """The same of several units, by path."""
    wanted = sorted({above for path in paths for above in upwards(path)})
    rows = await fetch("select path, flags, kind from unit where path = any($1)", wanted)
    own = {
        row["path"]: {*row["flags"], *([UNDER_GENERAL_BRANCH] if row["kind"] == "general-branch" else [])}
        for row in rows
    }
    return {path: frozenset().union(*(own.get(above, ()) for above in upwards(path))) for path in paths}


UNDER_GENERAL_BRANCH = "under-general-branch"
"""The floor's tag for it (细则（2026）第二十二条)."""


async def unit_at(path: str) -> UnitView | None:
    """The unit with exactly this path, for services that have checked access to it."""
    rows = await fetch(f"select {COLUMNS} from unit where path = $1", path)
    return unit_view(rows[0]) if rows else None


def upwards(path: str) -> list[str]:
    """The paths of the units from the department down to the one at `path`."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[: count + 1]) + "/" for count in range(len(parts))]


def _in_order(rows: list[Record], order: list[Record]) -> list[Record]:
    keys = {row["path"]: (row["code"] is None, row["code"] or "", row["py"], row["path"]) for row in order}
    return sorted(rows, key=lambda row: [keys.get(p, (False, "", "", p)) for p in upwards(row["path"])])


def _counted(rows: list[Record], people: dict[str, int], cases: dict[str, int]) -> list[TreeNode]:
    totals: dict[str, list[int]] = {}
    for row in rows:
        own = people.get(row["path"], 0), cases.get(row["path"], 0)
        for prefix in upwards(row["path"]):
            total = totals.setdefault(prefix, [0, 0, -1])
            total[0] += own[0]
            total[1] += own[1]
            total[2] += 1
    return [_node(row, people, cases, totals[row["path"]]) for row in rows]


def _node(row: Record, people: dict[str, int], cases: dict[str, int], total: list[int]) -> TreeNode:
    return TreeNode(
        **_outlined(row), people=people.get(row["path"], 0), cases=cases.get(row["path"], 0),
        all_people=total[0], all_cases=total[1], all_units=total[2],
    )  # fmt: skip


def _outlined(row: Record) -> dict[str, Any]:
    return {
        "id": row["id"], "parent_id": row["parent_id"], "kind": row["kind"], "name": row["name"], "path": row["path"],
        "dissolved": row["dissolved"], "flags": tuple(row["flags"]), "depth": row["path"].count("/") - 2,
        "search": f"{row['name']} {row['py_joined']} {row['py_initials']}",
    }  # fmt: skip
