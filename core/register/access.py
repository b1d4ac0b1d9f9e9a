"""The only way to reach a person: whoever may not see him is told that there is none."""

from __future__ import annotations

from uuid import UUID

from asyncpg import Record

from core.actor import Actor, Capability
from core.database import fetchrow
from core.errors import Conflict, NotFound

DECIDES: tuple[Capability, ...] = ("post.edit", "sanction.edit", "person.leave")
"""What nobody writes down of himself."""

KEPT_ALONE: tuple[Capability, ...] = ("post.edit", "sanction.edit", "person.leave")
"""What is done at the kept file alone when two were made one."""

NO_SUCH_PERSON = "没有找到这个人，他可能不在您的管理范围内。请按姓名重新查找。"

AWAITED = "awaited"
"""In the place of a way of leaving: somebody who has not arrived yet (arriving.py), and is in no count and no list."""


async def access_person(
    actor: Actor, person_id: UUID, capability: Capability = "person.view", *, lock: bool = False
) -> Record:
    """The row of `person`, if he may see it (else NotFound) and holds `capability` there (else Forbidden).

    Conflict where something about somebody who has left is to be edited: his file is as it was on that day.
    """
    row = await fetchrow("select * from person where id = $1" + (" for update" if lock else ""), person_id)
    if row is None or not (actor.may("person.view", row["path"]) or actor.may(capability, row["path"])):
        raise NotFound(NO_SUCH_PERSON)
    actor.require(capability, row["path"])
    if capability in DECIDES:
        actor.refuse_himself(person_id)
    if capability == "person.edit" or (row["merged_into"] and capability in KEPT_ALONE):
        refuse_left(row)
    return row


def refuse_left(person: Record) -> None:
    """Raise Conflict for somebody who has left, or whose file has gone into another: nothing begins with it any more."""
    if person["merged_into"]:
        raise Conflict(
            f"{person['name']}的这份档案已经并入另一份，只供查看。请在保留的那一份办理；合并错了的，请“撤销合并”。",
            code="merged",
        )
    if person["left_as"] == AWAITED:
        raise Conflict(
            f"{person['name']}凭组织关系介绍信等待接收，接收以前不能办理别的事项。请先在那份档案中办理接收。",
            code=AWAITED,
        )
    if person["left_on"]:
        raise Conflict(
            f"{person['name']}自 {person['left_on']} 起不在册，列在历史党员中，档案只供查看。"
            "登记有误或者重新回来的，请在他的页面办理。",
            code="left",
        )


async def refuse_unit_gone(person: Record) -> None:
    """Raise Conflict where somebody would be again at a unit that was dissolved meanwhile; else it stays for this transaction."""
    unit = await fetchrow("select short_name, dissolved from unit where id = $1 for share", person["unit_id"])
    assert unit is not None
    if unit["dissolved"]:
        raise Conflict(
            f"{person['name']}原来所在的“{unit['short_name']}”已于 {unit['dissolved']} 撤销，不能恢复到那里。"
            "请在现存的党支部重新登记。",
            code="dissolved",
        )
