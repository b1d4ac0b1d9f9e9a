"""The roster by the API: in as a workbook with a preview before anything is written, out as a workbook with a purpose."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from core.changes.roster import undoing
from core.errors import Invalid
from core.register.queries import PeopleFilter
from core.register.roster.batch import Batch, batch, batches, discard
from core.register.roster.faults import faults_workbook
from core.register.roster.preview import REMARKED, PreviewRow, preview
from core.register.roster.teach import Answers, Remembered, forget, questions, remembered
from core.register.roster.template import empty_template
from core.register.roster.undo import Undoing
from core.register.roster.unknown import Unknown
from core.sheets import Ending
from tenants import rosters
from tenants.exports.make import ask
from tenants.exports.people import PeopleAsked
from web.kit.forms import Form
from web.kit.here import FromHere
from web.kit.paging import PAGE
from web.kit.query import Whole, one_of
from web.kit.requests import Request
from web.kit.schema import UploadForUnit
from web.kit.workbook import XLSX, export_turn, workbook
from web.people.filter import wanted_of
from web.people.rosters.progress import ACTIONS, Action


class Export(msgspec.Struct):
    """What the names are for; `full_numbers` needs the right to reveal them; `ending` xlsx or csv."""

    purpose: str
    full_numbers: bool = False
    ending: Ending = "xlsx"


class Started(msgspec.Struct):
    """What a task is now at work on: an import (ask for it until its `state` is parsed), or an export."""

    id: UUID


class ImportApi(Controller):
    """/api/v1/imports."""

    path = "/imports"
    tags = ["党员名册"]
    dependencies = {"wanted": Provide(wanted_of, sync_to_thread=False)}

    @get("/", summary="最近的名册导入")
    async def index(self, here: FromHere) -> list[Batch]:
        """The latest imports."""
        return await batches(here.actor)

    @post(
        "/",
        operation_class=UploadForUnit,
        summary="上传名册",
        description="由后台读出，读完之前 state 为 uploaded，读完为 parsed 或 refused；此时还没有写入。",
    )
    async def upload(self, here: FromHere, request: Request) -> Started:
        """A workbook (`file`) for a unit (`unit`), as multipart form data; a task reads it, nothing is written yet."""
        form = await Form.of(request)
        unit_id, file = form.uuid("unit", "党组织"), form.file("file", "名册文件")
        form.check()
        if unit_id is None or not isinstance(file, UploadFile):
            raise Invalid("请选择党组织和名册文件。")
        content = await file.read()
        return Started(await rosters.upload(here.actor, unit_id, file.filename, content, here.today))

    @get("/template", media_type=XLSX, summary="下载名册模板", description="19 列采集表，附填表说明。")
    async def template(self) -> Response[bytes]:
        """The 19 columns to fill in."""
        return workbook(empty_template(), "党员名册模板.xlsx")

    @get("/{batch_id:uuid}", summary="一次导入的进度和各类行数")
    async def show(self, here: FromHere, batch_id: FromPath[UUID]) -> Batch:
        """How far it has come, and how many rows are new, changed, the same, or wrong."""
        return await batch(here.actor, batch_id)

    @get(
        "/{batch_id:uuid}/rows",
        summary="预览各行",
        description="行号大于 after 的 50 行；action 为 error、new、changed、same 之一，不给为全部。",
    )
    async def rows(
        self,
        here: FromHere,
        batch_id: FromPath[UUID],
        action: Action = "",
        after: Whole = 0,
    ) -> list[PreviewRow]:
        """50 rows behind row number `after`, of one `action` (error, new, changed, same) or of all."""
        wanted = one_of("action", action, (*ACTIONS, REMARKED)) or None
        return await preview(here.actor, batch_id, action=wanted, after=after, limit=PAGE)

    @get(
        "/{batch_id:uuid}/faults",
        media_type=XLSX,
        summary="下载错误清单",
        description="每处错误一行：行号、姓名、列、问题。",
    )
    async def faults(self, here: FromHere, batch_id: FromPath[UUID]) -> Response[bytes]:
        """The rows with errors as a workbook."""
        async with export_turn(here):
            return workbook(await faults_workbook(here.actor, batch_id), "名册错误清单.xlsx")

    @get("/words", summary="记住的表头和用语", description="在可以导入名册的党组织记住的对照。")
    async def words(self, here: FromHere) -> list[Remembered]:
        """What headings and words mean at his units."""
        return await remembered(here.actor)

    @delete("/words/{word_id:uuid}", summary="删去一条对照")
    async def forget(self, here: FromHere, word_id: FromPath[UUID]) -> None:
        """From the next roster on it is read as before."""
        await forget(here.actor, word_id)

    @get(
        "/{batch_id:uuid}/words",
        summary="名册里没有认出的用语",
        description="各列中没有认出的用语和党支部名称；表头见这次导入的 columns.headings。",
    )
    async def unknown(self, here: FromHere, batch_id: FromPath[UUID]) -> list[Unknown]:
        """What somebody has to explain."""
        _, unknown = await questions(here.actor, batch_id)
        return unknown

    @post(
        "/{batch_id:uuid}/words",
        status_code=200,
        summary="对照表头和用语",
        description="记在导入的党组织名下，并由后台重新读取这份名册。headings：表头 → 列的代号，空为不读取；"
        "values：列的代号 → 用语 → 选项的代号或党支部名称，空为按空白读取。",
    )
    async def teach(self, here: FromHere, batch_id: FromPath[UUID], data: JSONBody[Answers]) -> Batch:
        """Remember what headings and words mean, and read the roster again."""
        return await rosters.teach(here.actor, batch_id, data, here.today)

    @post("/{batch_id:uuid}/confirm", summary="确认导入", description="要么全部写入，要么一个也不写。")
    async def confirm(self, here: FromHere, batch_id: FromPath[UUID]) -> Batch:
        """Write it, all or nothing."""
        return await rosters.confirm(here.actor, batch_id, here.today)

    @get(
        "/{batch_id:uuid}/undo",
        summary="撤销导入会怎样",
        description="entered 为由它登记、将列为登记有误的人数，restored 为将恢复到导入以前的人数；obstacles 为不能撤销的原因。",
    )
    async def undoing(self, here: FromHere, batch_id: FromPath[UUID]) -> Undoing:
        """What undoing would do, or who has changed what since."""
        return await undoing(here.actor, batch_id)

    @post(
        "/{batch_id:uuid}/undo",
        status_code=200,
        summary="撤销导入",
        description="由后台撤销，完成后 state 为 undone；导入以后有人改过其中的人员时答 409。",
    )
    async def undo(self, here: FromHere, batch_id: FromPath[UUID]) -> Batch:
        """Have it undone."""
        return await rosters.undo(here.actor, batch_id, here.today)

    @post("/{batch_id:uuid}/discard", status_code=204, summary="放弃导入")
    async def discard(self, here: FromHere, batch_id: FromPath[UUID]) -> None:
        """Drop it."""
        await discard(here.actor, batch_id)

    @post(
        "/export",
        summary="导出名册",
        description="名单条件同党员名册；由后台生成，用返回的 id 到 /api/v1/exports 查看和取走。导出的每个人都留痕。"
        "full_numbers 须有查看完整号码的权限。",
    )
    async def export(
        self, here: FromHere, data: JSONBody[Export], wanted: NamedDependency[PeopleFilter]
    ) -> Started:
        """Have the people of the list made into a workbook; everybody in it gets a line in the reading log."""
        asked = PeopleAsked(wanted, data.full_numbers)
        return Started(await ask(here.actor, "people", asked, data.purpose, here.today, data.ending))
