"""Who was there how often in a year, and how many hours that makes: by the rolls on which somebody stood."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import fetch, in_parts
from core.extent import Extent, extent
from core.ledger.note import note_reading
from core.ledger.origin import listed
from core.organisation.access import access_unit
from core.paths import Conditions, within
from core.register.queries import PLACE
from core.text import one_line
from dangwu import MEMBERSHIPS

MEMBERS = [name for name, one in MEMBERSHIPS.items() if one.member]


class Attendance(msgspec.Struct, frozen=True, kw_only=True):
    """Of a member in a year: `called` how often he should have come, `present` and `written` of it; `hours` of what he was at."""

    id: UUID
    name: str
    py: str
    unit_name: str
    called: int
    present: int
    written: int
    hours: float

    @property
    def absent(self) -> int:
        """How often he neither came nor wrote."""
        return self.called - self.present - self.written


async def attendance(
    actor: Actor, year: int, unit_id: UUID | None = None, *, after: tuple[str, UUID] | None = None, limit: int
) -> list[Attendance]:
    """`limit + 1` members of a unit (None: of all whom he sees), by pinyin, from `after` (py, id) on. Raises NotFound and
    Forbidden."""
    where = await _members(actor, unit_id)
    if after is not None:
        where.add("(p.py, p.id) > ({}, {})", *after)
    rows = await fetch(_counted(where, year, f"limit {int(limit) + 1}"), *where.args)
    listed(min(len(rows), limit))
    return [Attendance(**row) for row in rows]


async def attendance_extent(actor: Actor, unit_id: UUID | None) -> Extent:
    """How many members of whom he may export it these are, and which."""
    return await extent("p.id", "person p", await _exported(actor, unit_id))


async def attendance_lines(
    actor: Actor, year: int, unit_id: UUID | None, purpose: str
) -> AsyncIterator[list[Attendance]]:
    """All of these, some at a time; everybody among them gets a line in the reading log. Raises Invalid without a purpose."""
    purpose = one_line("purpose", "导出目的", purpose, most=200)
    where = await _exported(actor, unit_id)
    async for rows in in_parts(_counted(where, year), *where.args):
        await note_reading(actor, [row["id"] for row in rows], "export", purpose)
        yield [Attendance(**row) for row in rows]


async def _members(actor: Actor, unit_id: UUID | None) -> Conditions:
    path = (await access_unit(actor, unit_id, "activity.view")).path if unit_id else None
    where = Conditions()
    where.below("p.path", within(actor, "activity.view", path))
    where.add("p.membership = any({})", MEMBERS)
    where.add("p.left_on is null")
    return where


async def _exported(actor: Actor, unit_id: UUID | None) -> Conditions:
    where = await _members(actor, unit_id)
    where.below("p.path", within(actor, "register.export"))
    return where


def _counted(where: Conditions, year: int, limit: str = "") -> str:
    """The statement, with the year bound."""
    first, last = where.bind(date(year, 1, 1)), where.bind(date(year, 12, 31))
    return f"""with people as materialized (select p.id, p.name, p.py, {PLACE}
                from person p join unit u on u.id = p.unit_id and u.path = p.path
                where {where} order by p.py, p.id {limit})
            select p.*, coalesce(t.called, 0) called, coalesce(t.present, 0) present, coalesce(t.written, 0) written,
                coalesce(t.hours, 0) hours
            from people p left join lateral (
                select count(*) called, count(*) filter (where t.state = 'present') present,
                    count(*) filter (where t.state = 'written') written,
                    sum(a.hours) filter (where t.state = 'present') hours
                from attendance t join activity a on a.id = t.activity_id
                where t.person_id = p.id and a.day between {first} and {last} and not a.withdrawn) t on true
            order by p.py, p.id"""
