"""Coming from beyond the county by a letter: awaited in the register, in no count and no list, until he is received."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from asyncpg import Record, UniqueViolationError

from core.actor import Actor
from core.database import execute, fetchrow, fetchval
from core.errors import Conflict, Invalid
from core.organisation.model import UnitView
from core.quotas.room import make_room
from core.register.access import AWAITED
from core.register.alike import refuse_alike
from core.register.check import checked
from core.register.columns import columns_of, draft_of
from core.register.identity import seal_id
from core.register.leaving import LEAVINGS, OUT, told
from core.register.model import PersonDraft
from core.register.service import ID_TAKEN, differences, note_person, write_draft
from dangwu import MEMBERSHIPS


async def await_person(
    actor: Actor, unit: UnitView, draft: PersonDraft, today: date, *, distinct: bool = False
) -> UUID:
    """Somebody whom a letter announces at a branch of the actor's: his file, new or the one that he had here before.

    `distinct`: whoever has the same name and birth date has been looked at, and is another. Raises Invalid by field, Conflict
    for whom the register has already.
    """
    entered = checked(draft, today)
    if not MEMBERSHIPS[entered.membership].member:
        kinds = "和".join(one.title for one in MEMBERSHIPS.values() if one.member)
        sentence = f"组织关系介绍信只用于{kinds}。请按介绍信选择人员类别。"
        raise Invalid(sentence, fields={"membership": sentence})
    known = await _known(entered)
    if known is None and not distinct:
        await refuse_alike(actor, entered)
    if known is not None:
        return await _again(actor, known, unit, entered)
    await make_room("people")
    values = columns_of(entered) | {
        "unit_id": unit.id,
        "path": unit.path,
        "left_on": today,
        "left_as": AWAITED,
    }
    marks = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    person: UUID = await fetchval(
        f"insert into person ({', '.join(values)}) values ({marks}) returning id", *values.values()
    )
    await note_person(actor, person, "entered", unit=unit.id)
    return person


async def arrive(actor: Actor, person_id: UUID, into: UnitView, day: date) -> None:
    """He is received: from `day` on he counts at `into`. Raises Conflict where he is there already, or his number has another."""
    person = await fetchrow("select * from person where id = $1 for update", person_id)
    assert person is not None
    if person["left_as"] not in (AWAITED, OUT):
        raise Conflict(
            f"{person['name']}在本县名册中的登记已经变动，不能按这封介绍信接收。请核对名册。", code="moved"
        )
    fresh = person["left_as"] == AWAITED
    if not fresh and day < person["left_on"]:
        raise Conflict(
            f"{person['name']}{told(person)}，接收的日期 {day} 不能更早。请核对介绍信和接收的日期。",
            code="moved",
        )
    try:
        await execute(
            """update person set unit_id = $2, path = $3, left_on = null, left_as = null, left_reason = '', left_paper = '',
                   version = version + 1 where id = $1""",
            person_id, into.id, into.path,
        )  # fmt: skip
    except UniqueViolationError:
        raise Conflict(ID_TAKEN) from None
    await note_person(
        actor, person_id, "arrived", was=person["unit_id"], unit=into.id, day=day,
        away="-infinity" if fresh else person["left_on"],
    )  # fmt: skip


async def _known(draft: PersonDraft) -> Record | None:
    """His file here from before, by his national id. Raises Conflict for whoever is there, or cannot come again."""
    if draft.national_id is None:
        return None
    row = await fetchrow(
        """select * from person where id_index = $1 and left_as is distinct from 'in-error'
           order by (left_as is distinct from 'awaited') desc, id desc limit 1 for update""",
        seal_id(draft.national_id)["id_index"],
    )  # fmt: skip
    if row is None or row["left_as"] in (OUT, AWAITED):
        return row
    if row["left_on"] is None:
        raise Conflict(ID_TAKEN, code="known", fields={"national_id": "已在本县名册中。"})
    raise Conflict(
        f"本县的历史党员中有这个身份证号码：{row['name']}{told(row)}。{LEAVINGS[row['left_as']].title}的不能凭介绍信转入，"
        "请与开出介绍信的党组织核对。",
        code="known",
        fields={"national_id": "请核对证件。"},
    )


async def _again(actor: Actor, row: Record, unit: UnitView, draft: PersonDraft) -> UUID:
    """The file that he had goes on, with what the letter says."""
    was = draft_of(row)
    await write_draft(row["id"], draft)
    if row["left_as"] == AWAITED:
        await execute(
            "update person set unit_id = $2, path = $3 where id = $1", row["id"], unit.id, unit.path
        )
    await note_person(actor, row["id"], "corrected", **differences(was, draft))
    person: UUID = row["id"]
    return person
