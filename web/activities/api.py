"""Activities by the API."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody

from core.activities.model import Activity, ActivityDraft, Attended
from core.activities.queries import activities, activity, attended
from core.activities.service import hold
from core.casework.lists.held import HeldLine, held_at
from tenants.policies.regimes import regime_of_path
from web.kit.here import FromHere


class Activities(msgspec.Struct):
    """The latest."""

    items: list[Activity]


class ActivityAnswer(msgspec.Struct):
    """One with its roll, and the records made at it in the cases that one sees."""

    activity: Activity
    roll: list[Attended]
    records: list[HeldLine]


class Held(msgspec.Struct):
    """What was recorded: 应到 and 实到 as they count, and 应到 by the register."""

    id: UUID
    eligible: int
    present: int
    reckoned: int | None


class ActivityApi(Controller):
    """/api/v1/activities."""

    path = "/activities"
    tags = ["会议活动"]

    @get("/", summary="最近的会议和活动")
    async def index(self, here: FromHere) -> Activities:
        """The latest that one sees."""
        here.require("activity.view")
        return Activities(await activities(here.actor))

    @post("/", summary="记录一次会议或活动：没有写明缺席的都算到会")
    async def save(self, here: FromHere, data: JSONBody[ActivityDraft]) -> Held:
        """Record one."""
        activity_id, counted = await hold(here.actor, data, regime_of_path, here.today)
        return Held(activity_id, counted.eligible, counted.present, counted.reckoned)

    @get("/{activity_id:uuid}", summary="一次会议：到会名单，记在各人档案里的结果")
    async def show(self, here: FromHere, activity_id: FromPath[UUID]) -> ActivityAnswer:
        """One of them."""
        found = await activity(here.actor, activity_id)
        return ActivityAnswer(found, await attended(activity_id), await held_at(here.actor, activity_id))
