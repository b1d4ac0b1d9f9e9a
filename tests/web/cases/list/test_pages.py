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

from core.casework.lists.cases import cases as listed_cases
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


NARROWED = {
    "q=林": ("查找", "林"),
    "step=prospect-notice": ("环节", "发展对象公示"),
    "state=open": ("状态", "可以办理"),
    "reason=talk.missing": ("原因", "尚未谈话"),
    "waits=committee": ("由谁办", "基层党委"),
    "due=overdue": ("期限", "已经逾期"),
    "until=week": ("等待", "7 天内期满"),
    "stuck=stuck": ("进展", "停滞：未通过，或者轮到人办而 60 天没有新记录"),
    "unit=@": ("党组织", "河西乡上河支部"),
    "membership=activist": ("人员类别", "入党积极分子"),
}
"""What the address asks for → what the line above the list calls it: in words, each of them."""


async def test_what_a_list_is_narrowed_to_is_said_in_words_and_taken_off_one_by_one(
    organizer: Browser, county: Seeded, cases: dict[str, UUID]
) -> None:
    unit = str(county.units["上河支部"].id)
    for asked, (title, word) in NARROWED.items():
        asked = asked.replace("@", unit)
        name = asked.partition("=")[0]
        page = (await organizer.open(f"/cases?{asked}&status=completed")).text
        line = page.split('<p class="narrowed">')[1].split("</p>")[0]
        [(href, said)] = re.findall(r'<a class="tag" href="([^"]+)"[^>]*>([^<]+)</a>', line)
        assert said.split() == [title, *word.split(), "×"], asked
        assert href == "/cases?status=completed", "the rest stays"
        assert 'href="/cases">全部去掉' in line
        assert ('<details class="fold more-filters" open>' in page) == (
            name not in ("q", "due", "unit", "membership")
        )
        if name == "membership":
            assert 'name="membership" value="activist"' in page, "a search within goes on with it"
    both = (await organizer.open(f"/cases?due=overdue&unit={unit}&stage=application")).text
    line = both.split('<p class="narrowed">')[1].split("</p>")[0]
    assert [one.count("stage=application") for one in re.findall(r'class="tag" href="([^"]+)"', line)] == [
        1,
        1,
    ]
    assert '<p class="narrowed">' not in (await organizer.open("/cases?stage=activist")).text, (
        "the chips say it"
    )


async def test_filters_hold_together_over_pages_and_the_api_lists_the_same(
    organizer: Browser, county: Seeded, cases: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.casework.lists.cases.cases.__kwdefaults__", _one_by_one())
    west = county.units["河西乡党委"].id
    for asked in (
        "", "stage=activist", "stage=activist&sort=started", "due=overdue&sort=due", f"unit={west}&stage=activist",
        "waits=committee&stage=activist", "q=h&stage=activist", "membership=activist", "state=open&sort=due", "stuck=stuck",
    ):  # fmt: skip
        seen: list[str] = []
        link = f"/cases?{asked}"
        while link:
            page = (await organizer.open(link)).text
            seen += names(page)
            more = re.search(r'rel="next" href="([^"]+)"', page)
            link = more[1].replace("&amp;", "&") if more else ""
            assert all(part in link for part in asked.split("&")) or not link, asked
        told: list[str] = []
        after = ""
        while True:
            answer = (await organizer.get(f"/api/v1/cases?{asked}{after}")).json()
            told += [one["person_name"] for one in answer["items"]]
            if not answer["next"]:
                break
            after = f"&after={answer['next']}"
        assert seen == told, asked
        counted = re.search(r"共 ([0-9,]+) 件", page)
        assert (int(counted[1]) if counted else 0) == len(seen), asked
        ask = (await organizer.open(f"/cases/export?{asked}")).text
        assert f"将导出 {len(seen)} 件" in ask or not seen, asked


def _one_by_one() -> dict[str, object]:
    return {**(listed_cases.__kwdefaults__ or {}), "limit": 1}


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("status=done", 422, "可以写：running、completed、closed"), ("due=tomorrow", 422, "可以写：overdue、week、month"),
        ("until=overdue", 422, "可以写：week、month"), ("stuck=yes", 422, "可以写：stuck"),
        ("sort=age", 422, "可以写：name、due、started"),
        ("procedure=no-such", 404, ""), ("unit=no-such", 404, ""), ("cols=secret", 200, "姓名"),
        ("stage=no-such", 200, "没有符合这些条件"),
        ("step=no-such", 200, "没有符合这些条件"), ("colour=red", 400, ""),
    ],
)  # fmt: skip
async def test_what_cannot_be_chosen_is_refused_and_a_word_of_no_policy_finds_nothing(
    organizer: Browser, cases: dict[str, UUID], asked: str, status: int, said: str
) -> None:
    answer = await organizer.open(f"/cases?{asked}")
    assert answer.status_code == status or (status == 400 and answer.status_code == 422), answer.status_code
    assert said in answer.text


async def test_the_list_offers_what_each_may_begin(
    app: Litestar, county: Seeded, cases: dict[str, UUID]
) -> None:
    """受理, 接续纸质档案, 打印, 导出: by role; and where nothing is found nothing is offered to be done with it."""
    offers = {
        "branch-secretary": (True, True, True), "branch-organizer": (True, False, True),
        "committee-organizer": (False, True, True),
        "department-organizer": (False, True, True), "department-admin": (False, True, False),
        "inspector": (False, False, False),
    }  # fmt: skip
    found = {}
    for role in offers:
        async with browser(app) as made:
            await made.sign_in(county, role)
            page = (await made.open("/cases")).text
            found[role] = tuple(f'href="/cases/{where}' in page for where in ("new", "export", "papers"))
            empty = (await made.open("/cases?q=zzz")).text
            assert 'href="/cases/export' not in empty
            assert 'href="/cases/papers' not in empty
    assert found == offers
