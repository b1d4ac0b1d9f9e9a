"""Importing a roster through the pages: upload, preview, errors by row, all or nothing."""

from __future__ import annotations

import asyncio
import contextvars
import io
from uuid import UUID, uuid4

import pytest
from openpyxl import Workbook, load_workbook

from core.changes.roster import apply, read
from tenants.database.session import county_session, current_session
from tenants.policies.regimes import regime_of_path
from tenants.queue.run import MOST_ATTEMPTS, TaskFailed
from tenants.worker import tasks
from tests.web.conftest import TODAY, Browser, Seeded

HEADINGS = ["姓名", "身份证号码", "人员类别", "所在党支部"]
GOOD = ["赵六", "110101199003070011", "正式党员", "东街支部"]


def workbook(*rows: list[str]) -> bytes:
    """A roster."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (HEADINGS, *rows):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def sent(organizer: Browser, county: Seeded, content: bytes, name: str = "名册.xlsx") -> str:
    """Send it, and give the address of the batch; nothing reads it yet."""
    await organizer.open("/people/import")
    answer = await organizer.post(
        "/people/import",
        data={"_csrf_token": organizer.token, "unit": str(county.units["组织部"].id)},
        files={"file": (name, content)},
    )
    assert answer.status_code == 303, answer.text
    address: str = answer.headers["location"]
    return address


async def upload(organizer: Browser, county: Seeded, content: bytes, name: str = "名册.xlsx") -> str:
    """Send it, let the worker's task run, and give the address of the batch."""
    address = await sent(organizer, county, content, name)
    assert "正在读取名册" in (await organizer.open(address)).text
    async with county_session(county.id):
        assert await current_session().fetchval(
            "select count(*) from outbox where message->>'actor_name' = 'parse_roster'"
        )
        await read(address.rsplit("/", 1)[1], TODAY)  # type: ignore[arg-type]
    return address


async def test_a_faultless_roster_is_shown_and_then_written(organizer: Browser, county: Seeded) -> None:
    address = await upload(organizer, county, workbook(GOOD))
    page = (await organizer.open(address)).text
    assert "将新登记 1 人，改动 0 人" in page
    answer = await organizer.submit(f"{address}/confirm")
    assert answer.status_code == 303
    async with county_session(county.id):
        await apply(address.rsplit("/", 1)[1], TODAY, regime_of_path)  # type: ignore[arg-type]
    assert "已于" in (await organizer.open(address)).text
    assert "赵六" in (await organizer.open("/people?q=赵六")).text


async def test_one_wrong_row_and_nobody_is_written(organizer: Browser, county: Seeded) -> None:
    wrong = ["钱七", "110101199003070012", "正式党员", "没有的支部"]
    address = await upload(organizer, county, workbook(GOOD, wrong))
    page = (await organizer.open(address)).text
    assert "1 行有错，整份名册都没有写入。" in page
    assert "身份证号码：" in page
    assert "确认导入" not in page
    answer = await organizer.submit(f"{address}/confirm")
    assert answer.status_code == 409
    assert "1 行有错" in answer.text
    await organizer.submit(f"{address}/discard")
    assert "已放弃这次导入" in (await organizer.open("/people/import")).text


async def test_what_is_no_workbook_is_refused_at_once(organizer: Browser, county: Seeded) -> None:
    await organizer.open("/people/import")
    answer = await organizer.post(
        "/people/import",
        data={"_csrf_token": organizer.token, "unit": str(county.units["组织部"].id)},
        files={"file": ("名册.xlsx", b"no workbook")},
    )
    assert answer.status_code == 422
    assert "这不是 Excel 工作簿" in answer.text
    answer = await organizer.submit("/people/import", unit=str(county.units["组织部"].id))
    assert "请选择名册文件。" in answer.text


async def test_more_than_may_be_sent_is_not_taken_in(organizer: Browser, county: Seeded) -> None:
    await organizer.open("/people/import")
    answer = await organizer.post(
        "/people/import",
        data={"_csrf_token": organizer.token},
        files={"file": ("x.xlsx", b"0" * (26 * 1024 * 1024))},
        headers={"referer": "http://dangwu.test/people/import?answer=x"},
    )
    assert answer.status_code == 303, "a browser can go back to what it says"
    shown = await organizer.open(answer.headers["location"])
    assert shown.status_code == 413
    assert "超过了允许的大小" in shown.text
    assert 'href="/people/import">回到刚才的表单' in shown.text


async def test_what_was_imported_leads_on_to_the_files_that_are_on_paper(
    organizer: Browser, county: Seeded
) -> None:
    """A new county's activists are in the register now, and their files are not."""
    row = ["纸上人", "110101199003070038", "入党积极分子", "东街支部"]
    address = await upload(organizer, county, workbook(row))
    assert "接续纸质档案" not in (await organizer.open(address)).text
    await organizer.submit(f"{address}/confirm")
    async with county_session(county.id):
        await apply(address.rsplit("/", 1)[1], TODAY, regime_of_path)  # type: ignore[arg-type]
    assert '<a href="/cases/paper">接续纸质档案</a>' in (await organizer.open(address)).text
    assert "纸上人" in (await organizer.open("/cases/paper")).text


async def test_a_preview_begins_with_what_is_wrong_and_waits_for_no_confirmation(
    organizer: Browser, county: Seeded
) -> None:
    wrong = ["冯九", "110101199003070012", "正式党员", "东街支部"]
    address = await upload(organizer, county, workbook(GOOD, wrong), "有错.xlsx")
    page = (await organizer.open(address)).text
    assert "冯九" in page
    assert f">{GOOD[0]}<" not in page
    assert "有错，须改正后重新上传" in page
    assert "等待确认" not in page
    assert page.index('id="batch"') < page.index("有错，须改正后重新上传"), (
        "told anew with what the page fetches"
    )
    assert f">{GOOD[0]}<" in (await organizer.open(f"{address}?action=all")).text
    assert "有错，须改正后重新上传" in (await organizer.open("/people/import")).text


async def test_the_api_takes_in_a_roster_and_gives_one_out(organizer: Browser, county: Seeded) -> None:
    headers = {"x-csrftoken": organizer.cookies["csrftoken"]}
    answer = await organizer.post(
        "/api/v1/imports",
        data={"unit": str(county.units["组织部"].id)},
        files={"file": ("名册.xlsx", workbook(GOOD))},
        headers=headers,
    )
    assert answer.status_code == 201, answer.text
    batch_id = answer.json()["id"]
    async with county_session(county.id):
        await read(batch_id, TODAY)
    assert (await organizer.get(f"/api/v1/imports/{batch_id}")).json()["state"] == "parsed"
    rows = (await organizer.get(f"/api/v1/imports/{batch_id}/rows")).json()
    assert len(rows) == 1
    assert (await organizer.post(f"/api/v1/imports/{batch_id}/discard", headers=headers)).status_code == 204
    refused = await organizer.post("/api/v1/imports/export", json={"purpose": ""}, headers=headers)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")


async def test_the_errors_can_be_taken_along_as_a_workbook(
    organizer: Browser, secretary: Browser, county: Seeded
) -> None:
    """One line for every fault."""
    wrong = ["错一人", "110101199003070012", "正式党员", "没有的支部"]
    address = await upload(organizer, county, workbook(GOOD, wrong), "两处错.xlsx")
    assert f"{address}/faults" in (await organizer.open(address)).text
    for path in (f"{address}/faults", f"/api/v1/imports/{address.rsplit('/', 1)[1]}/faults"):
        answer = await organizer.get(path)
        assert answer.status_code == 200
        assert "spreadsheetml" in answer.headers["content-type"]
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        lines = [list(row) for row in sheet.values]
        assert lines[0] == ["行号", "姓名", "列", "问题"]
        assert [(row[0], row[1], row[2]) for row in lines[1:]] == [
            (3, "错一人", "所在党支部"),
            (3, "错一人", "身份证号码"),
        ]
        assert "没有的支部" in str(lines[1][3])
        assert (await secretary.get(path)).status_code in (403, 404)
    template = await organizer.get("/api/v1/imports/template")
    assert template.content.startswith(b"PK")


async def called_for(county: Seeded) -> UUID:
    """The run of the latest upload's reading."""
    async with county_session(county.id) as session:
        found: UUID = await session.fetchval(
            "select run_id from outbox where message ->> 'actor_name' = 'parse_roster' order by id desc limit 1"
        )
    return found


async def test_an_import_whose_task_was_given_up_says_so(
    organizer: Browser, admin: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for what will not come: the batch ends with a sentence, and the administrator is told."""
    address = await sent(organizer, county, workbook(GOOD))
    run_id = await called_for(county)

    async def broken(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("core.changes.roster.parse", broken)
    work = tasks.parse_roster.fn.__wrapped__  # type: ignore[attr-defined]
    for _ in range(MOST_ATTEMPTS):
        assert "正在读取名册" in (await organizer.open(address)).text
        with pytest.raises(TaskFailed):
            await work(county_id=str(county.id), run_id=str(run_id))
    page = (await organizer.open(address)).text
    assert "多次出错，没有完成，名册没有任何改动" in page
    assert 'hx-trigger="load' not in page
    assert "后台任务“读取上传的名册”多次出错" in (await admin.open("/")).text
    assert "后台任务“" not in (await organizer.open("/")).text


async def test_an_import_is_stopped_while_its_file_is_being_read(
    organizer: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the reading takes by itself; what reads is told to end."""
    address = await sent(organizer, county, workbook(GOOD))
    run_id = await called_for(county)
    begun, ended = asyncio.Event(), asyncio.Event()

    async def endless(*_: object, **_more: object) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    monkeypatch.setattr("core.register.roster.parse.read_apart", endless)
    monkeypatch.setattr("core.progress.PATIENCE", 0.01)
    monkeypatch.setattr("tenants.queue.progress.EVERY_SECONDS", 0.0)
    work = tasks.parse_roster.fn.__wrapped__(county_id=str(county.id), run_id=str(run_id))  # type: ignore[attr-defined]
    reading = asyncio.create_task(work, context=contextvars.Context())
    await begun.wait()
    await organizer.open("/jobs")
    assert (await organizer.submit(f"/jobs/{run_id}/cancel")).status_code == 303
    await reading
    assert ended.is_set()
    assert "被取消，名册没有任何改动" in (await organizer.open(address)).text


async def test_an_import_that_twice_killed_its_worker_says_so(
    organizer: Browser, admin: Browser, county: Seeded
) -> None:
    """It is not begun a third time."""
    address = await sent(organizer, county, workbook(GOOD))
    run_id = await called_for(county)
    async with county_session(county.id):
        await current_session().execute(
            "insert into task_run (message_id, task, attempts, deaths, runner) values ($1, 'parse_roster', 2, 1, $2)",
            run_id, uuid4(),
        )  # fmt: skip
    work = tasks.parse_roster.fn.__wrapped__  # type: ignore[attr-defined]
    await work(county_id=str(county.id), run_id=str(run_id))
    page = (await organizer.open(address)).text
    assert "两次使后台程序意外中断，已搁置，名册没有任何改动" in page
    assert "“读取上传的名册”两次使后台程序意外中断，已搁置" in (await admin.open("/")).text
