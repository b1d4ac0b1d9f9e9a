"""The only way to reach a person: whoever may not see him is told that there is none."""

from __future__ import annotations

from uuid import UUID

from asyncpg import Record

from core.actor import Actor, Capability
from core.database import fetchrow
from core.errors import NotFound

NO_SUCH_PERSON = "没有找到这个人，他可能不在您的管理范围内。请按姓名重新查找。"


async def access_person(
    actor: Actor, person_id: UUID, capability: Capability = "person.view", *, lock: bool = False
) -> Record:
    """The row of `person`, if he may see it (else NotFound) and holds `capability` there (else Forbidden)."""
    row = await fetchrow("select * from person where id = $1" + (" for update" if lock else ""), person_id)
    if row is None or not (actor.may("person.view", row["path"]) or actor.may(capability, row["path"])):
        raise NotFound(NO_SUCH_PERSON)
    actor.require(capability, row["path"])
    return row
