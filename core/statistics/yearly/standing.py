"""How members are appraised, and what was decided about memberships: results only, of nobody in particular."""

from __future__ import annotations

from collections.abc import Sequence

from core.database import fetch
from core.register.decided import SUSPENDED
from core.statistics.figures import DECIDED
from core.statistics.stood import below, places, ranges
from core.statistics.yearly.model import Declared, Figures, Year


async def ratings(paths: Sequence[str], year: Year, table: Declared) -> Figures:
    """By grade (`ungraded`: none, or not decided): how many people, of how many units; of rounds that end in the year."""
    rows = await fetch(
        f"""with s as (select s.unit_id, case when s.state = any($4) and s.grade <> '' then s.grade else 'ungraded' end grade
                from rating_round r join rating_subject s on s.round_id = r.id
                where r.scheme = $3 and not r.units and r.last between $1::date and $2::date and {below("s", places(5, paths))})
            select grade, count(*)::int people, count(distinct unit_id)::int branches from s group by grade""",
        year.first, max(year.last, year.first.replace(month=12, day=31)), table.scheme, list(DECIDED), *ranges(paths),
    )  # fmt: skip
    return {row["grade"]: dict(row) for row in rows}


async def disposal(paths: Sequence[str], year: Year, table: Declared) -> Figures:
    """Memberships suspended and restored, procedures begun; those that have ended are in the flow (`people.counted`)."""
    trees = places(5, paths)
    rows = await fetch(
        f"""with spans as (select s.since, s.ended from person_span s join person p on p.id = s.person_id
                where s.kind = 'limit' and s.word = $4 and not s.void and {below("p", trees)})
        select 'suspended' line, count(*)::int people from spans where since between $1::date and $2::date
        union all select 'restored', count(*)::int from spans where ended between $1 and $2
        union all select c.procedure, count(*)::int from case_file c
            where c.procedure = any($3) and c.started between $1 and $2 and {below("c", trees)} group by 1""",
        year.first, year.last, list(table.rows), SUSPENDED, *ranges(paths),
    )  # fmt: skip
    return {row["line"]: {"people": row["people"]} for row in rows}
