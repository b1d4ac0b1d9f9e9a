"""Finding what a roster speaks of: the branch by its name within one subtree, the person by the national id."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from uuid import UUID

from asyncpg import Record

from core.database import fetch
from core.errors import Invalid
from core.organisation.model import level_of
from core.paths import beyond
from core.register.identity import ID_FIELD
from core.secrecy import vault


class Branches:
    """The living branches below one unit, by name, short name, or a name with that of units above it before a slash."""

    def __init__(self, rows: Iterable[Record]) -> None:
        units = list(rows)
        names = {row["path"]: (row["name"], row["short_name"]) for row in units}
        self._paths = {row["id"]: row["path"] for row in units}
        self._by_name: dict[str, set[UUID]] = {}
        for row in units:
            if level_of(row["kind"]) == "branch":
                for name in _ways_to_write(row["path"], names):
                    self._by_name.setdefault(name, set()).add(row["id"])

    def find(self, name: str) -> UUID:
        """The one branch of that name. Raises Invalid when there is none, or more than one."""
        found = self._by_name.get(plain_name(name), set())
        if not found:
            raise Invalid(f"在导入范围内没有“{name}”这个党支部。请核对名称，或先在组织页建立这个党支部。")
        if len(found) > 1:
            raise Invalid(f"在导入范围内有 {len(found)} 个“{name}”。请写成“上级党组织/{name}”。")
        return next(iter(found))

    def path(self, unit_id: UUID) -> str:
        """The path of a unit found here."""
        path: str = self._paths[unit_id]
        return path


async def branches_below(path: str) -> Branches:
    """The living units of a subtree, one query."""
    rows = await fetch(
        "select id, kind, name, short_name, path from unit where path >= $1 and path < $2 and dissolved is null",
        path, beyond(path),
    )  # fmt: skip
    return Branches(rows)


async def people_by_id_number(numbers: Iterable[str], *, lock: bool = False) -> dict[str, Record]:
    """National id → row of `person`, county-wide, for those that are known; one query."""
    by_index = {vault().blind(ID_FIELD, number): number for number in numbers}
    tail = " order by id for update" if lock else ""
    rows = await fetch(f"select * from person where id_index = any($1){tail}", list(by_index))
    return {by_index[row["id_index"]]: row for row in rows}


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
