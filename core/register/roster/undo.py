"""Undoing an applied roster, while nobody has changed its people since: those it entered are listed as entered in error, the
others are as they were."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor
from core.database import execute, fetch, fetchrow
from core.errors import Conflict
from core.register.columns import DIFFERING, WRITTEN
from core.register.guests import guests_left
from core.register.leaving import LEAVINGS
from core.register.model import Barred
from core.register.roster.batch import Batch, batch, load_batch
from core.register.roster.shown import Difference, differ, unit_names
from core.register.service import told_change

MOST_TOLD = 20
REASON = "撤销名册导入"


class Begun(msgspec.Struct, frozen=True):
    """Who has begun something with a person, and when."""

    by_name: str
    at: datetime


BegunWith = Callable[[Iterable[UUID]], Awaitable[dict[UUID, Begun]]]
"""Those of these people with whom a case was begun. It comes from the caller: the register knows no cases."""


class Tied(NamedTuple):
    """What is asked of those above the register about the people of a roster that is undone."""

    begun: BegunWith
    barred: Barred


class Obstacle(msgspec.Struct, frozen=True):
    """Why a roster cannot be undone: what has happened since with one of its people, or with the branch he was at."""

    person_id: UUID
    name: str
    what: str
    at: datetime


class Undoing(msgspec.Struct, frozen=True):
    """What undoing would do: how many are listed as `entered` in error, how many `restored`; and what prevents it."""

    entered: int
    restored: int
    obstacles: tuple[Obstacle, ...]


class Restored(msgspec.Struct, frozen=True):
    """One of its people: `entered` by it, or with what would be again (`old` as it is now, `new` as it was)."""

    person_id: UUID
    name: str
    entered: bool
    differences: tuple[Difference, ...]


class Undone(msgspec.Struct, frozen=True):
    """The batch as it ended; people who are as they were `again`, at another unit, with another birth date."""

    batch: Batch
    again: tuple[UUID, ...] = ()
    moved: tuple[UUID, ...] = ()
    born: tuple[UUID, ...] = ()


async def undoing(actor: Actor, batch_id: UUID, tied: Tied) -> Undoing:
    """What undoing it would do. Raises NotFound, Conflict for one that is not applied or whose people are no longer kept."""
    found = await batch(actor, batch_id)
    counts = await _refuse_unless_kept(found)
    return Undoing(counts["entered"], counts["restored"], await _obstacles(batch_id, tied))


async def restored(actor: Actor, batch_id: UUID, limit: int = 50) -> list[Restored]:
    """The first of its people, and what becomes of each."""
    await batch(actor, batch_id)
    now = await fetch(
        f"""select p.*, w.was is null entered from import_was w join person p on p.id = w.person_id
            where w.batch_id = $1 order by p.py, p.id limit {int(limit)}""",
        batch_id,
    )
    was = await fetch(
        """select (jsonb_populate_record(null::person, was)).* from import_was
           where batch_id = $1 and was is not null and person_id = any($2)""",
        batch_id, [row["id"] for row in now],
    )  # fmt: skip
    before, names = {row["id"]: row for row in was}, await unit_names([*now, *was])
    return [
        Restored(
            row["id"], row["name"], row["entered"],
            () if row["entered"] else differ(row, before[row["id"]], names),
        )
        for row in now
    ]  # fmt: skip


async def ask(actor: Actor, batch_id: UUID, tied: Tied) -> Batch:
    """Say that it is to be undone. Raises Conflict where somebody has changed its people since, saying who."""
    found = await batch(actor, batch_id, lock=True)
    await _refuse_unless_kept(found)
    if obstacles := await _obstacles(batch_id, tied):
        raise Conflict(_sentence(obstacles), code="changed-since")
    await execute(
        """update import_batch set state = 'undoing', refusal = null, undone_id = $2, undone_name = $3 where id = $1""",
        batch_id, actor.id, actor.name,
    )  # fmt: skip
    return await batch(actor, batch_id)


async def undo(batch_id: UUID, today: date, tied: Tied) -> Undone:
    """Undo a batch, in the name of who asked; for the tasks. What has come between ends it as applied, with the reason.

    Running it again on a batch that is not `undoing` changes nothing.
    """
    found = await load_batch(batch_id, lock=True)
    if found is None:
        raise LookupError(f"no import batch {batch_id}")
    if found.state != "undoing":
        return Undone(found)
    await fetch(
        """select p.id from person p join import_was w on w.person_id = p.id where w.batch_id = $1
           order by p.id for update of p""",
        batch_id,
    )
    if obstacles := await _obstacles(batch_id, tied):
        await execute(
            "update import_batch set state = 'applied', refusal = $2 where id = $1",
            batch_id,
            _sentence(obstacles),
        )
        return Undone(await _again(batch_id))
    follows = await _follows(batch_id)
    await _restore(batch_id)
    await _withdraw(batch_id, today)
    await execute("update import_batch set state = 'undone', undone_at = now() where id = $1", batch_id)
    await execute("delete from import_was where batch_id = $1", batch_id)
    moved, born = (tuple(row["id"] for row in follows if row[what]) for what in ("moved", "born"))
    return Undone(await _again(batch_id), tuple(row["id"] for row in follows), moved, born)


async def _follows(batch_id: UUID) -> list[Record]:
    """Of those who are restored: whether the unit and the birth date change."""
    return await fetch(
        """select p.id, p.unit_id <> (w.was ->> 'unit_id')::uuid moved, p.born is distinct from (w.was ->> 'born')::date born
           from import_was w join person p on p.id = w.person_id where w.batch_id = $1 and w.was is not null""",
        batch_id,
    )


async def _restore(batch_id: UUID) -> None:
    sets = ", ".join(f"{name} = o.{name}" for name in WRITTEN)
    await execute(
        f"""with restored as (
                update person p set {sets}, unit_id = o.unit_id, path = u.path, version = p.version + 1
                from import_was w, jsonb_populate_record(null::person, w.was) o, unit u
                where w.batch_id = $1 and w.was is not null and p.id = w.person_id and u.id = o.unit_id
                returning p.id, {DIFFERING} fields)
            insert into person_change (person_id, kind, detail, by_id, by_name)
            select r.id, 'corrected', jsonb_build_object('undone', b.id, 'fields', r.fields), b.undone_id, b.undone_name
            from restored r, import_batch b where b.id = $1""",
        batch_id,
    )


async def _withdraw(batch_id: UUID, today: date) -> None:
    gone = await fetch(
        """with gone as (
               update person p set left_on = $2, left_as = 'in-error', left_reason = $3, version = p.version + 1
               from import_was w where w.batch_id = $1 and w.was is null and p.id = w.person_id returning p.id)
           insert into person_change (person_id, kind, detail, by_id, by_name)
           select g.id, 'left', jsonb_build_object('undone', b.id, 'how', 'in-error', 'title', $4::text, 'day', $2::date,
                                                   'reason', $3::text), b.undone_id, b.undone_name
           from gone g, import_batch b where b.id = $1 returning person_id""",
        batch_id, today, REASON, LEAVINGS["in-error"].title,
    )  # fmt: skip
    await guests_left([row["person_id"] for row in gone], today)


async def _refuse_unless_kept(found: Batch) -> dict[str, int]:
    if found.state != "applied":
        raise Conflict("只有已经生效的导入可以撤销。")
    row = await fetchrow(
        """select count(*) filter (where was is null)::int entered, count(was)::int restored from import_was
           where batch_id = $1""",
        found.id,
    )
    assert row is not None
    if not row["entered"] and not row["restored"]:
        raise Conflict("这次导入生效已久，导入以前的内容不再保存，不能整批撤销。需要更正的，请逐人修改。")
    return dict(row)


async def _obstacles(batch_id: UUID, tied: Tied) -> tuple[Obstacle, ...]:
    rows = await fetch(
        f"""select p.id, p.name, c.kind, c.by_name, c.detail, c.at
            from import_was w join person p on p.id = w.person_id
            join person_change c on c.person_id = w.person_id
            where w.batch_id = $1 and c.id > (select o.id from person_change o
                where o.person_id = w.person_id and o.detail ->> 'batch' = $1::text order by o.id desc limit 1)
            order by c.id limit {MOST_TOLD}""",
        batch_id,
    )
    found = [
        Obstacle(row["id"], row["name"], told_change(row["kind"], row["by_name"], row["detail"]), row["at"])
        for row in rows
    ]
    cases, barred = await _with_cases(batch_id, tied.begun), await _barred(batch_id, tied.barred)
    return (*found, *cases, *barred, *await _without_unit(batch_id))


async def _with_cases(batch_id: UUID, begun: BegunWith) -> list[Obstacle]:
    entered = await fetch(
        """select p.id, p.name from import_was w join person p on p.id = w.person_id
           where w.batch_id = $1 and w.was is null""",
        batch_id,
    )
    names = {row["id"]: row["name"] for row in entered}
    return [
        Obstacle(person_id, names[person_id], f"{one.by_name}为此人建立了办理档案。", one.at)
        for person_id, one in (await begun(names)).items()
    ][:MOST_TOLD]


async def _barred(batch_id: UUID, barred: Barred) -> list[Obstacle]:
    rows = await fetch(
        """select p.id, p.name, b.applied_at from import_was w join person p on p.id = w.person_id
           join import_batch b on b.id = w.batch_id where w.batch_id = $1 and w.was is not null""",
        batch_id,
    )
    why = await barred(row["id"] for row in rows)
    found = [Obstacle(r["id"], r["name"], why[r["id"]], r["applied_at"]) for r in rows if r["id"] in why]
    return found[:MOST_TOLD]


async def _without_unit(batch_id: UUID) -> list[Obstacle]:
    """Those whose former branch is no more."""
    rows = await fetch(
        f"""select p.id, p.name, u.name unit_name, u.dissolved::timestamptz at
            from import_was w join person p on p.id = w.person_id
            join unit u on u.id = (w.was ->> 'unit_id')::uuid and u.dissolved is not null and u.id <> p.unit_id
            where w.batch_id = $1 order by p.py, p.id limit {MOST_TOLD}""",
        batch_id,
    )
    return [
        Obstacle(r["id"], r["name"], f"原在的“{r['unit_name']}”已经撤销，不能再回到那里。", r["at"])
        for r in rows
    ]


def _sentence(obstacles: Iterable[Obstacle]) -> str:
    told = "".join(f"{one.name}：{one.what}" for one in list(obstacles)[:3])
    return f"导入以后又有变动，不能整批撤销。{told}需要更正的，请逐人办理。"


async def _again(batch_id: UUID) -> Batch:
    found = await load_batch(batch_id)
    assert found is not None
    return found
