"""What came and went in the year, members at its end, those admitted in it: one query for all their tables; those on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
from asyncpg import Record

from core.statistics.dimensions import DIMENSIONS
from core.statistics.flows import LINED, WENT, flowed
from core.statistics.stood import BEGUN, ENTERED, STAGES, below, moved_since, places, ranges, reckoned
from core.statistics.yearly.model import Figures, Source, Year, declared
from core.statistics.yearly.units import reached

By = dict[str, dict[str, dict[str, int]]]
"""Table → row, which is a value of its dimension ("": unknown) → column → how many."""
YOUNG = 35
"""公报的新党员年龄分组."""


class Counted(msgspec.Struct, frozen=True):
    """What one pass over the people finds: the rows of `flows.LINED`, and the figures of each table that is by a dimension."""

    flow: list[Record]
    by: By

    def gone(self) -> Figures:
        """How many went in each way."""
        found: Counter[str] = Counter()
        for row in self.flow:
            found[row["line"]] -= row["n"] if row["line"] in WENT else 0
        return {line: {"people": people} for line, people in found.items()}


async def counted(paths: Sequence[str], year: Year) -> Counted:
    """Who was there before the year and at its end, what has passed; by each table's dimension the members at the end, and those
    who became members here in the year, where they have left again as well; which organisations have their hours."""
    [hours], next_place = declared("reached"), 3 + 2 * len(paths)
    sql = f"""with {flowed(len(paths))},
        admitted as (
            select p.*, a.now held from passed a join filed p on p.id = a.id and p.joined = a.day where a.why = 'admitted')
        select null "table", line, standing, n from ({LINED}) l
        union all {_grouped("members", "after")} union all {_grouped("admitted", "admitted")}
        union all {reached(f"${next_place}", f"${next_place + 1}", f"${next_place + 2}")}"""
    rows = await reckoned(
        sql, year.last, year.before, *ranges(paths), hours.id, list(hours.kinds), hours.hours
    )
    by: By = {}
    for row in rows:
        if row["table"]:
            figures = by.setdefault(row["table"], {}).setdefault(row["line"] or "", {})
            figures[row["standing"]] = figures.get(row["standing"], 0) + row["n"]
    return Counted([row for row in rows if not row["table"]], by)


async def stages(paths: Sequence[str], year: Year) -> Figures:
    """Who was on the way to membership at the end of the last day: what cases have changed later is taken back."""
    trees = places(4, paths)
    rows = await reckoned(
        f"""with {BEGUN}, {moved_since("later_moved", "$1::date")},
            followed as materialized (select person_id, id, detail ->> 'membership' membership,
                (at at time zone 'Asia/Shanghai')::date <= $1::date before from person_change where kind = 'followed'),
            later as (select distinct person_id from followed where not before),
            earlier as (select distinct on (person_id) person_id, membership from followed where before
                order by person_id, id desc),
            held as (
                select p.sex, p.ethnicity, p.born,
                    case when l.person_id is null then p.membership else coalesce(e.membership, 'none') end stage
                from person p left join later_moved m on m.id = p.id
                join unit u on u.id = coalesce(m.unit_id, p.unit_id) and {below("u", trees)}
                left join later l on l.person_id = p.id left join earlier e on e.person_id = p.id
                where {ENTERED} <= $1::date and (m.id is not null or p.left_on is null or p.left_on > $1::date))
        select stage, count(*)::int people, (count(*) filter (where sex = 'female'))::int women,
            (count(*) filter (where ethnicity <> '' and ethnicity <> '汉族'))::int minority,
            (count(*) filter (where extract(year from age($1::date, born)) <= $2::int))::int young
        from held where stage = any($3) group by stage""",
        year.last, YOUNG, list(STAGES), *ranges(paths),
    )  # fmt: skip
    return {row["stage"]: dict(row) for row in rows}


def _grouped(of: Source, people: str) -> str:
    """From people (a CTE) on: a row for each table, value of its dimension and standing. What stands in the register is put into
    its group once, not once for everybody of whom it is said."""
    return " union all ".join(
        f"""select '{one.id}', {dimension.sql}, held, sum(n)::int from (
            select {dimension.of}, held, count(*) n from {people} group by 1, 2) s group by 2, 3"""
        for one in declared(of) for dimension in (DIMENSIONS[one.by],)
    )  # fmt: skip
