"""The organisation by the API."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from litestar import Controller, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody

from core.changes.merge import Merged
from core.changes.split import Divided, Split
from core.organisation.access import access_unit
from core.organisation.history import UnitChangeView, history
from core.organisation.model import UnitView
from core.organisation.queries import TreeNode, search, tree
from core.organisation.service import UnitDraft, create, edit
from tenants import units
from tenants.accounts.access import Reader, who_can_see
from tenants.divided import ForeseenSplit, foreseen_split
from web.kit.here import FromHere
from web.kit.query import Text, unit_asked


class Units(msgspec.Struct):
    """The tree in depth-first order."""

    items: list[TreeNode]


class Found(msgspec.Struct):
    """Units that a search has found, best first."""

    items: list[UnitView]


class Edit(msgspec.Struct):
    """`version` is the one that was read; another one answers 409."""

    version: int
    draft: UnitDraft


class Move(msgspec.Struct):
    """To another parent, as of a day."""

    version: int
    parent_id: UUID
    day: date


class Merge(msgspec.Struct):
    """Into another unit of the same kind, as of a day."""

    version: int
    into_id: UUID
    day: date


class Divide(msgspec.Struct):
    """Into new units beside it."""

    version: int
    plan: Split


class Dissolve(msgspec.Struct):
    """As of a day."""

    version: int
    day: date


class Changes(msgspec.Struct):
    """What was done to a unit, newest first."""

    items: list[UnitChangeView]


class Readers(msgspec.Struct):
    """Who can see a unit, the nearest first."""

    items: list[Reader]


class UnitApi(Controller):
    """/api/v1/units."""

    path = "/units"
    tags = ["组织"]

    @get(
        "/",
        summary="组织树及各级人数、在办件数",
        description="深度优先排列。top 为从哪个党组织起；dissolved 为真时含已撤销的。",
    )
    async def tree(self, here: FromHere, top: Text = "", dissolved: FromQuery[bool] = False) -> Units:
        """The units that one sees, with counts."""
        return Units(await tree(here.actor, unit_asked(top), dissolved=dissolved))

    @get("/search", summary="按名称、拼音、首字母或编码查找党组织")
    async def search(self, here: FromHere, q: FromQuery[str]) -> Found:
        """Units by name, pinyin, initials or code."""
        return Found(await search(here.actor, q))

    @get("/{unit_id:uuid}", summary="一个党组织")
    async def show(self, here: FromHere, unit_id: FromPath[UUID]) -> UnitView:
        """One unit."""
        return await access_unit(here.actor, unit_id)

    @get("/{unit_id:uuid}/changes", summary="党组织的变更记录", description="新的在前。")
    async def changes(self, here: FromHere, unit_id: FromPath[UUID]) -> Changes:
        """What was done to it."""
        return Changes(await history(here.actor, unit_id))

    @get("/{unit_id:uuid}/readers", summary="谁能看到这个党组织")
    async def readers(self, here: FromHere, unit_id: FromPath[UUID]) -> Readers:
        """Who can see it."""
        return Readers(await who_can_see(here.actor, unit_id, here.today))

    @post("/{unit_id:uuid}/children", summary="新建下级党组织")
    async def create(self, here: FromHere, unit_id: FromPath[UUID], data: JSONBody[UnitDraft]) -> UnitView:
        """A new unit below it."""
        return await create(here.actor, unit_id, data, here.today)

    @patch(
        "/{unit_id:uuid}",
        summary="修改名称、简称、编码、特征、成立日期",
        description="version 是读到的版本；已被别人改过时答 409，changes 说明改了什么。",
    )
    async def edit(self, here: FromHere, unit_id: FromPath[UUID], data: JSONBody[Edit]) -> UnitView:
        """Name, code, flags, founding date."""
        return await edit(here.actor, unit_id, data.draft, data.version, here.today)

    @post(
        "/{unit_id:uuid}/move",
        status_code=200,
        summary="调整隶属关系",
        description="人员、在办事项和下级党组织随之转入。",
    )
    async def move(self, here: FromHere, unit_id: FromPath[UUID], data: JSONBody[Move]) -> UnitView:
        """Under another unit, with all below it."""
        return await units.move(here.actor, unit_id, data.parent_id, data.day, data.version, here.today)

    @post(
        "/{unit_id:uuid}/merge",
        status_code=200,
        summary="并入同类的另一个党组织",
        description="人员、在办事项和下级党组织全部转入，本组织随即撤销。",
    )
    async def merge(self, here: FromHere, unit_id: FromPath[UUID], data: JSONBody[Merge]) -> Merged:
        """Into another unit; this one is dissolved."""
        return (
            await units.merge(here.actor, unit_id, data.into_id, data.day, data.version, here.today)
        ).merged

    @post(
        "/{unit_id:uuid}/split/foreseen",
        status_code=200,
        only_tries=True,
        summary="拆分会怎样",
        description="不办理；不能这样拆分的，照办理时一样拒绝。",
    )
    async def foreseen_split(
        self, here: FromHere, unit_id: FromPath[UUID], data: JSONBody[Divide]
    ) -> ForeseenSplit:
        """What dividing it would mean."""
        found = await foreseen_split(here.actor, unit_id, data.plan, data.version, here.today)
        await units.try_split(here.actor, unit_id, data.plan, data.version, here.today)
        return found

    @post(
        "/{unit_id:uuid}/split",
        status_code=200,
        summary="拆分党组织",
        description="rest 是接收其余人员和事项的新组织（从 0 数起），原组织随即撤销；不给则原组织保留。",
    )
    async def split(self, here: FromHere, unit_id: FromPath[UUID], data: JSONBody[Divide]) -> Divided:
        """New units beside it, with the people and units chosen for each."""
        return (await units.split(here.actor, unit_id, data.plan, data.version, here.today)).divided

    @post(
        "/{unit_id:uuid}/dissolve",
        status_code=200,
        summary="撤销党组织",
        description="还有人员、在办事项或下级党组织时答 409。",
    )
    async def dissolve(self, here: FromHere, unit_id: FromPath[UUID], data: JSONBody[Dissolve]) -> UnitView:
        """Only an empty one."""
        return (await units.dissolve(here.actor, unit_id, data.day, data.version, here.today)).unit
