"""What came and went in a period, step by step: the statement of `flows.py` and of the yearly tables.

Of whoever something happened to, each day on which it did is looked at, and the day before the period: where he stood at its end,
as what. From one to the next he has come, gone, been converted, or nothing has changed for the unit. So whoever comes and goes
within the period is in both lines, and the steps from the first day to the last add up.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.statistics.stood import below, standing, there

_LAST = """coalesce((select (c.detail ->> 'was')::uuid from person_change c
        where c.person_id = t.id and c.kind in ('carried', 'transferred', 'returned', 'arrived') and c.detail ? 'was'
            and ((c.detail ->> 'day')::date > t.day
                or c.id > (select l.id from person_change l where l.person_id = t.id and l.kind = 'left'
                    and (l.detail ->> 'day')::date = t.day order by l.id desc limit 1))
        order by (c.detail ->> 'day')::date, c.id limit 1),
    (select p.unit_id from person p where p.id = t.id))"""
"""The unit of who left on the day of `told t`: mergers afterwards take the files of those who have left along."""
_HOW = """(select l.detail ->> 'how' from person_change l
        where l.person_id = t.id and l.kind = 'left' and (l.detail ->> 'day')::date = t.day order by l.id desc limit 1)"""
"""How he left: who has come back since has a file that no longer says it."""
_CAME = """coalesce(
        (select c.kind from person_change c where c.person_id = t.id and c.kind in ('arrived', 'returned')
            and (c.detail ->> 'day')::date = t.day order by c.id desc limit 1),
        case when t.admitted then 'admitted' end,
        'entered')"""


def passed(first: str, last: str, paths: Sequence[str]) -> str:
    """The CTEs that end in `passed`: a row for each change of who stands in these subtrees after `first` (a placeholder: the day
    before the period) to the end of `last`: `id`, `day`, `why` (a line of flows.py), `was` and `now`, as what he stood there
    before and after (null: he did not).

    `paths` are as in `below`. Needs the CTEs of BEGUN.
    """
    # One unit by its id: asked whether it exists in here, PostgreSQL would go through all units of the subtree each time.
    last_unit = f"(select {below('u', paths)} from unit u where u.id = {_LAST})"
    return f"""{_happened(first, last, paths)},
        looked as materialized (select id, "day" from happened union select id, {first} from happened),
        anywhere as (
            select l.id, l.day, {standing("l.day")} held, p.left_as,
                p.joined = l.day and p.entered <= greatest(p.joined, b.begun) admitted
            from looked l join filed p on p.id = l.id cross join begun b where {there("l.day")}),
        steps as (
            select l.id, l.day, a.held anywhere, case when i.id is not null then a.held end held, a.left_as, a.admitted
            from looked l left join anywhere a on a.id = l.id and a.day = l.day
            left join inside i on i.id = l.id and i.since <= l.day and i.until > l.day),
        told as (
            select s.*, lag(held) over each was, lag(anywhere) over each stood, lag(left_as) over each going
            from steps s window each as (partition by id order by "day")),
        passed as materialized (
            select t.id, t.day, t.was, t.held now, case
                when t.was is null then case when t.stood is not null then 'moved-in' else {_CAME} end
                when t.held is null then case when t.anywhere is null and {last_unit}
                    then coalesce({_HOW}, t.going, 'moved-out') else 'moved-out' end
                else 'converted' end why
            from told t where t.day > {first} and t.was is distinct from t.held)"""


def _happened(first: str, last: str, paths: Sequence[str]) -> str:
    """The CTEs of who was `inside` these subtrees from when until when, and of each day on which something `happened` to one of
    them."""
    # On the day on which the register was begun nobody came: who was in it then counts from the day of joining.
    entered = "case when p.entered > b.begun or p.left_as = 'in-error' then p.entered end"
    return f"""moves as materialized (select * from moved where "day" > {first}),
        stays as (
            select id, was unit_id, coalesce(lag("day") over (partition by id order by "day", line), '-infinity') since,
                "day" until
            from moves
            union all
            select p.id, p.unit_id, coalesce(m.day, '-infinity'), 'infinity'
            from person p left join (select id, max("day") "day" from moves group by id) m on m.id = p.id
            where {below("p", paths)}),
        inside as materialized (
            select s.id, s.since, s.until from stays s join unit u on u.id = s.unit_id
            where s.since < s.until and s.since <= {last} and {below("u", paths)}),
        happened as materialized (
            select h.id, h.day from (
                select p.id, unnest(array[p.joined, {entered}, p.converted, p.left_on]) from filed p cross join begun b
                where greatest(p.joined, {entered}, p.converted, p.left_on) > {first}
                union select id, "day" from moves
                union select person_id, unnest(array[away, back]) from away) h (id, "day")
            where h.day > {first} and h.day <= {last} and h.id in (select id from inside))"""
