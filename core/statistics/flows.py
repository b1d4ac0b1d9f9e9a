"""What has come and gone in a period: at the start + what came − what went = at the end, for every unit.

Everybody who stood there on either day is in exactly one line, so the sums agree by themselves.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import msgspec

from core.actor import Actor
from core.errors import Invalid
from core.register.leaving import LEAVINGS
from core.statistics.counts import begun, seen
from core.statistics.stood import BEGUN, ENTERED, below, ranges, reckoned, stood, there

CAME = {
    "admitted": "接收预备党员",
    "arrived": "从县外转入",
    "entered": "登记入册",
    "moved-in": "从本县其他党组织转入",
}
WENT = {"moved-out": "转往本县其他党组织", **{name: one.title for name, one in LEAVINGS.items()}}
CONVERTED = "converted"


_LAST = """coalesce((select (c.detail ->> 'was')::uuid from person_change c
    where c.person_id = p.id and c.kind in ('carried', 'transferred') and ((c.detail ->> 'day')::date > p.left_on
        or c.id > all (select l.id from person_change l where l.person_id = p.id and l.kind = 'left'))
    order by (c.detail ->> 'day')::date, c.id limit 1), p.unit_id)"""
"""The unit of `person p` when he left: mergers afterwards take the files of those who have left along."""


class Change(msgspec.Struct, frozen=True):
    """A line: by how many full and probationary members it changed the numbers (what went is negative)."""

    title: str
    full: int = 0
    probationary: int = 0

    @property
    def members(self) -> int:
        """Together."""
        return self.full + self.probationary


class Flows(msgspec.Struct, frozen=True):
    """The numbers before the first day of the period, every change, the numbers at the end of its last day."""

    before: Change
    changes: tuple[Change, ...]
    after: Change
    begun: date | None


async def flows(actor: Actor, unit_id: UUID | None, first: date, last: date) -> Flows:
    """What happened from the beginning of `first` to the end of `last`. Raises Invalid by field, NotFound, Forbidden."""
    if last < first:
        raise Invalid("止期早于起期。请核对日期。", fields={"until": "早于起期。"})
    paths = await seen(actor, unit_id)
    rows = (
        await reckoned(flowing(len(paths)), first - timedelta(days=1), last, *ranges(paths)) if paths else []
    )
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        for name, standing, n in _parts(row["why"], row["was"], row["now"], row["n"]):
            held = sums.setdefault(name, {})
            held[standing] = held.get(standing, 0) + n
    lines = {**CAME, CONVERTED: "预备党员转为正式党员", **WENT}
    changes = tuple(Change(title, **sums[name]) for name, title in lines.items() if name in sums)
    day_before = Change("期初", **sums.get("before", {}))
    return Flows(day_before, changes, Change("期末", **sums.get("after", {})), await begun())


def _parts(why: str, was: str | None, now: str | None, n: int) -> list[tuple[str, str, int]]:
    parts = [("before", was, n), ("after", now, n)]
    if was != now:
        parts += [(why, was, -n), (why, now, n)]
    return [(name, standing, count) for name, standing, count in parts if standing]


def flowing(trees: int) -> str:
    """The statement: $1 the day before, $2 the last day, then a range for each of so many trees."""
    places = [f"${place}" for place in range(3, 3 + 2 * trees)]
    last = f"exists (select from unit u where u.id = {_LAST} and {below('u', places)})"
    return f"""with {BEGUN}, {stood("before", "$1", places)}, {stood("after", "$2", places)}
        select case
                when s.id is null then case when {there("$1")} then 'moved-in'
                    when p.id in (select person_id from person_change where kind = 'arrived'
                        and (detail ->> 'day')::date > $1 and (detail ->> 'day')::date <= $2) then 'arrived'
                    when p.joined > $1 and {ENTERED} <= greatest(p.joined, b.begun) then 'admitted' else 'entered' end
                when e.id is null then case when p.left_on <= $2 and {last} then p.left_as else 'moved-out' end
                else '{CONVERTED}' end why,
            s.held was, e.held now, count(*)::int n
        from before s full join after e on e.id = s.id join person p on p.id = coalesce(s.id, e.id) cross join begun b
        group by 1, 2, 3"""
