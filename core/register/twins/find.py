"""Pairs of files that may be one person's: of the same name and birth date, or with the same mobile number.

One national id is in the register once, by its index; numbers are compared by their keyed hash and never opened for this.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import fetch
from core.ledger.origin import listed
from core.organisation.access import access_unit
from core.paths import Conditions, unit_of, within
from core.register.model import PersonLine
from core.register.queries import LINE, PAGE

WHY = {"born": "姓名、出生日期相同", "phone": "手机号相同"}

MOST_ALIKE = 20
"""What more people than these share (the telephone of an office, typed for everybody) says nothing about any two of them."""

Key = tuple[str, UUID, UUID]


class Twins(msgspec.Struct, frozen=True):
    """Two people in the register, and by which of WHY they look like one."""

    one: PersonLine
    other: PersonLine
    why: tuple[str, ...]


class TwinsPage(msgspec.Struct, frozen=True):
    """One page by pinyin; `after` continues behind its last pair (None at the end)."""

    pairs: tuple[Twins, ...]
    after: Key | None


async def twins(
    actor: Actor, unit_id: UUID | None = None, *, after: Key | None = None, limit: int = PAGE
) -> TwinsPage:
    """The pairs that nobody has told apart, of people whom he edits, both below the unit. Raises NotFound for a unit that he
    does not see."""
    top = (await access_unit(actor, unit_id, "person.view")).path if unit_id else None
    where = Conditions()
    where.below("p.path", within(actor, "person.edit", top))
    behind = "true"
    if after:
        behind = f"(o.py, a.one, a.other) > ({', '.join(where.bind(part) for part in after)})"
    rows = await fetch(
        f"""with p as materialized (
                select p.id, p.name, p.born, p.phone_index from person p where {where} and p.left_on is null),
            alike as (
                select array_agg(id) ids, 'born' why from p where born is not null group by name, born
                having count(*) between 2 and {MOST_ALIKE}
                union all
                select array_agg(id), 'phone' from p where phone_index is not null group by phone_index
                having count(*) between 2 and {MOST_ALIKE}),
            a as (
                select x one, y other, array_agg(why order by why) why from alike, unnest(ids) x, unnest(ids) y
                where x < y group by 1, 2)
            select a.one, a.other, a.why, o.py from a join person o on o.id = a.one
            where {behind} and not exists (select from told_apart t where t.one_id = a.one and t.other_id = a.other)
            order by o.py, a.one, a.other limit {int(limit) + 1}""",
        *where.args,
    )
    lines = await _lines([one for row in rows for one in (row["one"], row["other"])])
    pairs = tuple(Twins(lines[row["one"]], lines[row["other"]], tuple(row["why"])) for row in rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    listed(2 * len(pairs))
    return TwinsPage(pairs, (last["py"], last["one"], last["other"]) if last else None)


async def _lines(people: list[UUID]) -> dict[UUID, PersonLine]:
    rows = await fetch(
        f"select {LINE} from person p {unit_of('p')} where p.id = any($1)",
        people,
    )
    return {row["id"]: PersonLine(*row) for row in rows}
