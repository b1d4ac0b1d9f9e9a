"""Members at the end of the year, those admitted in it, those on the way: each one query for all its tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from asyncpg import Record

from core.statistics.dimensions import DIMENSIONS, GROUPS
from core.statistics.flows import flowing
from core.statistics.passed import passed
from core.statistics.stood import BEGUN, ENTERED, STAGES, below, ranges, reckoned, stood
from core.statistics.yearly.model import Declared, Figures, Year, declared

By = dict[str, dict[str, dict[str, int]]]
"""Table → value of its dimension ("": unknown) → standing → how many."""
YOUNG = 35
"""公报的新党员年龄分组."""


def places(first: int, paths: Sequence[str]) -> list[str]:
    """The placeholders of `paths` (as in `below`), the first of which is `$first`."""
    return [f"${place}" for place in range(first, first + 2 * len(paths))]


async def members(paths: Sequence[str], year: Year) -> By:
    """Full and probationary members at the end of the last day, by each table's dimension."""
    tables = declared("members")
    sql = f"with {BEGUN}, {stood('stood', '$1::date', places(2, paths))}, {_grouped(tables, 'stood')}"
    return _by(tables, await reckoned(sql, year.last, *ranges(paths)))


async def admitted(paths: Sequence[str], year: Year) -> By:
    """Whoever became a member here in the year, where he has left again as well."""
    tables = declared("admitted")
    sql = f"""with {BEGUN}, {passed("$2::date", "$1::date", places(3, paths))}, admitted as (
            select p.*, a.now held from passed a join filed p on p.id = a.id and p.joined = a.day where a.why = 'admitted'),
        {_grouped(tables, "admitted")}"""
    return _by(tables, await reckoned(sql, year.last, year.before, *ranges(paths)))


async def flow(paths: Sequence[str], year: Year) -> list[Record]:
    """The rows of `flows.flowing`."""
    return await reckoned(flowing(len(paths)), year.before, year.last, *ranges(paths))


async def stages(paths: Sequence[str], year: Year) -> Figures:
    """Who was on the way to membership at the end of the last day: what cases have changed later is taken back."""
    trees = places(4, paths)
    rows = await reckoned(
        f"""with {BEGUN}, {stood("stood", "$1::date", trees)},
            followed as materialized (select person_id, id, detail ->> 'membership' membership,
                (at at time zone 'Asia/Shanghai')::date <= $1::date before from person_change where kind = 'followed'),
            later as (select distinct person_id from followed where not before),
            earlier as (select distinct on (person_id) person_id, membership from followed where before
                order by person_id, id desc),
            held as (
                select p.sex, p.ethnicity, p.born,
                    case when l.person_id is null then p.membership else coalesce(e.membership, 'none') end stage
                from stood_placed o join person p on p.id = o.id join unit u on u.id = o.unit_id and {below("u", trees)}
                left join later l on l.person_id = p.id left join earlier e on e.person_id = p.id
                where {ENTERED} <= $1::date)
        select stage, count(*)::int people, (count(*) filter (where sex = 'female'))::int women,
            (count(*) filter (where ethnicity <> '' and ethnicity <> '汉族'))::int minority,
            (count(*) filter (where extract(year from age($1::date, born)) <= $2::int))::int young
        from held where stage = any($3) group by stage""",
        year.last, YOUNG, list(STAGES), *ranges(paths),
    )  # fmt: skip
    return {row["stage"]: dict(row) for row in rows}


def _grouped(tables: Sequence[Declared], people: str) -> str:
    """From people (a CTE) on: a row for each standing and value of each table's dimension, which `mask` tells. Each word of the
    register is put into its group once, not once for everybody who has it."""
    words, joins, columns = [], [], []
    for place, one in enumerate(tables):
        sql = DIMENSIONS[one.by].sql
        if one.by in GROUPS:
            of = GROUPS[one.by].of
            words.append(
                f"w{place} as materialized (select s.{of} word, {sql} value from (select distinct {of} from {people}) s)"
            )
            joins.append(f"left join w{place} on w{place}.word = s.{of}")
            sql = f"w{place}.value"
        columns.append(f"{sql} d{place}")
    names = [f"d{place}" for place in range(len(tables))]
    sets = ", ".join(f"(s.held, {name})" for name in names)
    return f"""{"".join(f"{one}, " for one in words)}
        sorted as (select s.held, {", ".join(columns)} from {people} s {" ".join(joins)})
        select s.held, {", ".join(names)}, grouping({", ".join(names)}) mask, count(*)::int n
        from sorted s group by grouping sets ({sets})"""


def _by(tables: Sequence[Declared], rows: Iterable[Record]) -> By:
    found: By = {one.id: {} for one in tables}
    last = len(tables) - 1
    for row in rows:
        # A bit is set for each dimension by which a row is not grouped: exactly one is not.
        place = last - (~row["mask"] & ((1 << len(tables)) - 1)).bit_length() + 1
        figures = found[tables[place].id].setdefault(row[f"d{place}"] or "", {})
        figures[row["held"]] = figures.get(row["held"], 0) + row["n"]
    return found
