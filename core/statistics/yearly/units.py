"""Organisations in the year, and the terms of their committees; what their people have learned together."""

from __future__ import annotations

from collections.abc import Sequence

from core.database import fetch
from core.statistics.stood import below, places, ranges
from core.statistics.yearly.model import Declared, Figures, Year


async def organisations(paths: Sequence[str], year: Year, table: Declared) -> Figures:
    """By kind: there before the year, founded, dissolved, there at its end."""
    rows = await fetch(
        f"""with known as (select u.kind, coalesce(u.founded, '-infinity') came, coalesce(u.dissolved, 'infinity') went
                from unit u where u.kind = any($3) and {below("u", places(4, paths))})
            select kind, (count(*) filter (where came < $1::date and went >= $1))::int before,
                (count(*) filter (where came between $1 and $2::date))::int founded,
                (count(*) filter (where went between $1 and $2 and came <= $2))::int dissolved,
                (count(*) filter (where came <= $2 and went > $2))::int after
            from known group by kind""",
        year.first, year.last, list(table.rows), *ranges(paths),
    )  # fmt: skip
    return {row["kind"]: dict(row) for row in rows}


async def terms(paths: Sequence[str], year: Year, table: Declared) -> Figures:
    """By kind of the organisations that were there at the end: whose term was over by then, who has elected, who has not."""
    rows = await fetch(
        f"""with t as (select unit_id, max(until) filter (where since < $1::date) over_on, max(since) since, max(until) until
                from unit_term where not void and since <= $2::date group by unit_id),
            known as (select u.kind, t.unit_id is null unknown, t.over_on <= $2 due, t.since >= $1 held, t.until <= $2 late
                from unit u left join t on t.unit_id = u.id
                where u.kind = any($3) and (u.dissolved is null or u.dissolved > $2)
                    and (u.founded is null or u.founded <= $2) and {below("u", places(4, paths))})
            select kind, (count(*) filter (where due))::int due, (count(*) filter (where due and held))::int held,
                (count(*) filter (where due and not held and late))::int late,
                (count(*) filter (where held and due is not true))::int early,
                (count(*) filter (where unknown))::int unknown
            from known group by kind""",
        year.first, year.last, list(table.rows), *ranges(paths),
    )  # fmt: skip
    return {row["kind"]: dict(row) for row in rows}


def reached(table: str, kinds: str, hours: str) -> str:
    """By kind: organisations with members at the end of the last day, those of which every member has the hours; and the members.
    Of a group the branch counts. From `after` on (`flows.flowed`); the arguments are placeholders."""
    return f"""select {table}, kind, v.name, v.n from (
            select kind, count(*) units, count(*) filter (where learned = people) reached, sum(people) members, sum(learned) hours
            from (
                select coalesce(b.id, u.id), coalesce(b.kind, u.kind) kind, count(*) people,
                    count(*) filter (where coalesce(l.hours, 0) >= {hours}::numeric) learned
                from after s join unit u on u.id = s.at left join unit b on b.id = u.parent_id and u.kind = 'group'
                left join (
                    select a.person_id, sum(v.hours) hours from activity v join attendance a on a.activity_id = v.id
                    where v.day > $2::date and v.day <= $1::date and not v.withdrawn and v.kind = any({kinds})
                        and a.state = 'present' and a.person_id in (select id from after)
                    group by a.person_id) l on l.person_id = s.id
                group by 1, 2) unit
            group by kind) kind
        cross join lateral (
            values ('units', units::int), ('reached', reached::int), ('members', members::int), ('hours', hours::int)
        ) v (name, n)"""


async def education(paths: Sequence[str], year: Year, table: Declared) -> Figures:
    """By kind of activity: how often, how many hours, how many were there, held by how many organisations."""
    rows = await fetch(
        f"""select v.kind, count(*)::int times, sum(v.hours)::float hours, sum(v.present)::int people,
                count(distinct v.unit_id)::int units
            from activity v where v.day between $1::date and $2::date and not v.withdrawn and v.kind = any($3)
                and {below("v", places(4, paths))} group by v.kind""",
        year.first, year.last, list(table.rows), *ranges(paths),
    )  # fmt: skip
    return {row["kind"]: dict(row) for row in rows}
