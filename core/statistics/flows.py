"""What has come and gone in a period: at the start + what came − what went = at the end, for every unit.

Each coming and each going is counted, of whoever came and went again as well. The numbers at both ends are counted by themselves:
that they agree is checked, not made so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor
from core.errors import Invalid
from core.register.leaving import LEAVINGS
from core.statistics.counts import begun, seen
from core.statistics.passed import passed
from core.statistics.stood import BEGUN, ranges, reckoned, stood

CAME = {
    "admitted": "接收预备党员",
    "arrived": "从县外转入",
    "returned": "离开后重新登记",
    "entered": "登记入册",
    "moved-in": "从本县其他党组织转入",
}
WENT = {
    "moved-out": "转往本县其他党组织",
    "cancelled": "取消预备党员资格",
    **{name: one.title for name, one in LEAVINGS.items()},
}
CONVERTED = "converted"
LINES = {**CAME, CONVERTED: "预备党员转为正式党员", **WENT}


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

    @property
    def missing(self) -> Change:
        """What the end has more than the start and the changes come to: nothing, where they reconcile."""
        lines = (self.before, *self.changes)
        return Change(
            "差额",
            self.after.full - sum(one.full for one in lines),
            self.after.probationary - sum(one.probationary for one in lines),
        )


async def flows(actor: Actor, unit_id: UUID | None, first: date, last: date) -> Flows:
    """What happened from the beginning of `first` to the end of `last`. Raises Invalid by field, NotFound, Forbidden."""
    if last < first:
        raise Invalid("截止日期早于起始日期。请核对日期。", fields={"until": "早于起始日期。"})
    paths = await seen(actor, unit_id)
    sql, before = flowing(len(paths)), first - timedelta(days=1)
    rows = await reckoned(sql, last, before, *ranges(paths)) if paths else []
    return laid_out(rows, await begun())


def laid_out(rows: Iterable[Record], begun: date | None) -> Flows:
    """The rows of `flowing` as lines, in their order."""
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        held = sums.setdefault(row["line"], {})
        held[row["standing"]] = held.get(row["standing"], 0) + row["n"]
    changes = tuple(Change(title, **sums[name]) for name, title in LINES.items() if name in sums)
    before, after = Change("期初", **sums.get("before", {})), Change("期末", **sums.get("after", {}))
    return Flows(before, changes, after, begun)


def flowing(trees: int) -> str:
    """The statement: $1 the last day, $2 the day before the first, then a range for each of so many trees."""
    return f"with {flowed(trees)} {LINED}"


def flowed(trees: int) -> str:
    """Its CTEs: who stood there `before` and `after`, and what has `passed`."""
    places = [f"${place}" for place in range(3, 3 + 2 * trees)]
    return f"""{BEGUN}, {stood("before", "$2::date", places)}, {stood("after", "$1::date", places)},
        {passed("$2::date", "$1::date", places)}"""


LINED = """select 'before' line, held standing, count(*)::int n from before group by 2
    union all select 'after', held, count(*)::int from after group by 2
    union all select why, was, -count(*)::int from passed where was is not null group by 1, 2
    union all select why, now, count(*)::int from passed where now is not null group by 1, 2"""
"""How many of each standing are in which line."""
