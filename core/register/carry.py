"""What others ask of the register: who is at a unit, taking all of them to another, and what follows from their cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.actor import SYSTEM, Actor
from core.database import execute, fetch, fetchval
from core.organisation.model import UnitView
from core.register.rights.words import FULL
from dangwu import MEMBERSHIPS


async def people_at(unit_id: UUID) -> int:
    """How many people the unit itself has (none below it, none who have left)."""
    return int(await fetchval("select count(*) from person where unit_id = $1 and left_on is null", unit_id))


async def carry_people(actor: Actor, unit_id: UUID, into: UnitView, day: date) -> int:
    """Take everybody at a unit to `into`, with a line in each file, those who have left as well: their history is then seen
    there. How many the others were."""
    return int(
        await fetchval(
            """with gone as (update person set unit_id = $2, path = $3, version = version + 1
                             where unit_id = $1 returning id, left_on),
                    noted as (insert into person_change (person_id, kind, detail, by_id, by_name)
                              select id, 'carried', jsonb_build_object('was', $1::uuid, 'now', $2::uuid, 'day', $4::date),
                                     $5, $6 from gone)
               select count(*) from gone where left_on is null""",
            unit_id, into.id, into.path, day, actor.id, actor.name,
        )
    )  # fmt: skip


class Staying(msgspec.Struct, frozen=True):
    """Somebody at a unit."""

    id: UUID
    name: str
    membership: str

    @property
    def member(self) -> bool:
        """Whether he is counted as a member."""
        return MEMBERSHIPS[self.membership].member

    @property
    def full(self) -> bool:
        """Whether he is a full one."""
        return MEMBERSHIPS[self.membership].begins == FULL


async def people_of_unit(unit_id: UUID, *, most: int | None = None) -> list[Staying]:
    """The people of a unit itself by pinyin, no more than `most`; for services that have checked access."""
    rows = await fetch(
        "select id, name, membership from person where unit_id = $1 and left_on is null order by py, id limit $2",
        unit_id, most,
    )  # fmt: skip
    return [Staying(**row) for row in rows]


async def tags_of_unit(unit_id: UUID) -> dict[str, frozenset[UUID]]:
    """Tag → those of them who have it now."""
    rows = await fetch(
        """select t.tag, array_agg(t.person_id) people from person_tag t join person p on p.id = t.person_id
           where p.unit_id = $1 and p.left_on is null and t.ended is null group by t.tag order by t.tag""",
        unit_id,
    )
    return {row["tag"]: frozenset(row["people"]) for row in rows}


async def move_people(
    actor: Actor, person_ids: Sequence[UUID], into: UnitView, day: date, paper: str = ""
) -> None:
    """Take people to `into` as of `day`, with a line in each file, by a `paper` where no case of their own says why. The
    caller has checked that both sides agree."""
    await execute(
        """with was as (select id, unit_id from person where id = any($1)),
                gone as (update person p set unit_id = $2, path = $3, version = p.version + 1 from was where p.id = was.id
                         returning p.id)
           insert into person_change (person_id, kind, detail, by_id, by_name)
           select id, 'transferred', jsonb_strip_nulls(jsonb_build_object(
               'was', unit_id, 'now', $2::uuid, 'day', $4::date, 'paper', nullif($7, ''))), $5, $6 from was""",
        list(person_ids), into.id, into.path, day, actor.id, actor.name, paper,
    )  # fmt: skip


class FollowedMembership(msgspec.Struct, frozen=True):
    """What a person has become through a case, and since when."""

    person_id: UUID
    membership: str
    since: date | None


async def follow_membership(people: list[FollowedMembership]) -> None:
    """Write into the register what follows from the cases: membership, the day of joining, the day of conversion. Of a membership
    that ends so the history keeps what it was (`lapsed`): days before go on being counted with it."""
    begins = {name: one.begins for name, one in MEMBERSHIPS.items() if one.member}
    await execute(
        """with was as (select id, membership, joined, converted from person
                        where id in (select n.person_id from jsonb_to_recordset($1::jsonb) as n(person_id uuid))),
           followed as (
               update person p set
                   membership = n.membership,
                   joined = case $4::jsonb ->> n.membership when 'joined' then n.since
                                 when 'converted' then coalesce(p.joined, n.since) end,
                   converted = case $4::jsonb ->> n.membership when 'converted' then n.since end,
                   version = p.version + 1
               from jsonb_to_recordset($1::jsonb) as n(person_id uuid, membership text, since date)
               where p.id = n.person_id and p.membership <> n.membership and p.left_on is null
               returning p.id, p.membership, n.since)
           insert into person_change (person_id, kind, detail, by_id, by_name)
           select f.id, 'followed', jsonb_strip_nulls(jsonb_build_object('membership', f.membership, 'lapsed',
               case when f.membership = 'none' and $4::jsonb ? w.membership then jsonb_build_object(
                   'membership', w.membership, 'joined', w.joined, 'converted', w.converted, 'how', 'cancelled',
                   'day', coalesce(f.since, (now() at time zone 'Asia/Shanghai')::date)) end)), $2, $3
           from followed f join was w on w.id = f.id""",
        msgspec.json.encode(people).decode(), SYSTEM.id, SYSTEM.name, msgspec.json.encode(begins).decode(),
    )  # fmt: skip
