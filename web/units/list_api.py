"""Organisations out of a workbook, by the API."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from core.changes.units.batch import UnitList, discard, unit_list, unit_lists, upload, verdicts
from core.changes.units.judge import Change, Fault
from core.errors import Invalid
from tenants import lists
from web.kit.forms import Form
from web.kit.here import FromHere
from web.kit.requests import Request
from web.kit.schema import UploadForUnit


class Uploaded(msgspec.Struct):
    """A list that was read."""

    id: UUID


class ListedUnit(msgspec.Struct):
    """A row and what it would do: `action` new|changed|same|error; `unit_id` the unit that it means, `kind` its kind."""

    number: int
    action: str
    name: str
    kind: str
    unit_id: UUID | None
    faults: tuple[Fault, ...]
    changes: tuple[Change, ...]


class UnitListApi(Controller):
    """/api/v1/units/import."""

    path = "/units/import"
    tags = ["组织"]

    @get("/", summary="最近的党组织表导入")
    async def index(self, here: FromHere) -> list[UnitList]:
        """The latest."""
        return await unit_lists(here.actor)

    @post(
        "/",
        operation_class=UploadForUnit,
        summary="上传党组织表",
        description="列：党组织编码、党组织全称、简称、组织类别、成立日期、上级党组织编码、上一级党组织；此时还没有写入。",
    )
    async def upload(self, here: FromHere, request: Request) -> Uploaded:
        """A workbook (`file`) for the tree at and below a unit (`unit`)."""
        form = await Form.of(request)
        unit_id, file = form.uuid("unit", "党组织"), form.file("file", "党组织表")
        form.check()
        if unit_id is None or not isinstance(file, UploadFile):
            raise Invalid("请选择党组织和表格文件。")
        return Uploaded(await upload(here.actor, unit_id, file.filename, await file.read()))

    @get("/{list_id:uuid}", summary="一次党组织表导入")
    async def show(self, here: FromHere, list_id: FromPath[UUID]) -> UnitList:
        """How far it has come."""
        return await unit_list(here.actor, list_id)

    @get("/{list_id:uuid}/rows", summary="预览各行")
    async def rows(self, here: FromHere, list_id: FromPath[UUID]) -> list[ListedUnit]:
        """What each row would do now."""
        return [
            ListedUnit(
                one.entry.number, one.action, one.entry.name, one.entry.kind, one.unit.id if one.unit else None,
                one.faults, one.changes,
            )
            for one in await verdicts(here.actor, list_id)
        ]  # fmt: skip

    @post(
        "/{list_id:uuid}/confirm",
        status_code=200,
        summary="确认导入",
        description="要么全部写入，要么一个也不写。",
    )
    async def confirm(self, here: FromHere, list_id: FromPath[UUID]) -> UnitList:
        """Have it written."""
        return await lists.confirm(here.actor, list_id, here.today)

    @post("/{list_id:uuid}/discard", status_code=204, summary="放弃导入")
    async def discard(self, here: FromHere, list_id: FromPath[UUID]) -> None:
        """Drop it."""
        await discard(here.actor, list_id)
