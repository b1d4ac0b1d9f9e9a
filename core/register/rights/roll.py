"""Who is entitled at a meeting of a branch on a day: its members with a vote (at a lesson: all who are taught), less those whom
the rules allow not to count."""

from __future__ import annotations

from datetime import date

import msgspec

from core.database import fetch, fetchrow
from core.organisation.queries import upwards
from core.paths import beyond
from core.register.rights.day import Known, Loss, known_people, membership_on, rights_of
from core.register.rights.words import Loses
from dangwu import MEMBERSHIPS

MEMBERS = [name for name, one in MEMBERSHIPS.items() if one.member]


_THERE = """
with candidate as (select id from person where path >= $1 and path < $2
    union select person_id from person_change where kind in ('carried', 'transferred', 'returned', 'arrived')
        and detail ->> 'was' in (select id::text from unit where path >= $1 and path < $2)),
moved as (select distinct on (c.person_id) c.person_id, (c.detail ->> 'was')::uuid unit_id
    from person_change c join candidate on candidate.id = c.person_id
    where c.kind in ('carried', 'transferred', 'returned', 'arrived') and c.detail ? 'was'
        and (c.detail ->> 'day')::date > $4
    order by c.person_id, (c.detail ->> 'day')::date, c.id)
select p.id from candidate join person p on p.id = candidate.id left join moved m on m.person_id = p.id
    join unit u on u.id = coalesce(m.unit_id, p.unit_id)
where u.path >= $1 and u.path < $2 and p.membership = any($3) and p.left_as is distinct from 'in-error'
    and not exists (select from person_change a where a.person_id = p.id and a.kind in ('returned', 'arrived')
        and (a.detail ->> 'away')::date <= $4 and (a.detail ->> 'day')::date > $4)
order by p.py, p.id"""
"""Who stood below a path at the end of a day: who stands there now and was not moved since, and whoever moved away since; but
for who was gone then, and has come (back) since."""


class Left(msgspec.Struct, frozen=True):
    """A member who does not count, and why."""

    known: Known
    lacks: tuple[Loss, ...]


class Roll(msgspec.Struct, frozen=True):
    """The reckoning, by name and pinyin order: of those who stood at the branch on that day, as far as their moves are known."""

    unit_name: str
    day: date
    entitled: tuple[Known, ...]
    left: tuple[Left, ...]


async def roll_of(path: str, day: date, *, group: bool = False, right: Loses = "votes") -> Roll | None:
    """The roll of the branch at or above `path`, or of the `group` there; None where none stands there. Who lacks the `right`
    does not count. For services that have checked access."""
    branch = await fetchrow(
        "select path, short_name from unit where path = any($1) and kind = $2",
        list(upwards(path)),
        "group" if group else "branch",
    )
    if branch is None:
        return None
    rows = await fetch(_THERE, branch["path"], beyond(branch["path"]), MEMBERS, day)
    known = await known_people([row["id"] for row in rows])
    members = {one: known[one] for one in (row["id"] for row in rows) if membership_on(known[one], day)}
    rights = await rights_of(members, day)
    entitled, left = [], []
    for one, member in members.items():
        lacks = tuple(lack for lack in rights[one].lacks if lack.loses & {right, "counted"})
        if lacks:
            left.append(Left(member, lacks))
        else:
            entitled.append(member)
    return Roll(branch["short_name"], day, tuple(entitled), tuple(left))
