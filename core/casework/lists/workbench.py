"""What a person finds on his workbench: beside what waits for him: numbers, dates, what happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.lists.cases import LINE, STUCK, CaseLine, case_line, still_since
from core.database import fetch, fetchrow
from core.paths import Conditions, placed, unit_of, within


class Numbers(msgspec.Struct, frozen=True):
    """How many of the running cases that he sees: all, overdue, due or at the end of a waiting within some days, stuck."""

    running: int
    overdue: int
    due: int
    waiting: int
    stuck: int


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


async def numbers(actor: Actor, today: date, days: int = 7) -> Numbers:
    """What the lists behind them hold, counted at once, from an index alone; `days` ahead for what comes."""
    where = Conditions()
    where.add("c.status = 'running'")
    where.below("c.path", within(actor, "case.view"))
    now, last, still = (
        where.bind(today),
        where.bind(today + timedelta(days=days)),
        where.bind(still_since(today)),
    )
    row = await fetchrow(
        f"""select count(*) running, count(*) filter (where c.due_key < {now}) overdue,
                   count(*) filter (where c.due_key <= {last}) due, count(*) filter (where c.waiting_until <= {last}) waiting,
                   count(*) filter (where {STUCK.format(still)}) stuck
            from case_file c where {where}""",
        *where.args,
    )
    assert row is not None
    return Numbers(**row)


class Dated(msgspec.Struct, frozen=True):
    """A day on which something of a case comes: `kind` due (its deadline) or until (the last day of a waiting)."""

    day: date
    kind: str
    line: CaseLine


async def dates_between(actor: Actor, first: date, last: date, limit: int = 50) -> list[Dated]:
    """The deadlines and ends of waiting of running cases from `first` to `last`, by day."""
    days, where = _dated(actor, first, last, "c.*")
    order = "c.on_day, c.py, c.id, c.what"
    rows = await fetch(
        f"""select {LINE}, c.on_day, c.what
            from (select * from ({days}) c order by {order} limit {int(limit)}) c {unit_of("c")} order by {order}""",
        *where.args,
    )
    return [Dated(row["on_day"], row["what"], case_line(row)) for row in rows]


async def counted_between(actor: Actor, first: date, last: date) -> dict[date, int]:
    """How many of them there are on each day, of all that he sees."""
    days, where = _dated(actor, first, last, "c.id")
    rows = await fetch(
        f"select on_day, count(*) n from ({days}) c group by on_day order by on_day", *where.args
    )
    return {row["on_day"]: row["n"] for row in rows}


def _dated(actor: Actor, first: date, last: date, columns: str) -> tuple[str, Conditions]:
    where = Conditions()
    where.add("c.status = 'running'")
    where.below("c.path", within(actor, "case.view"))
    span = f"between {where.bind(first)} and {where.bind(last)}"
    days = " union all ".join(
        f"select {columns}, c.{column} on_day, '{kind}' what from case_file c where {where} and {key} {span}"
        for kind, column, key in (
            ("due", "next_due", "c.due_key"),
            ("until", "waiting_until", "c.waiting_until"),
        )
    )
    return days, where


async def recent_events(actor: Actor, limit: int = 20) -> list[EventView]:
    """What happened last in the cases he may see, newest first."""
    where = Conditions()
    where.below("c.path", within(actor, "case.view"))
    for source in (_LATEST, _BY_CASE):
        rows = await fetch(
            f"""select e.kind, e.case_id, c.procedure, c.person_name, {placed()} unit_name, e.data, e.by_name, e.at
                from {source.format(where=where, limit=int(limit))} {unit_of("c")}
                order by e.id desc limit {int(limit)}""",
            *where.args,
        )
        if len(rows) == limit:
            break
    return [EventView(**{**dict(row), "data": msgspec.json.decode(row["data"])}) for row in rows]


# Who oversees much finds enough among the county's latest; of few cases it is quicker to ask each for its last: the latest events
# are of those in which something happened last.
_LATEST = """(select * from case_event order by id desc limit 500) e
    join (select * from case_file c where {where}) c on c.id = e.case_id"""
_BY_CASE = """(select c.*, (select id from case_event where case_id = c.id order by id desc limit 1) last
      from case_file c where {where} order by last desc nulls last limit {limit}) c
    cross join lateral (select * from case_event where case_id = c.id order by id desc limit {limit}) e"""
