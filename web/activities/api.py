"""Activities by the API."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody

from core.activities.amend import Change, amended, changes, correct, to_change, withdraw
from core.activities.files import Kept, add, kept
from core.activities.model import Activity, ActivityDraft, Attended
from core.activities.queries import activity, attended
from core.activities.service import hold
from core.casework.lists.held import HeldLine, held_at
from core.changes.amend import ends, takes
from core.errors import Invalid
from tenants.policies.regimes import regime_of_path, regimes_of_paths
from web.activities.view import page_of_activities
from web.kit.here import FromHere, Here
from web.kit.paging import After
from web.kit.requests import Request
from web.kit.schema import Upload
from web.kit.uploads import files_of, taken_in


class Activities(msgspec.Struct):
    """A page of them, the latest first; ask again with `after=<next>` for the one behind it."""

    items: list[Activity]
    next: str | None = None


class ActivityAnswer(msgspec.Struct):
    """One with its roll, and the records made at it in the cases that one sees."""

    activity: Activity
    roll: list[Attended]
    records: list[HeldLine]
    changes: list[Change]
    files: list[Kept]


class Held(msgspec.Struct):
    """What was recorded: 应到 and 实到 as they count, and 应到 by the register."""

    id: UUID
    eligible: int
    present: int
    reckoned: int | None


class CorrectionOf(msgspec.Struct):
    """All that it should say, why, and the version that was read."""

    activity: ActivityDraft
    reason: str
    version: int


class Withdrawal(msgspec.Struct):
    """Why, and the version that was read."""

    reason: str
    version: int


class ActivityApi(Controller):
    """/api/v1/activities."""

    path = "/activities"
    tags = ["会议活动"]

    @get("/", summary="会议和活动，最近的在前，每页 50 次")
    async def index(self, here: FromHere, after: After = None) -> Activities:
        """Those that one sees."""
        pager = await page_of_activities(here, after)
        return Activities(list(pager.items), pager.next)

    @post("/", summary="记录一次会议或活动：没有写明缺席的都算到会")
    async def save(self, here: FromHere, data: JSONBody[ActivityDraft]) -> Held:
        """Record one."""
        activity_id, counted = await hold(here.actor, data, regime_of_path, here.today)
        return Held(activity_id, counted.eligible, counted.present, counted.reckoned)

    @get("/{activity_id:uuid}", summary="一次会议：到会名单，记在各人档案里的结果")
    async def show(self, here: FromHere, activity_id: FromPath[UUID]) -> ActivityAnswer:
        """One of them."""
        return await _answer(here, activity_id)

    @post("/{activity_id:uuid}/correction", summary="更正记错的一次：写明更正以后的全部内容和原因")
    async def correct(
        self, here: FromHere, activity_id: FromPath[UUID], data: JSONBody[CorrectionOf]
    ) -> ActivityAnswer:
        """Put it right."""
        change = await amended(here.actor, activity_id, data.activity, regime_of_path, here.today)
        await takes(here.actor, change, regimes_of_paths, here.today)
        await correct(here.actor, change, data.reason, data.version)
        return await _answer(here, activity_id)

    @post("/{activity_id:uuid}/withdrawal", summary="撤销误记的一次，写明原因")
    async def withdraw(
        self, here: FromHere, activity_id: FromPath[UUID], data: JSONBody[Withdrawal]
    ) -> ActivityAnswer:
        """Let it count for nothing any more."""
        found, was = await to_change(here.actor, activity_id)
        await ends(found, regimes_of_paths, here.today)
        await withdraw(here.actor, found, was, data.reason, data.version)
        return await _answer(here, activity_id)

    @post("/{activity_id:uuid}/files", operation_class=Upload, summary="添加一个附件或一张照片")
    async def upload(self, here: FromHere, request: Request, activity_id: FromPath[UUID]) -> ActivityAnswer:
        """Take in a file (multipart, field `file`)."""
        sent = await files_of(request, "file")
        if len(sent) != 1:
            raise Invalid(
                "没有收到文件。请用 multipart 表单的 file 字段上传一个。", fields={"file": "请选择文件。"}
            )
        await activity(here.actor, activity_id, "activity.record")
        await add(here.actor, activity_id, await taken_in(here, sent[0]))
        return await _answer(here, activity_id)


async def _answer(here: Here, activity_id: UUID) -> ActivityAnswer:
    return ActivityAnswer(
        await activity(here.actor, activity_id),
        await attended(activity_id),
        await held_at(here.actor, activity_id),
        list(await changes(activity_id)),
        await kept(activity_id),
    )
