"""What people have decided about a membership by a case, written into the register; taken back when it no longer says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import UNSET, UnsetType

from core.actor import Actor
from core.database import execute, fetchrow, fetchval
from core.errors import Conflict
from core.register.access import refuse_left
from core.register.leaving import LeavingDraft, depart, undo_leaving
from core.register.service import note_person, replace_tags, tags_now

SUSPENDED = "suspended"
"""The word of rights/words.yaml for the time in which somebody's membership is suspended."""


TAGS = {"mobile": ("mobile", True), "returned": ("mobile", False)}
"""By effect the tag of the person that goes with it, and whether it holds from then on."""


class Decision(msgspec.Struct, frozen=True):
    """One of `dangwu.EFFECTS`, from `day` on (`lost`: the day of the last contact); `why` and `paper` by the case."""

    effect: str
    day: date
    why: str
    paper: str
    case_id: UUID


def _fields(one: Decision) -> Mapping[str, object]:
    """Field → what it is by a decision."""
    stands: dict[str, Mapping[str, object]] = {
        "lost": {"lost_contact": True, "lost_since": one.day},
        "found": {"lost_contact": False, "lost_since": None},
        "mobile": {"mobile": True},
        "returned": {"mobile": False},
        "suspended": {"standing": "suspended"},
        "restored": {"standing": "normal"},
    }
    return stands.get(one.effect, {})


class _Was(msgspec.Struct, omit_defaults=True):
    """Of a line of the history what stood in these fields before."""

    lost_contact: bool | UnsetType = UNSET
    lost_since: date | UnsetType | None = UNSET
    mobile: bool | UnsetType = UNSET
    standing: str | UnsetType = UNSET


class _Line(msgspec.Struct):
    was: _Was
    back: bool = False


async def decide(actor: Actor, person_id: UUID, one: Decision) -> None:
    """Write it. Raises Conflict for somebody who has left the register."""
    person = await _kept(person_id)
    refuse_left(person)
    if one.effect in ("withdrawn", "removed"):
        await depart(actor, person_id, LeavingDraft(one.effect, one.day, one.why, one.paper), one.case_id)
        return
    await _write(actor, person, _fields(one), one)
    await _tagged(actor, person_id, one, back=False)
    if one.effect == "suspended":
        await execute(
            """insert into person_span (person_id, kind, word, since, note)
               select $1, 'limit', $2, $3, $4 where not exists (select from person_span
                   where person_id = $1 and word = $2 and ended is null and not void)""",
            person_id, SUSPENDED, one.day, one.paper,
        )  # fmt: skip
    if one.effect == "restored":
        await _last_suspension(person_id, "ended = greatest($3, since + 1)", "ended is null", one.day)


async def undo(actor: Actor, person_id: UUID, one: Decision, reason: str) -> None:
    """The case no longer says so: as it was before. Raises Conflict where the register says otherwise by now."""
    person = await _kept(person_id)
    if one.effect in ("withdrawn", "removed"):
        if (person["left_as"], person["left_on"]) != (one.effect, one.day):
            raise Conflict(
                f"{person['name']}离开名册的登记已经由组织部另行变更，和这份档案不再一致。请先在名册中核对。",
                code="left",
            )
        await undo_leaving(actor, person, reason)
        return
    await _write(actor, person, await _before(person_id, one), one, back=True)
    await _tagged(actor, person_id, one, back=True)
    if one.effect == "suspended":
        await _last_suspension(person_id, "void = true", "since = $3", one.day)
    if one.effect == "restored":
        await _last_suspension(person_id, "ended = null", "ended >= $3", one.day)


async def suspended_since(person_id: UUID) -> date | None:
    """Since when somebody's membership is suspended, as far as the register knows."""
    found: date | None = await fetchval(
        "select max(since) from person_span where person_id = $1 and word = $2 and ended is null and not void",
        person_id, SUSPENDED,
    )  # fmt: skip
    return found


async def _tagged(actor: Actor, person_id: UUID, one: Decision, *, back: bool) -> None:
    if one.effect in TAGS:
        tag, holds = TAGS[one.effect]
        tags = await tags_now(person_id)
        await replace_tags(actor, person_id, tags | {tag} if holds != back else tags - {tag}, one.day)


async def _kept(person_id: UUID) -> Record:
    person = await fetchrow("select * from person where id = $1 for update", person_id)
    assert person is not None
    return person


async def _last_suspension(person_id: UUID, sets: str, which: str, day: date) -> None:
    await execute(
        f"""update person_span set {sets}, version = version + 1 where id = (
                select id from person_span where person_id = $1 and word = $2 and not void and {which}
                order by since desc limit 1)""",
        person_id, SUSPENDED, day,
    )  # fmt: skip


async def _before(person_id: UUID, one: Decision) -> Mapping[str, object]:
    """Field → what stood there before a decision changed it, as its line in the history says; nothing where it changed nothing,
    or was taken back already."""
    said = await fetchval(
        """select detail from person_change where person_id = $1 and kind = 'decided'
             and (detail ->> 'day')::date = $2 and detail ->> 'reason' = $3 order by id desc limit 1""",
        person_id, one.day, one.why,
    )  # fmt: skip
    line = msgspec.json.decode(said, type=_Line) if said else None
    if line is None or line.back:
        return {}
    return {name: value for name, value in msgspec.structs.asdict(line.was).items() if value is not UNSET}


async def _write(
    actor: Actor, person: Record, fields: Mapping[str, object], one: Decision, *, back: bool = False
) -> None:
    changed = {name: value for name, value in fields.items() if person[name] != value}
    if not changed:
        return
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changed, start=2))
    await execute(
        f"update person set {sets}, version = version + 1 where id = $1", person["id"], *changed.values()
    )
    was = {name: person[name] for name in changed}
    await note_person(
        actor, person["id"], "decided", fields=[*changed], was=was, now=changed, day=one.day, reason=one.why, back=back
    )  # fmt: skip
