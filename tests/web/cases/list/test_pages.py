"""The list of cases: filters, search, counts, paging, columns, scope, export; and the page of one case."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from uuid import UUID

import pytest
from litestar import Litestar
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from core.register.model import PersonDraft
from core.register.service import enter
from tenants.database.session import county_session, current_session
from tenants.exports.make import make_export
from tenants.policies.changes import Adopt
from tenants.policies.service import apply
from tests.core.conftest import resident_id
from tests.web.cases.seed import applicant, do, opened, walked
from tests.web.conftest import Browser, Seeded, browser, everything
from tests.web.working import work


@pytest.fixture(scope="module")
async def cases(county: Seeded) -> dict[str, UUID]:
    """A few cases at two branches."""
    async with county_session(county.id):
        return {
            "欧阳兰": await opened(county, await applicant(county, "欧阳兰"), date(2026, 10, 12)),
            "林海": await walked(county, "林海", "mentor-appointment"),
            "马越": await walked(county, "马越", "prospect-consent"),
            "沙河": await walked(county, "沙河", "applicant-talk", "上河支部"),
        }


def names(html: str) -> list[str]:
    """The people in the list."""
    return re.findall(r'<th class="nowrap"><a href="/cases/[^"]+">([^<]+)</a>', html)


async def test_a_branch_sees_its_own_and_is_told_why(secretary: Browser, cases: dict[str, UUID]) -> None:
    page = await secretary.open("/cases")
    assert names(page.text) == ["林海", "马越", "欧阳兰"]
    assert "您是东街支部的党支部书记，因此看到这些党组织及其下级的档案" in page.text
    assert "共 3 件，正在办理，按姓名拼音排列" in page.text
    assert "报上级党委备案" in page.text
    assert "2026-11-12（已过 9 天）" in page.text


async def test_the_department_sees_all_and_filters(
    organizer: Browser, county: Seeded, cases: dict[str, UUID]
) -> None:
    assert names((await organizer.open("/cases")).text) == ["林海", "马越", "欧阳兰", "沙河"]
    found = {
        "stage=activist": ["林海", "沙河"],
        "stage=prospect": ["马越"],
        "step=prospect-notice": ["马越"],
        "reason=talk.missing": ["欧阳兰"],
        "due=overdue": ["欧阳兰"],
        "waits=committee": ["林海"],
        "state=failed": [],
        f"unit={county.units['河西乡党委'].id}": ["沙河"],
        "status=completed": [],
        "sort=due": ["欧阳兰", "林海", "马越", "沙河"],
        "sort=started": ["林海", "马越", "沙河", "欧阳兰"],
    }
    for query, people in found.items():
        got = names((await organizer.open(f"/cases?{query}")).text)
        assert sorted(got) == sorted(people), query
    page = await organizer.open("/cases?reason=talk.missing&stage=application")
    assert "只看：" in page.text
    assert "原因 尚未谈话 ×" in page.text


@pytest.mark.parametrize("text", ["欧阳兰", "欧", "ouyanglan", "oyl", "OYL"])
async def test_people_are_found_by_name_pinyin_and_initials(
    organizer: Browser, cases: dict[str, UUID], text: str
) -> None:
    assert names((await organizer.open(f"/cases?q={text}")).text) == ["欧阳兰"]


async def test_people_are_found_by_the_end_of_their_id_number(
    organizer: Browser, county: Seeded, cases: dict[str, UUID]
) -> None:
    """In the list and by Ctrl K; the number itself stands nowhere on the page."""
    number = resident_id(date(1999, 3, 2), 41)
    draft = PersonDraft(
        name="号码尾", sex="male", born=date(1999, 3, 2), ethnicity="汉族", national_id=number
    )
    async with county_session(county.id):
        person = await enter(everything(), county.units["东街支部"].id, draft, date(2026, 1, 1))
        case = await opened(county, person, date(2026, 10, 12))
    for tail in (number[-4:], number[-6:].lower()):
        page = (await organizer.open(f"/cases?q={tail}")).text
        assert names(page) == ["号码尾"]
        assert number not in page
    assert f'href="/cases/{case}"' in (await organizer.open(f"/find?q={number[-4:]}")).text


async def test_a_done_step_can_be_added_to_by_whose_it_is(
    app: Litestar, secretary: Browser, county: Seeded, cases: dict[str, UUID]
) -> None:
    """A paper that came later: the link is behind the step that is done; paper says who printed it and when."""
    link = f'/cases/{cases["林海"]}/record/applicant-talk">补充这一环节的记录'
    page = (await secretary.open(f"/cases/{cases['林海']}")).text
    assert link in page
    assert re.search(r'<p class="printed">[^<]+ 2026-11-21 打印</p>', page)
    async with browser(app) as inspector:
        await inspector.sign_in(county, "inspector")
        assert "补充这一环节的记录" not in (await inspector.open(f"/cases/{cases['林海']}")).text


async def test_nothing_found_and_nothing_there_say_different_things(
    app: Litestar, secretary: Browser, other_county: Seeded, cases: dict[str, UUID]
) -> None:
    assert "没有符合这些条件的档案。" in (await secretary.open("/cases?q=zzz")).text
    async with browser(app) as other:
        await other.sign_in(other_county, "branch-secretary")
        assert "这里将显示您管理的党组织中正在办理的发展党员档案。" in (await other.open("/cases")).text
        assert (await other.open(f"/cases/{cases['林海']}")).status_code == 404


async def test_columns_are_chosen_and_exported_as_shown(
    organizer: Browser, county: Seeded, cases: dict[str, UUID]
) -> None:
    address = "?stage=activist&cols=name&cols=who&cols=membership"
    page = await organizer.open(f"/cases{address}")
    headings = page.text[page.text.index("<thead>") : page.text.index("</thead>")]
    assert re.findall(r"<th[^>]*>(?:<a [^>]+>)?([^<]+)<", headings) == ["状态", "姓名", "由谁办", "人员类别"]
    assert 'aria-sort="ascending"><a href="/cases?stage=activist' in headings
    ask = await organizer.open(f"/cases/export{address}")
    assert "将导出 2 件，栏目是姓名、由谁办、人员类别" in ask.text
    answer = await organizer.submit(f"/cases/export{address}")
    assert answer.status_code == 422
    answer = await organizer.submit(f"/cases/export{address}", purpose="核对备案")
    assert answer.status_code == 303
    assert await work(county, make_export)
    [made] = re.findall(r"/exports/[0-9a-f-]+/file", (await organizer.open("/exports")).text)
    sheet = load_workbook(io.BytesIO((await organizer.open(made)).content)).active
    assert isinstance(sheet, Worksheet)
    rows = list(sheet.iter_rows(values_only=True))
    assert rows == [
        ("姓名", "由谁办", "人员类别"),
        ("林海", "党委", "入党积极分子"),
        ("沙河", "支部", "入党申请人"),
    ]


async def test_a_secretary_exports_his_own_branch_with_dates_as_dates(
    secretary: Browser, county: Seeded, cases: dict[str, UUID]
) -> None:
    assert "导出这份名单" in (await secretary.open("/cases")).text
    await secretary.open("/cases/export")
    answer = await secretary.submit(
        "/cases/export?cols=name&cols=unit&cols=due&cols=started", purpose="支部会上通报"
    )
    assert answer.status_code == 303
    assert await work(county, make_export)
    [made] = re.findall(r"/exports/[0-9a-f-]+/file", (await secretary.open("/exports")).text)
    sheet = load_workbook(io.BytesIO((await secretary.open(made)).content)).active
    assert isinstance(sheet, Worksheet)
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert {row[1] for row in rows} == {"东街支部"}
    assert all(isinstance(row[3], datetime) for row in rows)
    assert any(isinstance(row[2], datetime) for row in rows)
    assert all(row[2] is None or isinstance(row[2], datetime) for row in rows)


async def test_who_may_not_export_is_told(app: Litestar, county: Seeded, cases: dict[str, UUID]) -> None:
    async with browser(app) as other:
        await other.sign_in(county, "branch-organizer")
        assert "导出这份名单" not in (await other.open("/cases")).text
        assert (await other.open("/cases/export")).status_code == 403


async def test_paging_goes_on_behind_the_last_line(app: Litestar, other_county: Seeded) -> None:
    async with county_session(other_county.id):
        for number in range(53):
            name = f"{'赵钱孙李周吴郑王冯陈'[number % 10]}{'一二三四五六'[number // 10]}"
            await opened(other_county, await applicant(other_county, name), date(2026, 10, 12))
    async with browser(app) as other:
        await other.sign_in(other_county, "department-organizer")
        seen: list[str] = []
        address = "/cases?sort=due"
        while address:
            page = await other.open(address)
            seen += names(page.text)
            more = re.search(r'rel="next" href="([^"]+)"', page.text)
            address = more[1].replace("&amp;", "&") if more else ""
        assert (len(seen), len(set(seen))) == (53, 53)
        assert (await other.open("/cases?after=oops")).status_code == 422


async def test_a_case_says_what_is_lacking_by_which_rule_and_what_comes_next(
    secretary: Browser, cases: dict[str, UUID]
) -> None:
    page = await secretary.open(f"/cases/{cases['马越']}")
    assert "还没有公示。请张贴后记录地点和渠道。" in page.text
    assert "《中国共产党发展党员工作细则（2026 年修订）》第十三条" in page.text
    assert f"/cases/{cases['马越']}/record/prospect-notice" in page.text
    assert "接下来：“发展对象公示”办结后可同时办理“确定入党介绍人”“政治审查”“短期集中培训”。" in page.text
    assert "基层党委同意" in page.text
    assert "王建国 记" in page.text


async def test_what_comes_next_says_when_at_the_earliest(secretary: Browser, county: Seeded) -> None:
    """Papers are lacking still, and the year of probation runs: the day after it is known."""
    async with county_session(county.id):
        case = await walked(county, "预备人", "oath")
    page = re.sub(r"</?b>", "", (await secretary.open(f"/cases/{case}")).text)
    assert "还缺材料：《预备党员教育考察登记表》。" in page
    assert "接下来：“预备期继续教育考察”办结后（最早 2027-07-16）可办理“提出转正申请”。" in page


async def test_another_level_s_step_has_no_button_but_a_name(
    secretary: Browser, cases: dict[str, UUID]
) -> None:
    page = await secretary.open(f"/cases/{cases['林海']}")
    [filing] = re.findall(r'id="s-activist-filing">.*?id="s-', page.text, re.DOTALL)
    assert "基层党委" in filing
    assert "/record/activist-filing" not in filing


async def test_a_running_notice_says_why_it_is_so_long(app: Litestar, other_county: Seeded) -> None:
    async with county_session(other_county.id):
        case = await walked(other_county, "尤勇", "prospect-consent")
        top = other_county.units["组织部"].id
        await apply(everything(), top, Adopt(plugin="yakeshi", since=date(2026, 11, 1)), date(2026, 10, 1))
        given = {"notice": {"places": ["workplace", "committee"]}}
        await do(other_county, case, "prospect-notice", date(2026, 11, 12), given)
    async with browser(app) as made:
        await made.sign_in(other_county, "branch-secretary")
        page = await made.open(f"/cases/{case}")
    assert "须至 <b>2026-11-27</b>（还有 6 天）" in page.text
    assert "为什么是 15 天？" in page.text
    assert "15 天，2026-11-27 满（最晚期满，按此执行）" in page.text
    assert "5 个工作日，2026-11-19 满" in page.text
    assert "<b>2026-11-28</b> 起可同时办理“确定入党介绍人”“政治审查”“短期集中培训”" in page.text
    assert "未核对" in page.text or "二手材料" in page.text or "由原文推断" in page.text


async def test_looking_at_a_case_is_written_down(
    secretary: Browser, county: Seeded, cases: dict[str, UUID]
) -> None:
    sql = "select count(*) from ledger_entry where verb = 'read.case' and by_id = $1"
    async with county_session(county.id):
        before = await current_session().fetchval(sql, county.accounts["branch-secretary"])
    await secretary.open(f"/cases/{cases['林海']}")
    async with county_session(county.id):
        assert await current_session().fetchval(sql, county.accounts["branch-secretary"]) == before + 1
