"""Recording an activity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.activities.check import Counted, checked
from core.activities.model import ActivityDraft, Attended, Content
from core.actor import Actor
from core.database import execute, fetchval
from core.errors import Forbidden
from core.organisation.access import access_unit
from core.organisation.model import UnitView, level_of
from core.regimes import RegimeAt

COLUMNS = Content.__struct_fields__
_PLACES = ", ".join(f"${number}" for number in range(1, len(COLUMNS) + 5))


async def hold(actor: Actor, draft: ActivityDraft, regime_for: RegimeAt, today: date) -> tuple[UUID, Counted]:
    """Record an activity of a unit over which he holds `activity.record`; its id, and who counts.

    Raises NotFound, Forbidden, Invalid by field.
    """
    unit = await own_unit(actor, draft.unit_id)
    content, roll = await checked(draft, unit, await regime_for(unit.path), today)
    activity_id: UUID = await fetchval(
        f"insert into activity ({', '.join(COLUMNS)}, unit_id, path, by_id, by_name) values ({_PLACES}) returning id",
        *values(content), unit.id, unit.path, actor.id, actor.name,
    )  # fmt: skip
    await write_roll(activity_id, roll)
    return activity_id, Counted(content.eligible, content.present, content.reckoned, content.why)


async def own_unit(actor: Actor, unit_id: UUID) -> UnitView:
    """A unit whose activities he records: what a branch did, the branch writes down. Raises NotFound, Forbidden."""
    unit = await access_unit(actor, unit_id, "activity.record")
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
