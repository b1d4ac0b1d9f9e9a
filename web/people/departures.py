"""Leaving by the API, and the list of those who have left."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from core.changes.leave import come_back, leave, take_back
from core.register.former import FormerFilter, FormerLine, count_former, former
from core.register.leaving import LeavingDraft, Return
from web.kit.here import FromHere
from web.kit.paging import After, encode_key, key_day
from web.people.filter import former_wanted


class Former(msgspec.Struct):
    """A page of 历史党员; ask again with `after=<next>` for the one behind it."""

    items: tuple[FormerLine, ...]
    next: str | None


class FormerCounts(msgspec.Struct):
    """How they left → how many."""

    counts: dict[str, int]


class Leave(msgspec.Struct):
    """`version` is the one that was read, another one answers 409."""

    version: int
    draft: LeavingDraft


class Mistaken(msgspec.Struct):
    """Why he had never left."""

    reason: str


class LeavingApi(Controller):
    """/api/v1/people/former and what leads there and back."""

    path = "/people"
    tags = ["党员名册"]
    dependencies = {"wanted": Provide(former_wanted, sync_to_thread=False)}

    @get(
        "/former",
        summary="历史党员，每页 50 人",
        description="按离开的日期，新的在前；kind 为 died、withdrawn、removed、expelled、transferred-out、in-error 之一。",
    )
    async def index(
        self, here: FromHere, wanted: NamedDependency[FormerFilter], after: After = None
    ) -> Former:
        """Those who have left, the latest first."""
        found = await former(here.actor, wanted, after=key_day(after))
        return Former(found.lines, encode_key(found.after) if found.after else None)

    @get("/former/counts", summary="各种情形离开的人数")
    async def counts(self, here: FromHere, wanted: NamedDependency[FormerFilter]) -> FormerCounts:
        """How many have left in each way."""
        return FormerCounts(await count_former(here.actor, wanted))

    @post(
        "/{person_id:uuid}/leave",
        status_code=204,
        summary="登记离开",
        description="自 day 起不计入任何人数，档案保留；还有正在办理的档案时答 409。",
    )
    async def leave(self, here: FromHere, person_id: FromPath[UUID], data: JSONBody[Leave]) -> None:
        """From that day on he is in no count."""
        await leave(here.actor, person_id, data.draft, data.version, here.today)

    @post(
        "/{person_id:uuid}/return",
        status_code=204,
        summary="重新登记",
        description="转回本县等：登记到一个党支部。",
    )
    async def come_back(self, here: FromHere, person_id: FromPath[UUID], data: JSONBody[Return]) -> None:
        """There again."""
        await come_back(here.actor, person_id, data, here.today)

    @post("/{person_id:uuid}/return/mistaken", status_code=204, summary="撤销登记错了的离开")
    async def take_back(self, here: FromHere, person_id: FromPath[UUID], data: JSONBody[Mistaken]) -> None:
        """He had never left."""
        await take_back(here.actor, person_id, data.reason)
