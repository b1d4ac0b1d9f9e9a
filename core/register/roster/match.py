"""Finding what a roster speaks of: the branch by its name within one subtree, the person by the national id."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from uuid import UUID

from asyncpg import Record

from core.database import fetch, fetchval
from core.errors import Invalid
from core.organisation.model import has_members
from core.paths import beyond
from core.register.identity import ID_FIELD
from core.register.roster.branches import MOST_NAMES, former_names, loose_name, renamed_units, suffixes
from core.register.roster.taught import branches_taught
from core.secrecy import vault


class Branches:
    """The living branches below one unit, by name, short name, with the names of units above it, or a suffix of all that.

    `whole` is the branch itself where the subtree is one branch.
    """

    def __init__(
        self,
        path: str,
        rows: Iterable[Record],
        former: Mapping[str, str],
        taught: Mapping[str, UUID],
        renamed: Mapping[str, UUID],
    ) -> None:
        units = list(rows)
        names = {row["path"]: (row["name"], row["short_name"]) for row in units}
        below = [row for row in units if row["path"].startswith(path) and has_members(row["kind"])]
        self._units = {row["id"]: row for row in below}
        self._former = former
        self._taught = {name: unit_id for name, unit_id in taught.items() if unit_id in self._units}
        self._renamed = {name: unit_id for name, unit_id in renamed.items() if unit_id in self._units}
        self._by_name: dict[str, set[UUID]] = {}
        self._loosely: dict[str, set[UUID]] = {}
        for row in below:
            for name in _ways_to_write(row["path"], names):
                self._by_name.setdefault(name, set()).add(row["id"])
            for name in suffixes(row["path"], names):
                self._loosely.setdefault(name, set()).add(row["id"])
        self.whole: UUID | None = next((row["id"] for row in below if row["path"] == path), None)

    def find(self, name: str) -> UUID:
        """The one branch of that name. Raises Invalid when there is none, or more than one."""
        if name in self._taught:
            return self._taught[name]
        loose = loose_name(name)
        found = (
            self._by_name.get(plain_name(name))
            or self._loosely.get(loose)
            or self._loosely.get(f"{loose}支部", set())
        )
        if not found:
            if (unit_id := self._renamed.get(loose_name(name))) is not None:
                return unit_id
            if told := self._former.get(loose_name(name)):
                raise Invalid(f"“{name}”{told}请改成现在的党支部后重新上传。")
            raise Invalid(f"在导入范围内没有“{name}”这个党支部。请核对名称，或先在组织页建立这个党支部。")
        if len(found) > 1:
            raise Invalid(f"在导入范围内有 {len(found)} 个“{name}”。请写成“上级党组织/{name}”。")
        return next(iter(found))

    def now_called(self, name: str, unit_id: UUID) -> str | None:
        """The present name of a unit that was found by its former one."""
        plain, loose = plain_name(name), loose_name(name)
        known = (
            name in self._taught or plain in self._by_name or {loose, f"{loose}支部"} & self._loosely.keys()
        )
        return None if known else str(self._units[unit_id]["name"])

    def path(self, unit_id: UUID) -> str:
        """The path of a unit found here."""
        path: str = self._units[unit_id]["path"]
        return path

    def within(self, unit_id: UUID, person: Record) -> bool:
        """Whether somebody is in a group of this branch: a roster that names the branch leaves him there."""
        unit = self._units[unit_id]
        return unit["kind"] == "branch" and bool(person["path"].startswith(unit["path"]))


async def branches_below(path: str) -> Branches:
    """The living units of a subtree, under the names of those above it; two queries."""
    rows = await fetch(
        """select id, kind, name, short_name, path from unit
           where (path >= $1 and path < $2 or path = any($3::text[])) and dissolved is null""",
        path, beyond(path), _above(path),
    )  # fmt: skip
    return Branches(path, rows, await former_names(), await branches_taught(path), await renamed_units(path))


async def is_branch(unit_id: UUID) -> bool:
    """Whether a unit acts as a branch, so that its people need not say which branch they are of."""
    return has_members(await fetchval("select kind from unit where id = $1", unit_id))


_KNOWN = (
    "from person where id_index = any($1) and (left_as is null or left_as not in ('in-error', 'awaited'))"
)
"""County-wide; not whom somebody entered in error."""


async def people_by_id_number(numbers: Iterable[str]) -> dict[str, Record]:
    """National id → row of `person`, for those that are known; one query."""
    by_index = {vault().blind(ID_FIELD, number): number for number in numbers}
    rows = await fetch(f"select * {_KNOWN}", list(by_index))
    return {by_index[row["id_index"]]: row for row in rows}


async def known_ids(numbers: Iterable[str], *, lock: bool = False) -> list[UUID]:
    """The people with these national ids; one query. `lock` keeps them, in the order of their ids, for this transaction."""
    by_index = [vault().blind(ID_FIELD, number) for number in numbers]
    return [
        row["id"]
        for row in await fetch(f"select id {_KNOWN}{' order by id for update' if lock else ''}", by_index)
    ]


def _above(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:count]) + "/" for count in range(1, len(parts))]


@lru_cache(MOST_NAMES)
def plain_name(name: str) -> str:
    """A unit's name as people vary it: without 中共, blanks, 委员会 after 支部; full-width letters made plain."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).replace("\\", "/")
    return "/".join(re.sub(r"^(中国共产党|中共)|(?<=支部)委员会$", "", part) for part in text.split("/"))


def _ways_to_write(path: str, names: dict[str, tuple[str, str]]) -> set[str]:
    ways = {plain_name(name) for name in names[path]}
    tails = set(ways)
    above = path
    while (above := above[: above.rstrip("/").rfind("/") + 1]) in names:
        tails = {f"{plain_name(name)}/{tail}" for name in names[above] for tail in tails}
        ways |= tails | {
            f"{plain_name(name)}/{own}" for name in names[above] for own in map(plain_name, names[path])
        }
    return ways
