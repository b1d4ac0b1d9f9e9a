"""What changes of the tree and of the register (core/changes) ask of casework: what is under way, and taking it along."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from core.actor import Actor
from core.casework.model import RegimeFor
from core.casework.standing.sweep import recompute_people
from core.database import execute, fetch, fetchval
from core.errors import Conflict
from core.events import Happening, tell
from core.organisation.model import UnitView
from core.paths import beyond
from core.register.roster.undo import Begun


async def running_at(unit_id: UUID) -> int:
    """How many running cases the unit itself has (none below it)."""
    return int(
        await fetchval("select count(*) from case_file where unit_id = $1 and status = 'running'", unit_id)
    )


async def running_below(path: str) -> dict[str, int]:
    """Procedure → how many cases are under way at a unit and below it."""
    rows = await fetch(
        """select procedure, count(*) n from case_file where path >= $1 and path < $2 and status = 'running'
           group by procedure order by procedure""",
        path, beyond(path),
    )  # fmt: skip
    return {row["procedure"]: row["n"] for row in rows}


async def coming_to(path: str) -> int:
    """How many cases under way, begun elsewhere, lead people to a unit or to one below it."""
    return int(
        await fetchval(
            """select count(*) from case_file
               where to_path >= $1 and to_path < $2 and not (path >= $1 and path < $2) and status = 'running'""",
            path, beyond(path),
        )
    )  # fmt: skip


async def people_with_cases(person_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these people who have a case, running or ended, that says what they are in the register."""
    rows = await fetch(
        "select distinct person_id from case_file where person_id = any($1) and confers = 'membership'",
        list(person_ids),
    )
    return frozenset(row["person_id"] for row in rows)


async def begun_with(person_ids: Iterable[UUID]) -> dict[UUID, Begun]:
    """Those of these people with whom a case was begun, however it ended: by whom, when."""
    rows = await fetch(
        """select distinct on (c.person_id) c.person_id, e.by_name, e.at
           from case_file c join case_event e on e.case_id = c.id
           where c.person_id = any($1) order by c.person_id, e.id""",
        list(person_ids),
    )
    return {row["person_id"]: Begun(row["by_name"], row["at"]) for row in rows}


async def has_running_case(person_id: UUID, *confers: str) -> bool:
    """Whether a case of his is under way that confers one of these: `membership` (into the Party), `unit` (to another branch),
    `register` (out of it, suspended …)."""
    return bool(
        await fetchval(
            """select exists (select from case_file
                              where person_id = $1 and status = 'running' and confers = any($2))""",
            person_id,
            list(confers),
        )
    )


class Running(NamedTuple):
    """A case of somebody that is under way."""

    person_id: UUID
    name: str
    procedure: str
    confers: str


async def running_of(person_ids: Collection[UUID]) -> list[Running]:
    """The cases of these people that are under way."""
    rows = await fetch(
        """select person_id, person_name, procedure, confers from case_file where person_id = any($1) and status = 'running'
           order by procedure, id""",
        list(person_ids),
    )
    return [Running(*row) for row in rows]


async def follow_people(
    actor: Actor,
    moved: Collection[UUID],
    born: Collection[UUID],
    today: date,
    regime_for: RegimeFor,
    *,
    day: date | None = None,
) -> None:
    """What follows for the cases of people who are at another unit since `day` (today), or whose birth date was corrected.

    A case that stayed behind would be where nobody finds it; at the new place other policies hold for what has not begun.
    """
    if moved:
        await carry_with_people(actor, moved, day or today)
        await tell_moved(moved, day or today, today)
    if moved or born:
        await recompute_people({*moved, *born}, today, regime_for)


async def tell_moved(people: Collection[UUID], day: date, today: date) -> None:
    """That these people are at another unit since `day`."""
    rows = await fetch("select id, unit_id, path from person where id = any($1)", list(people))
    await tell(
        Happening(
            kind="person-moved", today=today, day=day, path=row["path"], unit=row["unit_id"], person=row["id"]
        )
        for row in rows
    )


async def settled_by_case(person_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these people of whom a case that was not given up says what they are."""
    rows = await fetch(
        """select distinct person_id from case_file
           where person_id = any($1) and confers = 'membership' and status <> 'closed'""",
        list(person_ids),
    )
    return frozenset(row["person_id"] for row in rows)


async def refuse_two_cases(one: UUID, other: UUID) -> None:
    """Raise Conflict where the two would, as one person, have two cases of which one is running: of one procedure, or both
    about membership."""
    if await fetchval(
        """select exists (select from case_file a join case_file b
               on a.procedure = b.procedure or (a.confers, b.confers) = ('membership', 'membership')
             where a.person_id = $1 and b.person_id = $2 and a.status <> 'closed' and b.status <> 'closed'
               and 'running' in (a.status, b.status))""",
        one, other,
    ):  # fmt: skip
        raise Conflict(
            "两份档案名下各有办理档案，其中有正在办理的；合并以后，一个人就有两件。请先核对哪一件是真的，"
            "打开正在办理而不该继续的那一件，终止办理并写明原因，再来合并。",
            code="two-cases",
        )


async def carry_cases(actor: Actor, unit_id: UUID, into: UnitView, day: date) -> int:
    """Take every case at a unit, ended ones too, to `into` as of `day`, with an event each; how many they were.

    What began there goes on being judged by the policies of the unit that it left (model.Way reads the event).
    """
    return int(
        await fetchval(
            """with gone as (update case_file set unit_id = $2, path = $3,
                                  to_unit_id = case when beyond = '' then to_unit_id else $2 end,
                                  to_path = case when beyond = '' then to_path else $3 end
                             where unit_id = $1 returning id),
                    noted as (insert into case_event (case_id, kind, data, by_id, by_name)
                              select id, 'carried', jsonb_build_object('was', $1::uuid, 'now', $2::uuid, 'day', $6::date),
                                     $4, $5 from gone)
               select count(*) from gone""",
            unit_id, into.id, into.path, actor.id, actor.name, day,
        )
    )  # fmt: skip


async def carry_with_people(actor: Actor, person_ids: Iterable[UUID], day: date) -> None:
    """Take the cases of people who are at another unit since `day` to them, with an event each; those by which people move stay
    with the unit that sent them.

    The caller recomputes them: at the new place other policies hold for what has not begun.
    """
    await execute(
        """with gone as (update case_file c set unit_id = p.unit_id, path = p.path from person p, case_file o
                         where p.id = c.person_id and o.id = c.id and p.id = any($1) and c.unit_id <> p.unit_id
                             and c.confers <> 'unit'
                         returning c.id, o.unit_id was, c.unit_id now)
           insert into case_event (case_id, kind, data, by_id, by_name)
           select id, 'carried', jsonb_build_object('was', was, 'now', now, 'day', $4::date), $2, $3 from gone""",
        list(person_ids), actor.id, actor.name, day,
    )  # fmt: skip
