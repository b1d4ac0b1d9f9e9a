"""Leaving the register, unless something of his is still under way; and coming back, unless something else says where he is."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from asyncpg import Record

from core.actor import Actor
from core.casework.carry import has_running_case
from core.database import fetchrow
from core.errors import Conflict
from core.register import leaving
from core.register.access import access_person
from core.register.leaving import LeavingDraft, Return, told, who_left


async def leave(actor: Actor, person_id: UUID, draft: LeavingDraft, seen_version: int, today: date) -> None:
    """Write down that he has left (register.leaving.leave). Raises Conflict while a case of his is running."""
    await access_person(actor, person_id, "person.leave", lock=True)
    if await has_running_case(person_id, "membership", "unit", "register"):
        raise Conflict(
            "此人还有正在办理的档案。请先在那份档案里终止办理，写明原因，再登记离开。", code="running"
        )
    await leaving.leave(actor, person_id, draft, seen_version, today)


async def take_back(actor: Actor, person_id: UUID, reason: str) -> None:
    """He was written down as gone by mistake (register.leaving.take_back). Raises Conflict where a case says that he is gone."""
    person = await who_left(actor, person_id, lock=True)
    await _refuse_elsewhere(person)
    found = await fetchrow(
        """select c.person_name from case_file c where c.id = (
               select (detail ->> 'case')::uuid from person_change where person_id = $1 and kind = 'left'
               order by id desc limit 1)""",
        person_id,
    )
    if found is not None:
        raise Conflict(
            f"{person['name']}{told(person)}，是由办理档案决定的，不能在这里撤销。记错了的，请在那份档案中更正或者退回。",
            code="by-case",
        )
    await leaving.take_back(actor, person_id, reason)


async def come_back(actor: Actor, person_id: UUID, given: Return, today: date) -> None:
    """He is at a branch again (register.leaving.come_back). Raises Conflict where another county has him."""
    await _refuse_elsewhere(await who_left(actor, person_id, lock=True))
    await leaving.come_back(actor, person_id, given, today)


async def _refuse_elsewhere(person: Record) -> None:
    """Raise Conflict for whom another county of the platform received: he comes by its letter, and is never in two registers."""
    found = await fetchrow(
        "select answered_by from letter where person_id = $1 and state = 'received' and to_county is not null and ended_on = $2",
        person["id"], person["left_on"],
    )  # fmt: skip
    if found is not None:
        raise Conflict(
            f"{person['name']}已由{found['answered_by']}凭介绍信接收，现在登记在那里。要转回的，请由对方开出介绍信，凭信接收。",
            code="elsewhere",
        )
