"""Cases by the API: the list, one case with its findings and their sources, and everything that can be done with it."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from core.casework.access import access_case
from core.casework.acts.attach import attach
from core.casework.acts.facts import add_note, change_facts
from core.casework.acts.going import Beyond
from core.casework.acts.open import open_case, take_over
from core.casework.acts.record import record
from core.casework.acts.refused import Refused
from core.casework.acts.send_back import send_back
from core.casework.lists.cases import count_cases
from core.casework.lists.tasks import GROUPS, tasks
from core.casework.lists.workbench import numbers, recent_events
from core.casework.model import Written
from core.errors import Invalid
from dangwu import forms
from tenants.policies.regimes import regime_of_path
from web.cases.api.acting import refused, taken_up
from web.cases.api.values import (
    Attached,
    CaseAnswer,
    Cases,
    Counts,
    Events,
    Facts,
    Note,
    Open,
    Recorded,
    Return,
    StepForm,
    TakeOver,
    Work,
    answer_of,
)
from web.cases.file.attachments import opened
from web.cases.file.opened import no_step, open_file
from web.cases.list.filter import Wanted, wanted_of
from web.cases.list.paged import page_of_cases
from web.kit.here import FromHere
from web.kit.paging import After
from web.kit.procedures import procedure_named
from web.kit.requests import Request
from web.kit.schema import Upload
from web.kit.uploads import taken_in


class CaseApi(Controller):
    """/api/v1/cases."""

    path = "/cases"
    tags = ["办理事项"]
    dependencies = {"wanted": Provide(wanted_of, sync_to_thread=False)}
    exception_handlers = {Refused: refused}

    @get(
        "/",
        summary="办理事项，每页 50 件",
        description="筛选条件与页面网址相同；用 next 的值作 after 取下一页。",
        only_reads=True,
    )
    async def index(self, here: FromHere, wanted: NamedDependency[Wanted], after: After = None) -> Cases:
        """The cases that one sees, 50 a page; the same filters as the page's address."""
        found = await page_of_cases(here, wanted, after)
        return Cases(list(found.items), found.next)

    @get("/counts", summary="各状态、各阶段的件数", only_reads=True)
    async def counts(self, here: FromHere, wanted: NamedDependency[Wanted]) -> Counts:
        """How many of each status and stage."""
        return Counts(await count_cases(here.actor, wanted.filter))

    @get("/work", summary="该我办的，和所管档案的件数")
    async def work(self, here: FromHere) -> Work:
        """What waits for the signed-in person, 50 of each group, and the numbers beside it."""
        found = await tasks(here.actor, here.today, dict.fromkeys(GROUPS, 50))
        return Work(found.groups, found.totals, await numbers(here.actor, here.today))

    @get("/events", summary="最近发生的事", description="新的在前。")
    async def events(self, here: FromHere) -> Events:
        """What happened last, newest first."""
        return Events(await recent_events(here.actor))

    @post("/", summary="开始办理")
    async def open(self, here: FromHere, data: JSONBody[Open]) -> Written:
        """Take in an application: the case begins."""
        return await open_case(
            here.actor, data.person_id, data.day, data.evidence,
            regime_for=regime_of_path, today=here.today, dates=data.dates, note=data.note,
            procedure=procedure_named(data.procedure), to=data.to, beyond=Beyond(data.beyond, data.county_id),
        )  # fmt: skip

    @post(
        "/taken-over",
        summary="接续纸质档案",
        description="只由县委组织部办理。given 是纸质档案中已经办结的环节和日期。",
    )
    async def take_over(self, here: FromHere, data: JSONBody[TakeOver]) -> Written:
        """Go on with a case that began on paper."""
        return await take_over(
            here.actor,
            data.person_id,
            data.given,
            regime_for=regime_of_path,
            today=here.today,
            dates=data.dates,
            procedure=procedure_named(data.procedure),
        )

    @get(
        "/{case_id:uuid}",
        summary="一份档案",
        description="各环节的要求、缺什么、依据哪条规则，以及全部记录。查看留痕。",
    )
    async def show(self, here: FromHere, case_id: FromPath[UUID]) -> CaseAnswer:
        """One case: its steps, what each requires, what is lacking and by which rule; all entries. The look is logged."""
        return answer_of(await open_file(here, case_id))

    @get("/{case_id:uuid}/steps/{step:str}", summary="某环节的记录要填哪些内容")
    async def form(self, here: FromHere, case_id: FromPath[UUID], step: FromPath[str]) -> StepForm:
        """What a record of the step carries: the fields of its evidence, by facet, with what is required."""
        file = await open_file(here, case_id)
        found = file.standing.steps.get(step)
        if found is None or found.rules is None:
            raise no_step(file, step)
        asked: list[forms.Section] = forms.sections(file.regime, found.rules)
        return StepForm(step, found.rules.title, file.version, asked)

    @post(
        "/{case_id:uuid}/records",
        summary="记录一个环节",
        description="已被别人改过时答 409，changes 说明改了什么；规定不允许时答 422，reasons 逐条说明依据。",
    )
    async def record(self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[Recorded]) -> Written:
        """Record a step. 409 with `changes` when somebody wrote meanwhile, 422 with `reasons` when the rules forbid it."""
        return await record(
            here.actor, await taken_up(here, case_id), data.step, data.day, data.evidence,
            seen_version=data.version, today=here.today, note=data.note, attachments=data.attachments,
            supplement=data.supplement, again=data.again,
        )  # fmt: skip

    @post(
        "/{case_id:uuid}/returns", summary="退回到以前的环节", description="从该环节起的记录保留，不再算数。"
    )
    async def send_back(self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[Return]) -> Written:
        """Send the case back to a step; what was recorded from there on no longer counts."""
        return await send_back(
            here.actor, await taken_up(here, case_id), data.step, data.day, data.reason,
            seen_version=data.version, today=here.today,
        )  # fmt: skip

    @post(
        "/{case_id:uuid}/facts", summary="更新本人情况", description="自 day 起有这些特征和日期；不给的不变。"
    )
    async def facts(self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[Facts]) -> Written:
        """From a day on the person has these tags and dates (null: unchanged)."""
        return await change_facts(
            here.actor, await taken_up(here, case_id), data.day,
            seen_version=data.version, today=here.today, tags=data.tags, dates=data.dates, note=data.note,
        )  # fmt: skip

    @post("/{case_id:uuid}/notes", summary="写备注")
    async def note(self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[Note]) -> Written:
        """A remark."""
        return await add_note(
            here.actor,
            await taken_up(here, case_id),
            data.text,
            today=here.today,
            attachments=data.attachments,
        )

    @post(
        "/{case_id:uuid}/attachments",
        operation_class=Upload,
        summary="上传附件",
        description="返回的 id 写进它所属的记录。",
    )
    async def attach(self, here: FromHere, request: Request, case_id: FromPath[UUID]) -> Attached:
        """Take in a file (multipart, field `file`); name its id in the record it belongs to."""
        sent = (await request.form()).get("file")
        if not isinstance(sent, UploadFile):
            raise Invalid(
                "没有收到文件。请用 multipart 表单的 file 字段上传。", fields={"file": "请选择文件。"}
            )
        await access_case(here.actor, case_id, "case.record")
        return Attached(await attach(here.actor, case_id, await taken_in(here, sent)))

    @get(
        "/{case_id:uuid}/attachments/{attachment_id:uuid}",
        media_type="application/octet-stream",
        summary="下载附件",
        description="查看留痕。",
    )
    async def attachment(
        self, here: FromHere, case_id: FromPath[UUID], attachment_id: FromPath[UUID]
    ) -> Stream:
        """The file; the look is logged."""
        return await opened(here, case_id, attachment_id)
