"""Who stood where on a day, by what the register keeps: the one statement on which counts and flows rest.

A member counts from the day of joining (党章第七条: the meeting that admitted him) to the day before he has left. Moves between
units are in the history of the files with their day. Whoever was entered after the register was begun counts from that day; of
who was there at its beginning nobody has written down when he came: he counts from the day of joining. Of the stages before
membership only today's are known. Whoever was away (he had left, or comes from another county) does not count until he is there.
A membership that ended while its person stayed in the register (`lapsed` of a line of his history: he was not confirmed, or came
back as none after a removal) counts to the day before.
"""

from __future__ import annotations

from collections.abc import Sequence

from asyncpg import Record

from core.database import execute, fetch
from core.paths import beyond
from dangwu import MEMBERSHIPS

MEMBERS = tuple(name for name, one in MEMBERSHIPS.items() if one.member)
STAGES = tuple(name for name, one in MEMBERSHIPS.items() if not one.member and name != "none")
ENTERED = "(p.created_at at time zone 'Asia/Shanghai')::date"
_MEMBERS = ", ".join(f"'{name}'" for name in MEMBERS)
_PARTICULARS = (
    f"p.id, p.unit_id, p.left_on gone, {ENTERED} entered, p.sex, p.born, p.ethnicity, p.education, p.job"
)
_LAPSED = ", ".join(
    f"(l.lapsed ->> '{name}')::{kind} {column}"
    for name, kind, column in (
        ("membership", "text", "membership"), ("joined", "date", "joined"), ("converted", "date", "converted"),
        ("day", "date", "left_on"), ("how", "text", "left_as"),
    )
)  # fmt: skip
BEGUN = f"""begun as materialized (
        select (created_at at time zone 'Asia/Shanghai')::date begun from person order by id limit 1),
    away as materialized (
        select person_id, (detail ->> 'away')::date away, (detail ->> 'day')::date back from person_change
        where kind in ('returned', 'arrived') and detail ? 'away'),
    moved as not materialized (
        select person_id id, id line, (detail ->> 'was')::uuid was, (detail ->> 'day')::date "day" from person_change
        where kind in ('carried', 'transferred')
        union all
        select person_id, id, (detail ->> 'was')::uuid, (detail ->> 'day')::date from person_change
        where kind in ('returned', 'arrived') and detail ? 'was'),
    lapsed as materialized (
        select distinct on (person_id, detail #>> '{{lapsed,joined}}') person_id, detail -> 'lapsed' lapsed from person_change
        where kind in ('followed', 'returned') and detail ? 'lapsed'
        order by person_id, detail #>> '{{lapsed,joined}}', id desc),
    filed as (
        select {_PARTICULARS}, p.membership, p.joined, p.converted, p.left_on, p.left_as from person p
        union all
        select {_PARTICULARS}, {_LAPSED} from lapsed l join person p on p.id = l.person_id
        where not (p.membership in ({_MEMBERS}) and coalesce(p.joined, '-infinity') < (l.lapsed ->> 'day')::date))"""
"""The CTEs of the day on which the county's first file was made (no row while there is none), of absences, of moves from one unit
to another, and of the files: a row for each membership that somebody has or had, and one for whoever has none."""

_CONVERTED = "p.membership = 'full' and coalesce(p.converted, p.joined, '-infinity')"


def there(day: str) -> str:
    """SQL: whether `filed p` was a member of the county's on `day`, wherever in it."""
    came = "(p.left_as is distinct from 'in-error' and p.entered <= b.begun)"
    return f"""(p.membership in ({_MEMBERS}) and coalesce(p.joined, '-infinity') <= {day}
        and (p.left_on is null or p.left_on > {day}) and p.left_as is distinct from 'awaited'
        and ({came} or p.entered <= {day})
        and not exists (select from away a where a.person_id = p.id and a.away <= {day} and a.back > {day}))"""


def standing(day: str) -> str:
    """SQL: as what a member of `filed p` stood there on `day`."""
    return f"case when {_CONVERTED} <= {day} then 'full' else 'probationary' end"


async def reckoned(sql: str, *args: object) -> list[Record]:
    """The rows of a statement over these CTEs.

    The planner cannot know how many people a subtree has, takes them for one, and would go through all units for each of them:
    here every join is a hash. What is read once and used several times stays in memory (about 250 bytes for each of the county).
    """
    await execute("set local enable_nestloop = off; set local work_mem = '64MB'")
    rows = await fetch(sql, *args)
    await execute("set local enable_nestloop = on; set local work_mem to default")
    return rows


def stood(name: str, day: str, paths: Sequence[str], *, today: str = "") -> str:
    """The CTEs that end in `name`: people in these subtrees at the end of `day`, each once, with what each is
    (`held`), in which unit (`at`) of which `kind`.

    `paths` are as in `below`. With `today` (a placeholder), whoever is on the way to membership is there
    as well if `day` is no earlier. Needs the CTEs of BEGUN.
    """
    stages = ", ".join(f"'{stage}'" for stage in STAGES)
    early = (
        f"when p.left_on is null and p.membership in ({stages}) and {day} >= {today} then p.membership"
        if today
        else ""
    )
    return f"""{moved_since(f"{name}_moved", day)},
        {name} as (
            select * from (
                select p.*, u.id at, u.kind, case when {there(day)} then {standing(day)} {early} end held
                from filed p left join {name}_moved m on m.id = p.id
                join unit u on u.id = coalesce(m.unit_id, p.unit_id) and {below("u", paths)} cross join begun b
                where m.id is not null or p.gone is null or p.gone > {day}) p
            where held is not null)"""


def moved_since(name: str, day: str) -> str:
    """The CTE of the unit in which whoever has been moved since was at the end of `day`."""
    return f"""{name} as materialized (
            select distinct on (m.id) m.id, m.was unit_id from moved m where m.day > {day} order by m.id, m.day, m.line)"""


def below(alias: str, paths: Sequence[str]) -> str:
    """SQL: whether the path lies in one of these subtrees; `paths` are placeholders in pairs (from, beyond)."""
    each = zip(paths[::2], paths[1::2], strict=True)
    return "(" + " or ".join(f"{alias}.path >= {low} and {alias}.path < {high}" for low, high in each) + ")"


def ranges(paths: Sequence[str]) -> list[str]:
    """The arguments for `paths` of `below`."""
    return [end for path in paths for end in (path, beyond(path))]


def places(first: int, paths: Sequence[str]) -> list[str]:
    """The placeholders of `paths`, the first of which is `$first`."""
    return [f"${place}" for place in range(first, first + 2 * len(paths))]
