"""Recording an activity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.activities.check import Counted, checked
from core.activities.model import ActivityDraft, Attended, Content
from core.actor import Actor
from core.database import execute, fetch, fetchrow, fetchval
from core.errors import Conflict, Forbidden
from core.organisation.access import access_unit
from core.organisation.model import UnitView, level_of
from core.regimes import RegimeAt

COLUMNS = Content.__struct_fields__
_PLACES = ", ".join(f"${number}" for number in range(1, len(COLUMNS) + 5))


async def hold(actor: Actor, draft: ActivityDraft, regime_for: RegimeAt, today: date) -> tuple[UUID, Counted]:
    """Record an activity of a unit over which he holds `activity.record`; its id, and who counts.

    Raises NotFound, Forbidden, Invalid by field, Conflict for what he has recorded just before.
    """
    unit = await own_unit(actor, draft.unit_id, lock=True)
    content, roll = await checked(draft, unit, await regime_for(unit.path), today)
    await _refuse_twice(actor, unit.id, content, roll)
    activity_id: UUID = await fetchval(
        f"insert into activity ({', '.join(COLUMNS)}, unit_id, path, by_id, by_name) values ({_PLACES}) returning id",
        *values(content), unit.id, unit.path, actor.id, actor.name,
    )  # fmt: skip
    await write_roll(activity_id, roll)
    return activity_id, Counted(content.eligible, content.present, content.reckoned, content.why)


async def _refuse_twice(actor: Actor, unit_id: UUID, content: Content, roll: Sequence[Attended]) -> None:
    # The same sent twice, by a program that has heard no answer: it would count twice.
    latest = await fetchrow(
        f"""select id, {", ".join(COLUMNS)} from activity
            where unit_id = $1 and by_id = $2 and not withdrawn order by id desc limit 1""",
        unit_id, actor.id,
    )  # fmt: skip
    if latest is None or [latest[name] for name in COLUMNS] != values(content):
        return
    there = await fetch(
        "select person_id, name, state, reason from attendance where activity_id = $1", latest["id"]
    )
    if {Attended(*row.values()) for row in there} == {*roll}:
        raise Conflict(
            f"您刚刚已经登记过 {content.day} 的{content.title}，内容完全相同，没有再登记一次。"
            "同一天确实开展了两次的，请写明地点、议题等不同之处。",
            code="twice",
        )


async def own_unit(actor: Actor, unit_id: UUID, *, lock: bool = False) -> UnitView:
    """A unit whose activities he records: what a branch did, the branch writes down. Raises NotFound, Forbidden."""
    unit = await access_unit(actor, unit_id, "activity.record", lock=lock)
    if level_of(unit.kind) not in actor.levels(unit.path, "activity.record"):
        raise Forbidden(f"{unit.short_name}的会议和活动由{unit.short_name}自己记录。请交由他们办理。")
    return unit


def values(content: Content) -> list[object]:
    """What a record says, in the order of COLUMNS."""
    said = (getattr(content, name) for name in COLUMNS)
    return [list(one) if isinstance(one, tuple) else one for one in said]


async def write_roll(activity_id: UUID, roll: Sequence[Attended]) -> None:
    """Write down who was there."""
    await execute(
        """insert into attendance (activity_id, person_id, name, state, reason)
           select $1, n.person_id, n.name, n.state, n.reason
           from jsonb_to_recordset($2::jsonb) as n(person_id uuid, name text, state text, reason text)""",
        activity_id, msgspec.json.encode(roll).decode(),
    )  # fmt: skip
