"""What a person finds on his workbench: what waits for him, what is due, what happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.lists.cases import LINE, CaseLine, case_line, first
from core.database import fetch
from core.paths import Conditions, beyond, unit_of, within

ACTING = ("case.record", "case.review")


class Waiting(msgspec.Struct, frozen=True):
    """A list cut to its first lines, and how long it really is."""

    lines: list[CaseLine]
    total: int


class EventView(msgspec.Struct, frozen=True):
    """Something that happened in a case; `kind` is a key of events.KINDS, `data` has step, level, day, stage, status."""

    kind: str
    case_id: UUID
    procedure: str
    person_name: str
    unit_name: str
    data: dict[str, Any]
    by_name: str
    at: datetime


async def waits_for_me(actor: Actor, limit: int = 20) -> Waiting:
    """Running cases in which he can act now: a step is open or failed at a level that is his; earliest due first."""
    where = Conditions()
    where.add("c.status = 'running'")
    pairs = {(held.level, held.path) for held in actor.holdings if not held.capabilities.isdisjoint(ACTING)}
    mine = [
        f"({where.bind(level)} = any(c.waits_for) and c.path >= {where.bind(path)} and c.path < {where.bind(beyond(path))})"
        for level, path in sorted(pairs)
    ]
    where.add("(" + " or ".join(mine) + ")" if mine else "false")
    return await _first(where, limit)


async def asked_of_me(actor: Actor, limit: int = 20) -> Waiting:
    """Cases in which a request for a correction waits for a level at which he concludes."""
    where = Conditions()
    where.add("c.asked <> '{{}}'")
    pairs = sorted({(held.level, held.path) for held in actor.holdings if "case.review" in held.capabilities})
    mine = [
        f"({where.bind(level)} = any(c.asked) and c.path >= {where.bind(path)} and c.path < {where.bind(beyond(path))})"
        for level, path in pairs
    ]
    where.clauses.append("(" + " or ".join(mine) + ")" if mine else "false")
    return await _first(where, limit)


async def due_soon(actor: Actor, today: date, days: int = 7, limit: int = 20) -> Waiting:
    """Running cases whose next deadline has passed or comes within `days`; a `next_due` before today is overdue."""
    where = Conditions()
    where.add("c.status = 'running'")
    where.below("c.path", within(actor, "case.view"))
    where.add("c.due_key <= {}", today + timedelta(days=days))
    return await _first(where, limit)


class Dated(msgspec.Struct, frozen=True):
    """A day on which something of a case comes: `kind` due (its deadline) or until (the last day of a waiting)."""

    day: date
    kind: str
    line: CaseLine


async def dates_between(actor: Actor, first: date, last: date, limit: int = 50) -> list[Dated]:
    """The deadlines and ends of waiting of running cases from `first` to `last`, by day."""
    where = Conditions()
    where.add("c.status = 'running'")
    where.below("c.path", within(actor, "case.view"))
    span = f"between {where.bind(first)} and {where.bind(last)}"
    days = " union all ".join(
        f"select c.*, c.{column} on_day, '{kind}' what from case_file c where {where} and {key} {span}"
        for kind, column, key in (
            ("due", "next_due", "c.due_key"),
            ("until", "waiting_until", "c.waiting_until"),
        )
    )
    order = "c.on_day, c.py, c.id, c.what"
    rows = await fetch(
        f"""select {LINE}, c.on_day, c.what
            from (select * from ({days}) c order by {order} limit {int(limit)}) c {unit_of("c")} order by {order}""",
        *where.args,
    )
    return [Dated(row["on_day"], row["what"], case_line(row)) for row in rows]


async def recent_events(actor: Actor, limit: int = 20) -> list[EventView]:
    """What happened last in the cases he may see, newest first."""
    where = Conditions()
    where.below("c.path", within(actor, "case.view"))
    for source in (_LATEST, _BY_CASE):
        rows = await fetch(
            f"""select e.kind, e.case_id, c.procedure, c.person_name, u.short_name unit_name, e.data, e.by_name, e.at
                from {source.format(limit=int(limit))} {unit_of("c")}
                where {where} order by e.id desc limit {int(limit)}""",
            *where.args,
        )
        if len(rows) == limit:
            break
    return [EventView(**{**dict(row), "data": msgspec.json.decode(row["data"])}) for row in rows]


# Who oversees much finds enough among the county's latest; for few cases it is quicker to look into each of them.
_LATEST = "(select * from case_event order by id desc limit 500) e join case_file c on c.id = e.case_id"
_BY_CASE = (
    "case_file c cross join lateral"
    " (select * from case_event where case_id = c.id order by id desc limit {limit}) e"
)


async def _first(where: Conditions, limit: int) -> Waiting:
    rows = await fetch(
        f"""select {LINE}, (select count(*) from case_file c where {where}) total
            from {first(where, "c.due_key", int(limit))} order by c.due_key, c.id""",
        *where.args,
    )
    return Waiting([case_line(row) for row in rows], rows[0]["total"] if rows else 0)
