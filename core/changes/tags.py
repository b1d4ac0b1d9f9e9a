"""Setting the tags of a person whom no running case goes by."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.carry import has_running_case
from core.errors import Conflict
from core.register.access import access_person
from core.register.service import replace_tags
from core.text import refuse_future

TAGS_IN_CASE = (
    "此人有正在办理的档案，特征变更要记入档案，有关环节随之重算。请打开这份档案，用“更新本人情况”办理。"
)


async def set_tags(actor: Actor, person_id: UUID, tags: frozenset[str], day: date, today: date) -> None:
    """From `day` on exactly these tags hold (rural, student …); earlier days keep theirs.

    Raises Conflict while a case runs: there a change of facts is an entry, which casework.acts.facts makes.
    """
    await access_person(actor, person_id, "person.edit", lock=True)
    await refuse_while_running(person_id)
    refuse_future("day", "生效日期", day, today)
    await replace_tags(actor, person_id, tags, day)


async def refuse_while_running(person_id: UUID) -> None:
    """Raise Conflict when a running case goes by this person's tags."""
    if await has_running_case(person_id, "membership"):
        raise Conflict(TAGS_IN_CASE, code="case-running")
