"""Exports: asked for with a purpose, made in the background one by one, fetched by who asked, gone after a day."""

from __future__ import annotations

import io
import re

import asyncpg
import httpx
import pytest
from litestar import Litestar
from openpyxl import load_workbook

from core import sheets
from core.apart import Limits
from core.register.model import PersonDraft
from core.register.roster.reading import read_apart
from core.register.service import enter
from tenants.database.session import county_session
from tenants.exports.make import forget_old_exports, make_export
from tenants.queue.run import MOST_ATTEMPTS, TaskFailed
from tests.conftest import Database
from tests.web.conftest import ELSEWHERE, TODAY, Browser, Seeded, browser, everything
from tests.web.me.test_deputies import appointed
from tests.web.me.test_tokens import made, program
from tests.web.working import work

pytestmark = pytest.mark.anyio
PEOPLE = "/people/export"


@pytest.fixture(autouse=True)
async def _nothing_asked(county: Seeded) -> None:
    async with county_session(county.id) as session:
        await session.execute("delete from export")
        await session.execute("delete from outbox")


async def ask(who: Browser, purpose: str = "核对年度统计", path: str = PEOPLE) -> httpx.Response:
    await who.open(path)
    return await who.submit(path, purpose=purpose)


async def page(who: Browser) -> str:
    return (await who.open("/exports")).text


async def fetched(who: Browser) -> httpx.Response:
    [address] = re.findall(r"/exports/[0-9a-f-]+/file", await page(who))
    return await who.open(address)


async def readings(county: Seeded) -> int:
    async with county_session(county.id) as session:
        return int(await session.fetchval("select count(*) from ledger_entry where verb = 'read.export'"))


async def test_the_page_says_how_far_it_is_and_gives_the_workbook(organizer: Browser, county: Seeded) -> None:
    """Who is in it is on record once it is made, not before."""
    before = await readings(county)
    answer = await ask(organizer)
    assert (answer.status_code, answer.headers["location"]) == (303, "/exports")
    said = await page(organizer)
    assert "正在生成" in said
    assert 'hx-trigger="load' in said
    assert await readings(county) == before
    assert await work(county, make_export)
    said = await page(organizer)
    assert f"下载党员名册-{TODAY:%Y%m%d}.xlsx" in said, "as the file is called"
    assert 'hx-trigger="load' not in said
    answer = await fetched(organizer)
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    async with county_session(county.id) as session:
        people = await session.fetchval("select count(*) from person")
    assert len(rows) == people + 1
    assert await readings(county) == before + people


async def test_a_job_is_seen_by_who_asked_and_by_who_manages_them_and_can_be_stopped(
    organizer: Browser, admin: Browser, secretary: Browser, county: Seeded
) -> None:
    """What waits is not begun; who waits for it reads that it was stopped, and by whom."""
    await ask(organizer)
    assert "生成导出的表格" not in (await secretary.open("/jobs")).text
    for who in (organizer, admin):
        said = (await who.open("/jobs")).text
        assert "生成导出的表格" in said
        assert "等候" in said
        assert "组织部组织员" in said
    [job] = re.findall(r"/jobs/([0-9a-f-]+)/cancel", said)
    assert (await secretary.submit(f"/jobs/{job}/cancel")).status_code == 404
    assert (await admin.submit(f"/jobs/{job}/cancel")).status_code == 303
    assert "正在取消" in (await organizer.open("/jobs?group=open")).text
    assert await work(county, make_export)
    assert "已经取消，没有生成" in await page(organizer)
    said = (await admin.open("/jobs?group=lost")).text
    assert "由组织部管理员取消" in said
    assert (await admin.submit(f"/jobs/{job}/again")).status_code == 409
    await ask(organizer)
    await work(county, make_export)
    [done] = (await organizer.get("/api/v1/jobs?group=done")).json()["items"]
    assert (done["state"], done["asked_by"], done["done"]) == ("done", "组织部组织员", done["total"])


async def test_it_lies_sealed(organizer: Browser, county: Seeded) -> None:
    await ask(organizer)
    await work(county, make_export)
    async with county_session(county.id) as session:
        kept = await session.fetchval("select content from export")
    assert not kept.startswith(b"PK")


async def test_one_person_has_one_under_way(organizer: Browser, county: Seeded) -> None:
    await ask(organizer)
    answer = await ask(organizer)
    assert answer.status_code == 409
    assert "您上一次导出的表格还在生成" in answer.text
    await work(county, make_export)
    assert (await ask(organizer)).status_code == 303


async def test_a_countys_are_made_one_after_the_other(
    app: Litestar, organizer: Browser, admin: Browser, county: Seeded
) -> None:
    """A second person's waits in the county and takes nobody else's worker; the one before calls it."""
    async with browser(app) as committee:
        await committee.sign_in(county, "committee-organizer")
        await ask(organizer)
        assert (await ask(committee)).status_code == 303
        assert "前面还有 1 份" in await page(committee)
        async with county_session(county.id) as session:
            assert await session.fetchval("select count(*) from outbox where sent_at is null") == 1
        assert await work(county, make_export)
        assert await work(county, make_export)
        assert not await work(county, make_export)
        for who in (organizer, committee):
            assert (await fetched(who)).status_code == 200


async def test_nobody_else_gets_it(
    app: Litestar, organizer: Browser, county: Seeded, secretary: Browser
) -> None:
    await ask(organizer)
    await work(county, make_export)
    [address] = re.findall(r"/exports/[0-9a-f-]+/file", await page(organizer))
    async with browser(app) as committee:
        await committee.sign_in(county, "committee-organizer")
        assert (await committee.open(address)).status_code == 404
        assert (await committee.open("/api/v1" + address)).status_code == 404
    assert (await secretary.open(address)).status_code == 404


async def test_what_is_too_long_ends_with_its_sentence_and_nobody_is_on_record(
    organizer: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await readings(county)
    monkeypatch.setattr(sheets, "LIMITS", Limits(512 << 20, 60, 120, 1_000, 1 << 20))
    await ask(organizer)
    await work(county, make_export)
    assert "这份表格太长，没有生成。请缩小名单的范围" in await page(organizer)
    assert await readings(county) == before


async def test_what_is_given_up_says_so_and_the_next_one_has_its_turn(
    app: Litestar, organizer: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise OSError

    async with browser(app) as committee:
        await committee.sign_in(county, "committee-organizer")
        await ask(organizer)
        await ask(committee)
        with monkeypatch.context() as patch:
            patch.setattr("tenants.exports.kinds.written", broken)
            async with county_session(county.id) as session:
                run = await session.fetchval("select run_id from outbox")
            for _ in range(MOST_ATTEMPTS):
                with pytest.raises(TaskFailed):
                    await make_export.fn.__wrapped__(county_id=str(county.id), run_id=str(run))  # type: ignore[attr-defined]
            async with county_session(county.id) as session:
                await session.execute("update outbox set sent_at = now() where run_id = $1", run)
        assert "生成表格时多次出错，没有完成" in await page(organizer)
        assert await work(county, make_export)
        assert (await fetched(committee)).status_code == 200


async def test_whose_account_was_switched_off_meanwhile_gets_nothing(
    organizer: Browser, county: Seeded
) -> None:
    switch = "update account set active = $1 where id = (select by_id from export)"
    await ask(organizer)
    async with county_session(county.id) as session:
        await session.execute(switch, False)
    await work(county, make_export)
    async with county_session(county.id) as session:
        row = await session.fetchrow("select state, sentence, content from export")
        await session.execute(switch, True)
    assert tuple(row or ()) == ("refused", "提出的账号已经停用，没有办理。", None)


async def test_what_was_asked_for_with_more_rights_is_not_given_to_fewer(
    app: Litestar, committee: Browser, county: Seeded
) -> None:
    """To a program whose token says less, to whoever has lost a role since; and nothing is made with more than a token says."""
    account, department = county.accounts["committee-organizer"], county.units["组织部"].id
    async with county_session(county.id) as session:
        await session.execute(
            "insert into holding (account_id, role, unit_id, since, granted_by) values ($1, 'department-organizer', $2, $3, $1)",
            account, department, TODAY,
        )  # fmt: skip
    await ask(committee)
    await work(county, make_export)
    [one] = (await committee.get("/api/v1/exports")).json()
    file = f"/api/v1/exports/{one['id']}/file"
    token = await made(committee, scopes=["register.export", "person.view"], read_only=False)
    async with program(app, token["secret"]) as less:
        refused = await less.get(file)
        assert (refused.status_code, "令牌能力不够" in refused.text) == (404, True)
        full = await less.post("/api/v1/imports/export", json={"purpose": "核对", "full_numbers": True})
        assert full.status_code == 403, full.text
        own = await less.post("/api/v1/imports/export", json={"purpose": "核对"})
        await work(county, make_export)
        assert (await less.get(f"/api/v1/exports/{own.json()['id']}/file")).content.startswith(b"PK")
    assert (await committee.get(file)).content.startswith(b"PK")
    async with county_session(county.id) as session:
        await session.execute(
            "update holding set until = $1 where unit_id = $2 and account_id = $3", TODAY, department, account
        )
    assert (await committee.get(file)).status_code == 404


async def test_after_a_day_it_is_gone(organizer: Browser, county: Seeded, database: Database) -> None:
    """Nobody can fetch it, and the worker drops it."""
    await ask(organizer)
    await work(county, make_export)
    [address] = re.findall(r"/exports/[0-9a-f-]+/file", await page(organizer))
    root = await asyncpg.connect(database.superuser_url)
    await root.execute("update export set at = at - interval '25 hours'")
    await root.close()
    assert (await organizer.open(address)).status_code == 404
    assert "这里将列出您最近一天导出的表格" in await page(organizer)
    async with county_session(county.id) as session:
        await forget_old_exports(session)
        assert await session.fetchval("select count(*) from export") == 0


async def test_what_a_deputy_asks_for_is_made_with_the_others_rights(
    app: Litestar, organizer: Browser, county: Seeded
) -> None:
    """Nothing less, and only as long as he is his deputy."""
    async with browser(app) as deputy:
        await deputy.sign_in(county, "committee-organizer")
        assert not await appointed(organizer, "committee-organizer")
        act = re.findall(r"/me/deputies/[0-9a-f-]{36}/act", (await deputy.open("/me/deputies")).text)[-1]
        own = (await deputy.open(PEOPLE)).text
        assert (await deputy.submit(act)).status_code == 303
        async with county_session(county.id):
            await enter(everything(), county.units["上河支部"].id, PersonDraft(name="代办人"), TODAY)
        assert (await ask(deputy)).status_code == 303
        assert own != (await deputy.open(PEOPLE)).text
        assert await work(county, make_export)
        book = load_workbook(io.BytesIO((await fetched(deputy)).content))
        names = [
            str(cell)
            for sheet in book.worksheets
            for row in sheet.iter_rows(values_only=True)
            for cell in row
        ]
        assert "代办人" in names, "in a committee that is not his own"
        assert any("（代" in one for one in names), "under both names"
        assert (await ask(deputy, "再核对一次")).status_code == 303
        await organizer.open("/me/deputies")
        await organizer.submit(act.replace("/act", "/end"))
        assert await work(county, make_export)
        await deputy.open("/me/deputies")
        assert "这项代理已经结束，没有办理" in await page(deputy)


async def test_whose_turn_is_forgotten_leaves_it_to_the_next(
    app: Litestar, organizer: Browser, county: Seeded, database: Database
) -> None:
    """As where a county was suspended for a day: what waits behind it would never be made, nor anything after that."""
    async with browser(app) as committee:
        await committee.sign_in(county, "committee-organizer")
        await ask(organizer)
        await ask(committee)
        root = await asyncpg.connect(database.superuser_url)
        await root.execute(
            "update export set at = at - interval '25 hours' where id = (select min(id::text)::uuid from export)"
        )
        await root.close()
        async with county_session(county.id) as session:
            await forget_old_exports(session)
        assert [await work(county, make_export) for _ in range(3)] == [True, True, False]
        assert (await fetched(committee)).status_code == 200
        await ask(organizer)
        assert await work(county, make_export)
        assert (await fetched(organizer)).status_code == 200


async def test_the_same_by_the_api(organizer: Browser, county: Seeded) -> None:
    headers = {"x-csrftoken": organizer.token}
    given = await organizer.post("/api/v1/imports/export", json={"purpose": "核对名册"}, headers=headers)
    assert given.status_code == 201, given.text
    [one] = (await organizer.get("/api/v1/exports")).json()
    assert (one["id"], one["state"], one["purpose"]) == (given.json()["id"], "waiting", "核对名册")
    assert (await organizer.get(f"/api/v1/exports/{one['id']}/file")).status_code == 404
    await work(county, make_export)
    answer = await organizer.get(f"/api/v1/exports/{one['id']}/file")
    assert answer.content.startswith(b"PK")


async def somebody_more(county: Seeded, name: str) -> None:
    async with county_session(county.id):
        await enter(everything(), county.units["上河支部"].id, PersonDraft(name=name), TODAY)


async def agree(who: Browser, asked: dict[str, str]) -> httpx.Response:
    """To the list as it was shown then."""
    return await who.submit(f"/exports/{asked['id']}/agree", mark=asked["mark"])


async def test_several_short_lists_of_a_day_are_a_long_one(
    organizer: Browser, admin: Browser, county: Seeded
) -> None:
    """The same list once more is not more; what was short when it was asked for may be long when it is made."""
    await somebody_more(county, "钱独")
    await admin.open("/accounts/security")
    await admin.submit("/accounts/security/exports", export_alone="2")
    one, other = f"{PEOPLE}?q=钱独", f"{PEOPLE}?q=孙独"
    for _ in range(3):
        assert (await ask(organizer, path=one)).status_code == 303
        assert await work(county, make_export)
    for name in ("孙独一", "孙独二"):
        await somebody_more(county, name)
    await ask(organizer, path=other)
    said = await page(organizer)
    assert "一天之内已有 1 份、1 人，加上这份 2 人超过了" in said
    assert not await work(county, make_export)
    async with county_session(county.id) as session:
        await session.execute("delete from export")
    await ask(organizer, path=one)
    await somebody_more(county, "钱独二")
    assert await work(county, make_export)
    assert "等另一人同意" not in await page(organizer), "two, and no list counts beside itself"
    async with county_session(county.id) as session:
        await session.execute("delete from export")
    await ask(organizer, path=one)
    await somebody_more(county, "钱独三")
    assert await work(county, make_export)
    assert "这份有 3 人" in await page(organizer)
    assert (await organizer.get("/api/v1/exports")).json()[0]["state"] == "asked"
    await admin.open("/accounts/security")
    await admin.submit("/accounts/security/exports", export_alone="2000")


async def test_a_csv_is_read_again_as_a_roster(organizer: Browser, county: Seeded) -> None:
    """What stands below the lines is no person."""
    await organizer.open(PEOPLE)
    odd = await organizer.submit(PEOPLE, purpose="报送", ending="exe")
    assert (odd.status_code, "请选择文件格式" in odd.text) == (422, True)
    await organizer.submit(PEOPLE, purpose="报送", ending="csv", full_numbers="")
    assert await work(county, make_export)
    answer = await fetched(organizer)
    assert ".csv" in answer.headers["content-disposition"]
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    sheet = await read_apart(answer.content)
    async with county_session(county.id) as session:
        people = await session.fetchval("select count(*) from person")
    assert len(sheet.rows) == people
    assert "目的：报送" in answer.text


async def _taken_back(organizer: Browser, admin: Browser, county: Seeded) -> None:
    """What waits for a second person keeps nobody from a short list; few wait, and who has asked takes it back."""
    short = await ask(organizer, path=f"{PEOPLE}?q=没有这个人")
    assert short.status_code == 303
    assert "上一次导出的表格还在生成" in (await ask(organizer)).text
    [one] = [each for each in (await organizer.get("/api/v1/exports")).json() if each["state"] == "asked"]
    for who, status in ((admin, 404), (organizer, 204), (organizer, 404)):
        address = f"/api/v1/exports/{one['id']}/withdraw"
        assert (await who.post(address, headers={"x-csrftoken": who.token})).status_code == status
    assert "您已撤回，没有生成" in await page(organizer)
    assert (await admin.get("/api/v1/exports/asked")).json() == []
    async with county_session(county.id) as session:
        await session.execute("delete from export")
        await session.execute("delete from outbox")
    for number in range(4):
        assert (await ask(organizer)).status_code == (303 if number < 3 else 409)
    assert "已有 3 份名单在等另一位同志同意" in (await ask(organizer)).text
    for address in re.findall(r"/exports/[0-9a-f-]+/withdraw", await page(organizer))[1:]:
        assert (await organizer.submit(address)).status_code == 303
    async with county_session(county.id) as session:
        await session.execute("delete from export where state = 'refused'")


async def test_a_long_list_waits_for_a_second_person(
    app: Litestar, organizer: Browser, admin: Browser, secretary: Browser, county: Seeded
) -> None:
    """Who could export all of it himself; the workbook says who, when, what for, and who agreed."""
    await admin.open("/accounts/security")
    assert "应为 0 至" in (await admin.submit("/accounts/security/exports", export_alone="99999")).text
    await admin.open("/accounts/security")
    assert (await admin.submit("/accounts/security/exports", export_alone="2")).status_code == 303
    await organizer.open(f"{PEOPLE}?q=张")
    assert "须另一位" not in (await organizer.open(f"{PEOPLE}?q=张")).text
    assert "超过 2 人的名单须另一位" in (await organizer.open(PEOPLE)).text
    await ask(organizer)
    assert not await work(county, make_export), "nothing is made before somebody agrees"
    said = await page(organizer)
    assert "等另一人同意" in said
    assert "等您同意" not in said
    told = (await admin.open("/notices")).text
    assert "导出名单等您同意" in told
    assert "党员名册" in told
    assert "导出名单等您同意" not in (await secretary.open("/notices")).text, "it is not his to agree to"
    assert "导出名单等您同意" not in (await organizer.open("/notices")).text
    await _taken_back(organizer, admin, county)
    [one] = (await organizer.get("/api/v1/exports")).json()
    address = f"/exports/{one['id']}"
    answer = await organizer.submit(f"{address}/agree", mark=one["id"])
    assert answer.status_code == 403, "nobody agrees to his own"
    seen = await page(admin)
    assert "等您同意" in seen
    assert "本人管理范围内全部；号码遮盖" in seen
    for reason, said in (("", "请填写不同意的理由。"), ("因" * 101, "最多 100 个字。")):
        await page(admin)
        kept = await admin.submit(f"{address}/decline", reason=reason)
        assert kept.status_code == 422
        assert re.findall(r'id="e-reason">([^<]+)', kept.text) == [said]
        assert re.findall(r'id="f-reason" value="([^"]*)"', kept.text) == [reason]
        assert '<details class="confirm no-print" open>' in kept.text, "where it is to be put right"
    await page(admin)
    await admin.submit(f"{address}/decline", reason="请先说明用途")
    assert "没有同意：请先说明用途" in await page(organizer)
    await ask(organizer)
    [again] = (await admin.get("/api/v1/exports/asked")).json()
    await page(admin)
    assert (await agree(admin, again)).status_code == 303
    await somebody_more(county, "赵甲")
    assert await work(county, make_export), "it looks, and makes nothing"
    [again] = (await admin.get("/api/v1/exports/asked")).json()
    assert f"现在是 {again['total']} 人。同意只对当时的名单有效" in await page(organizer)
    await somebody_more(county, "赵乙")
    answer = await agree(admin, again)
    assert answer.status_code == 409
    assert f"现在是 {again['total'] + 1} 人" in answer.text
    [again] = (await admin.get("/api/v1/exports/asked")).json()
    assert (await agree(admin, again)).status_code == 303
    assert await work(county, make_export)
    book = load_workbook(io.BytesIO((await fetched(organizer)).content))
    cover = {str(line[0]): str(line[1]) for line in book["导出说明"].iter_rows(values_only=True)}
    assert cover["导出人"].startswith("组织部组织员，")
    assert cover["目的"] == "核对年度统计（组织部管理员同意）"
    assert cover["行数"] == str(book.worksheets[0].max_row - 1)
    foot = book.worksheets[0].oddFooter
    assert foot is not None
    assert "核对年度统计" in str(foot.center.text)
    log = (await admin.open("/accounts/log")).text
    assert "同意导出名单（组织部组织员要导出的）" in log
    await admin.open("/accounts/security")
    await admin.submit("/accounts/security/exports", export_alone="0")
    async with browser(app) as elsewhere:
        await elsewhere.sign_in(county, ELSEWHERE)
        await ask(elsewhere)
        assert (await elsewhere.get("/api/v1/exports")).json()[0]["state"] == "asked"
    assert (await secretary.get("/api/v1/exports/asked")).json() == [], "as many, but not the same people"
    assert len((await admin.get("/api/v1/exports/asked")).json()) == 1
    await admin.open("/accounts/security")
    await admin.submit("/accounts/security/exports", export_alone="2000")
