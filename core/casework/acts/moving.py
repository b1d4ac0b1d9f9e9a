"""A person goes to another unit by a case, into the register or out of it: in the transaction that makes the case reach the
state of having arrived."""

from __future__ import annotations

from datetime import date

from asyncpg import Record as Row

from core.actor import Actor
from core.casework.acts.going import ENTERING, LEAVING
from core.casework.carry import follow_people, tell_moved
from core.casework.matter import Matter
from core.casework.model import LoadedCase
from core.database import fetchrow
from core.errors import Conflict
from core.organisation.access import COLUMNS, unit_view
from core.organisation.model import UnitView
from core.register.access import refuse_left
from core.register.arriving import arrive
from core.register.carry import move_people
from core.register.leaving import OUT, LeavingDraft, depart, undo_leaving
from dangwu import Standing


async def follow_unit(actor: Actor, matter: Matter, standing: Standing, today: date) -> None:
    """Take the person where he goes, with his other cases, if the case has just reached the state that says so; where he has left
    the county by it and the day was put right, he has left on that day.

    Raises Conflict where he is no longer at the unit that sent him, or the one that takes him is dissolved.
    """
    case, procedure = matter.case, matter.plan.procedure
    if not procedure.moves(standing.membership):
        return
    day, tags = standing.membership_since or today, case.case.subject.tags
    if procedure.moves(case.membership):
        if LEAVING in tags and day != matter.on(today).standing.membership_since:
            await _leave_on(actor, case, day)
        return
    if LEAVING in tags:
        await _leave(actor, case, day)
        return
    into = await _living(case)
    if ENTERING in tags:
        await arrive(actor, case.person_id, into, day)
        await tell_moved([case.person_id], day, today)
        return
    if matter.regime_for is None:
        raise RuntimeError("a case that moves its person is taken up with the policies of his other cases")
    person = await _still(case)
    await move_people(actor, [person["id"]], into, day)
    await follow_people(actor, [person["id"]], (), today, matter.regime_for, day=day)


async def _leave(actor: Actor, case: LoadedCase, day: date) -> None:
    """He counts here no more. A county on the platform has seen to that as it received him (core/transfers)."""
    row = await fetchrow("select left_as from person where id = $1 for update", case.person_id)
    if row is not None and row["left_as"] == OUT:
        return
    person = await _still(case)
    draft = LeavingDraft(OUT, day, f"组织关系转往{case.beyond}", "组织关系介绍信回执")
    await depart(actor, person["id"], draft, case.id)


async def _leave_on(actor: Actor, case: LoadedCase, day: date) -> None:
    """The day of the reception was put right: that is the day since which he counts here no more."""
    person = await fetchrow("select * from person where id = $1 for update", case.person_id)
    if person is not None and person["left_as"] == OUT:
        await undo_leaving(actor, person, "接收的日期有更正")
        await _leave(actor, case, day)


def refuse_moving_back(matter: Matter, standing: Standing) -> None:
    """Raise Conflict for an act by which somebody who has arrived would not have arrived: nobody is in two places or in none."""
    case, procedure = matter.case, matter.plan.procedure
    if procedure.moves(case.membership) and not procedure.moves(standing.membership):
        raise Conflict(
            f"{case.person_name}已经转到新的党组织，这样做会使已经办完的接收不再成立。接收有误的，请由现所在党组织另行办理转回。",
            code="moved",
        )


async def _still(case: LoadedCase) -> Row:
    """The person, kept for this transaction, who is where he was sent from."""
    person = await fetchrow("select * from person where id = $1 for update", case.person_id)
    assert person is not None
    refuse_left(person)
    if person["unit_id"] != case.unit_id:
        raise Conflict(
            f"{case.person_name}现在不在转出的党组织，不能按这份档案接收。请核对名册，并由转出一方终止这份档案。",
            code="moved",
        )
    return person


async def _living(case: LoadedCase) -> UnitView:
    row = await fetchrow(f"select {COLUMNS} from unit where id = $1 for share", case.to_unit_id)
    assert row is not None
    unit = unit_view(row)
    if unit.dissolved:
        raise Conflict(
            f"转往的“{unit.name}”已于 {unit.dissolved} 撤销，不能接收。请由转出一方终止这份档案，另行办理。",
            code="dissolved",
        )
    return unit
