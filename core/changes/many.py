"""What is done to many people at one go, told for one: into a group of his branch, to another branch, a tag given or taken.

The caller does it for each in one transaction and keeps all of it or nothing (tenants/many.py), noting it in the log.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from asyncpg import Record

from core.actor import Actor
from core.casework.carry import follow_people, has_running_case
from core.casework.model import RegimeFor
from core.changes.tags import set_tags
from core.database import fetchval
from core.errors import Conflict, Invalid
from core.organisation.access import access_unit
from core.organisation.model import UnitView, has_members
from core.register.access import access_person, refuse_left
from core.register.carry import move_people
from core.register.queries import tags_on
from core.text import refuse_future


async def regroup(
    actor: Actor, person_id: UUID, into_id: UUID, day: date, today: date, regime_for: RegimeFor
) -> None:
    """Into a group of his branch, or out of it to the branch, as of `day`. Raises NotFound, Forbidden, Invalid, Conflict."""
    row = await access_person(actor, person_id, "person.edit", lock=True)
    into = await access_unit(actor, into_id, "person.edit")
    if await _branch_of(row["path"]) != await _branch_of(into.path):
        raise Invalid("不在这个党支部，不能编入它的党小组。调到别的党支部，请办理组织关系转移。")
    await _move(actor, row, into, day, today, regime_for)


async def reassign(
    actor: Actor, person_id: UUID, into_id: UUID, day: date, paper: str, today: date, regime_for: RegimeFor
) -> None:
    """To another branch where the branches themselves were laid out anew: the department's decision, by a `paper` that his
    history names. What somebody asks for himself goes by the procedure. Raises NotFound, Forbidden, Invalid, Conflict."""
    row = await access_person(actor, person_id, "register.import", lock=True)
    refuse_left(row)
    into = await access_unit(actor, into_id, "register.import")
    if await has_running_case(person_id, "unit", "register"):
        raise Conflict("正在办理组织关系转移或者处置等事项，不能同时调整。请先办结或者终止那一件。")
    await _move(actor, row, into, day, today, regime_for, paper)


async def retag(actor: Actor, person_id: UUID, tag: str, given: bool, day: date, today: date) -> None:
    """Give him a tag as of `day`, or take it. Raises NotFound, Forbidden, Invalid, Conflict."""
    # Read under the lock: of two who each give him another tag, neither takes the other's away.
    await access_person(actor, person_id, "person.edit", lock=True)
    held = await tags_on(person_id, today)
    if (tag in held) == given:
        raise Conflict("已经有这个特征。" if given else "没有这个特征。")
    await set_tags(actor, person_id, held | {tag} if given else held - {tag}, day, today)


async def _move(
    actor: Actor,
    person: Record,
    into: UnitView,
    day: date,
    today: date,
    regime_for: RegimeFor,
    paper: str = "",
) -> None:
    if into.dissolved or not has_members(into.kind):
        raise Invalid("人员只能编入现有的党支部、党小组。请另选。", fields={"into": "请选党支部或党小组。"})
    if into.id == person["unit_id"]:
        raise Conflict(f"已经在{into.short_name}。")
    refuse_future("day", "调整日期", day, today)
    since = await fetchval(
        """select max((detail ->> 'day')::date) from person_change
           where person_id = $1 and kind in ('carried', 'transferred', 'arrived', 'returned')""",
        person["id"],
    )
    if since is not None and day < since:
        raise Invalid(f"{since} 才到现在的党组织，调整日期不能更早。", fields={"day": f"不能早于 {since}。"})
    await move_people(actor, [person["id"]], into, day, paper)
    await follow_people(actor, [person["id"]], [], today, regime_for, day=day)


async def _branch_of(path: str) -> UUID | None:
    """The branch at `path`, or that of the group there."""
    found: UUID | None = await fetchval(
        "select coalesce(b.id, u.id) from unit u left join unit b on b.id = u.parent_id and u.kind = 'group'"
        " where u.path = $1",
        path,
    )
    return found
