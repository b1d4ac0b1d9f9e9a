"""Names of branches as people write them: any suffix of the name on the seal, and names that are no more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from uuid import UUID

from core.database import fetch
from core.paths import beyond

_COMMITTEE = re.compile(
    r"(县|市|区|旗|州|省)?委(?:员会)?组织部(?=.)|(?:党工委|工委|工作委员会|党委|委员会|党总支部?|总支部?)(?=.)"
)

_FIGURES = "〇一二三四五六七八九"

MOST_NAMES = 4_096
"""Names of branches whose plain form is kept: a roster says each again in every row of it."""


@lru_cache(MOST_NAMES)
def loose_name(name: str) -> str:
    """A name without 中共, blanks, slashes and the words for committees above; 党支部, 支部 and 支部委员会 are one,
    第1支部, 第一支部 and 一支部 too."""
    text = re.sub(r"[\s/\\·、-]|\(.*?\)", "", unicodedata.normalize("NFKC", name))
    text = re.sub(r"中国共产党|中共", "", text)
    text = re.sub(r"(?:党)?(总)?支部(?:委员会)?", r"\1支部", text)
    text = re.sub(r"(?<!\d)\d{1,2}(?=总?支部)", lambda found: _in_words(int(found[0])), text)
    text = re.sub(r"(?<![第一二三四五六七八九十])(?=[一二三四五六七八九十]+总?支部)", "第", text)
    return _COMMITTEE.sub(lambda found: found[1] or "", text)


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (
        f"{_FIGURES[tens] if tens > 1 else ''}{'十' * (tens > 0)}{_FIGURES[ones] if ones or not tens else ''}"
    )


def suffixes(path: str, names: Mapping[str, tuple[str, str]]) -> set[str]:
    """All that `loose_name` may make of the name of a unit, with any of the units above it before it."""
    tails = {loose_name(name) for name in names[path]}
    above = path
    while (above := above[: above.rstrip("/").rfind("/") + 1]) in names:
        tails |= {loose_name(f"{place}{tail}") for place in _places(names[above]) for tail in tails}
    return tails


def _places(names: Iterable[str]) -> set[str]:
    """What the name of a unit becomes in front of another."""
    return {loose_name(f"{name}/x").removesuffix("x") for name in names}


async def renamed_units(path: str) -> dict[str, UUID]:
    """Loose former name → the living unit at or below `path` that was called so; none where two were. One query."""
    rows = await fetch(
        """select distinct c.unit_id, c.detail -> 'was' ->> field name
           from unit_change c join unit u on u.id = c.unit_id, unnest(array['name', 'short_name']) field
           where c.kind = 'edited' and c.detail -> 'was' ? field and u.path >= $1 and u.path < $2 and u.dissolved is null""",
        path, beyond(path),
    )  # fmt: skip
    found: dict[str, set[UUID]] = {}
    for row in rows:
        found.setdefault(loose_name(row["name"]), set()).add(row["unit_id"])
    return {name: next(iter(units)) for name, units in found.items() if len(units) == 1}


async def former_names() -> dict[str, str]:
    """Loose name → what has become of the unit of that name: dissolved, merged into another, or renamed; two queries."""
    dissolved = await fetch(
        """select u.name, u.short_name, u.dissolved, s.name successor
           from unit u left join unit s on s.tenant_id = u.tenant_id and s.id = u.successor_id
           where u.dissolved is not null"""
    )
    told = {}
    for row in dissolved:
        what = f"并入“{row['successor']}”。" if row["successor"] else "撤销。"
        for name in (row["name"], row["short_name"]):
            told[loose_name(name)] = f"已于 {row['dissolved']} {what}"
    return told
