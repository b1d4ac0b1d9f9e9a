"""How many people of each kind stood in a unit and below on a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import fetchval
from core.organisation.access import access_unit
from core.paths import within
from core.statistics.dimensions import DIMENSIONS, Dimension
from core.statistics.stood import BEGUN, MEMBERS, STAGES, ranges, reckoned, stood

STANDINGS = (*MEMBERS, *STAGES)


class CountQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Of which unit (None: all that he sees), on which day, by which of DIMENSIONS.

    With `since` only those are counted who have joined on that day or later: the yearly groups of admissions.
    """

    day: date
    dimension: str = "sex"
    unit_id: UUID | None = None
    since: date | None = None


class Line(msgspec.Struct, frozen=True):
    """A value of the dimension by its title, and how many of each standing have it."""

    title: str
    counts: dict[str, int]

    @property
    def members(self) -> int:
        """Full and probationary ones."""
        return sum(self.counts.get(name, 0) for name in MEMBERS)


class Counts(msgspec.Struct, frozen=True):
    """The lines in the order of the dimension, those that nobody has left out; `total` counts everybody once."""

    lines: tuple[Line, ...]
    total: Line
    begun: date | None
    """The day on which the register was begun: of earlier ones not all is known."""

    def standings(self) -> tuple[str, ...]:
        """The standings that somebody has; members always."""
        return tuple(name for name in STANDINGS if name in MEMBERS or self.total.counts.get(name))


async def begun() -> date | None:
    """The day on which the county's register was begun; None while nobody is in it."""
    found: date | None = await fetchval(f"with {BEGUN} select begun from begun")
    return found


async def counts(actor: Actor, asked: CountQuery, today: date) -> Counts:
    """Count them. Raises NotFound for a unit that he does not see, Forbidden without `statistics.view`."""
    paths = await seen(actor, asked.unit_id)
    dimension = DIMENSIONS[asked.dimension]
    sql = counting(dimension, len(paths))
    rows = await reckoned(sql, asked.day, today, asked.since, *ranges(paths)) if paths else []
    by_value: dict[str | None, dict[str, int]] = {}
    total: dict[str, int] = {}
    for row in rows:
        (total if row["whole"] else by_value.setdefault(row["value"], {}))[row["held"]] = row["n"]
    return Counts(_lines(dimension, by_value), Line("合计", total), await begun())


async def seen(actor: Actor, unit_id: UUID | None) -> tuple[str, ...]:
    """The subtrees that are counted. Raises NotFound, Forbidden."""
    top = (await access_unit(actor, unit_id, "statistics.view")).path if unit_id else None
    return within(actor, "statistics.view", top)


def counting(dimension: Dimension, trees: int) -> str:
    """The statement: $1 the day, $2 today, $3 since when joined (or null), then a range for each of so many trees. One row for
    each value and standing, and one for each standing with `whole`."""
    places = [f"${place}" for place in range(4, 4 + 2 * trees)]
    tags = (
        "left join person_tag t on t.person_id = s.id and t.since <= $1 and (t.ended is null or t.ended > $1)"
    )
    several, n = (tags, "count(distinct s.id)") if dimension.several else ("", "count(*)")
    return f"""with {BEGUN}, {stood("stood", "$1", places, today="$2")}
        select {dimension.sql} "value", s.held, {n}::int n, grouping({dimension.sql}) = 1 whole
        from stood s {several} where $3::date is null or s.joined >= $3
        group by grouping sets ((s.held, {dimension.sql}), (s.held))"""


def _lines(dimension: Dimension, found: dict[str | None, dict[str, int]]) -> tuple[Line, ...]:
    known = {value: held for value, held in found.items() if value}
    listed = [value for value in dimension.titles if value in known]
    others = sorted(known.keys() - set(listed), key=lambda value: (-sum(known[value].values()), value))
    lines = [Line(dimension.titles.get(value, value), known[value]) for value in (*listed, *others)]
    nothing: dict[str, int] = {}
    for value, held in found.items():
        if not value:
            for standing, n in held.items():
                nothing[standing] = nothing.get(standing, 0) + n
    return (*lines, *([Line(dimension.unknown, nothing)] if nothing else []))
