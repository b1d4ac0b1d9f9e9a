"""工作台: what waits for each level with its button, numbers beside it, this week; the table of who oversees others."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest
from litestar import Litestar
from openpyxl import load_workbook

from tenants.database.session import county_session
from tenants.exports.make import make_export
from tests.web.cases.seed import applicant, do, opened, walked
from tests.web.conftest import Browser, Seeded, browser
from tests.web.working import work as worked

BUTTON = re.compile(r'<a class="button" href="([^"]+)">([^<]+)</a>')


@pytest.fixture(scope="module")
async def work(county: Seeded) -> None:
    """One case late, one at the committee, one waiting."""
    async with county_session(county.id):
        await opened(county, await applicant(county, "迟到"), date(2026, 10, 12))
        await opened(county, await applicant(county, "将到"), date(2026, 10, 25))
        await walked(county, "等党委", "mentor-appointment")
        waiting = await walked(county, "等公示", "prospect-consent", "上河支部")
        await do(county, waiting, "prospect-notice", date(2026, 11, 18))


@asynccontextmanager
async def signed_in(app: Litestar, county: Seeded, role: str) -> AsyncIterator[Browser]:
    """Somebody of a role."""
    async with browser(app) as made:
        await made.sign_in(county, role)
        yield made


def tasks(html: str) -> dict[str, list[str]]:
    """Group → names, in order."""
    parts = re.split(r'<div class="group-head"><h3>([^<]+)</h3>', html.split('<section class="beside">')[0])[
        1:
    ]
    return {
        title: re.findall(r'<a href="/cases/[0-9a-f-]{36}">([^<]+)</a>', part)
        for title, part in zip(parts[::2], parts[1::2], strict=True)
    }


def folded(html: str, heading: str) -> list[str]:
    """The names in a fold beside the tasks."""
    [part] = re.findall(rf"<summary>{heading}.*?</details>", html, re.DOTALL)
    return re.findall(r'<a href="/cases/[0-9a-f-]{36}">([^<]+)</a>', part)


async def test_a_branch_secretary_sees_what_is_his(secretary: Browser, work: None) -> None:
    page = await secretary.open("/")
    assert page.status_code == 200
    assert tasks(page.text) == {"逾期": ["迟到"], "其他": ["将到"]}
    assert "等党委" in folded(page.text, "最近发生")
    assert "2026-11-12<br>已过 9 天" in page.text
    assert folded(page.text, "七天内的日期") == ["将到"]
    assert '<b class="late">1</b> 件已经逾期' in page.text
    assert "所属党组织" not in page.text


async def test_a_committee_sees_what_waits_for_it(app: Litestar, county: Seeded, work: None) -> None:
    async with signed_in(app, county, "committee-organizer") as made:
        page = await made.open("/")
    assert tasks(page.text) == {"其他": ["等党委"]}
    said = re.findall(r"<div>([^<]+)</div>\s*<div class=\"quiet small\">([^<]+)</div>", page.text)
    assert said == [("报上级党委备案", "材料不齐、尚未备案")], (
        "of the step that is the committee's, none of the branch's"
    )


@pytest.mark.parametrize(
    "role", ["branch-secretary", "branch-organizer", "committee-organizer", "committee-secretary"]
)
async def test_every_task_has_a_button_that_opens_and_nothing_else_does(
    app: Litestar, county: Seeded, work: None, role: str
) -> None:
    """The list and the pages of the cases agree: whose turn it is is one rule."""
    async with signed_in(app, county, role) as made:
        page = (await made.open("/")).text
        mine = re.findall(
            r'<li class="is-\w+">.*?</li>', page.split('<section class="beside">')[0], re.DOTALL
        )
        for line in mine:
            buttons = BUTTON.findall(line)
            assert buttons, line
            for href, _ in buttons:
                assert (await made.open(href)).status_code == 200, href
        named = {one for each in tasks(page).values() for one in each}
        cases = dict(
            re.findall(r'<a href="(/cases/[0-9a-f-]{36})">([^<]+)</a>', (await made.open("/cases")).text)
        )
        for href, name in cases.items():
            case = (await made.open(href)).text
            assert (f'href="{href}/record' in case and "记录…" in case) == (name in named), name


async def test_the_rail_counts(secretary: Browser, organizer: Browser, work: None) -> None:
    for path in ("/", "/cases", "/people"):
        assert 'title="有 2 件事等您办">2</span>' in (await secretary.open(path)).text
    assert "件事等您办" not in (await organizer.open("/cases")).text


async def test_the_department_sees_its_committees(organizer: Browser, county: Seeded, work: None) -> None:
    page = await organizer.open("/")
    assert tasks(page.text) == {}
    assert "现在没有等您办的事。" in page.text
    assert folded(page.text, "七天内的日期") == ["等公示", "将到"]
    assert "发展对象公示期满" in page.text
    assert '<a href="/cases?stage=application">2</a>' in page.text
    committee = county.units["城关镇党委"].id
    assert f'<a href="/cases?unit={committee}">3</a>' in page.text
    assert f'<a class="late" href="/cases?unit={committee}&amp;due=overdue">1</a>' in page.text


def rows(html: str) -> list[str]:
    """The organisations in the table, in order."""
    [table] = re.findall(r'<table class="matrix">.*?</table>', html, re.DOTALL)
    return re.findall(r'<th><a href="/cases[^"]*">([^<]+)</a></th>', table)


async def test_the_table_is_sorted_as_asked(organizer: Browser, work: None) -> None:
    tree = rows((await organizer.open("/")).text)
    assert tree.index("河西乡党委") < tree.index("城关镇党委") or len(tree) >= 2
    by_stage = (await organizer.open("/?sort=stage-prospect")).text
    assert rows(by_stage)[0] == "河西乡党委"
    assert 'aria-sort="descending"' in by_stage
    assert rows((await organizer.open("/?sort=cases")).text)[0] == "城关镇党委"


async def test_a_committee_sees_its_branches(app: Litestar, county: Seeded, work: None) -> None:
    async with signed_in(app, county, "committee-secretary") as made:
        found = rows((await made.open("/")).text)
    assert "东街支部" in found
    assert "上河支部" not in found


async def test_the_table_goes_out_as_a_workbook(organizer: Browser, county: Seeded, work: None) -> None:
    """Line for line in the order in which it is shown."""
    shown = rows((await organizer.open("/?sort=cases")).text)
    answer = await organizer.submit("/below/export?sort=cases")
    assert (answer.status_code, answer.headers["location"]) == (303, "/exports")
    assert "各单位办理情况" in (await organizer.open("/exports")).text
    assert await worked(county, make_export)
    [at] = re.findall(r"/exports/[0-9a-f-]+/file", (await organizer.open("/exports")).text)
    sheet = load_workbook(io.BytesIO((await organizer.open(at)).content)).worksheets[0]
    heads, *lines = sheet.iter_rows(values_only=True)
    assert heads[:2] + heads[-3:] == ("党组织", "类别", "合计", "已逾期", "停滞")
    assert [line[0] for line in lines] == shown
    assert all(line[-3] == sum(int(str(one)) for one in line[2:-3]) for line in lines)
    assert [line[-2] for line in lines if line[0] == "城关镇党委"] == [1]
    assert (await organizer.submit("/below/export?sort=colour")).status_code == 422


async def test_an_empty_county_says_how_to_begin(app: Litestar, other_county: Seeded) -> None:
    async with signed_in(app, other_county, "branch-secretary") as made:
        page = await made.open("/")
    assert "现在没有等您办的事。" in page.text
    assert "这里将显示您管理的党组织中最近办理的事。" in page.text
    assert "七天之内没有期满或到期的事。" in page.text


async def test_the_counts_lead_to_as_many_lines(organizer: Browser, work: None) -> None:
    page = await organizer.open("/")
    counts = re.findall(
        r'<td class="num"><a (?:class="late" )?href="(/cases\?[^"]+)">([1-9]\d*)</a>', page.text
    )
    counts += [
        (href, n)
        for href, n in re.findall(r'<li><a href="(/cases[^"]*)"><b class="\w*">(\d+)</b>', page.text)
    ]
    assert len(counts) > 8
    for address, count in counts:
        found = await organizer.open(address.replace("&amp;", "&"))
        assert f"共 {count} 件" in found.text or (count == "0" and "共" not in found.text), address


async def test_a_month_shows_its_dates_day_by_day(secretary: Browser, organizer: Browser, work: None) -> None:
    """Who sees few finds the people in the calendar, and all of a day below it; a month without any says so."""
    page = (await secretary.open("/month?month=2026-11")).text
    assert "<h1>2026 年 11 月到期和期满的日期</h1>" in page
    assert re.search(
        r'<td class=" late">\s*<div class="number">12</div>\s*<div class="small"><a [^>]+>迟到</a>', page
    )
    assert '<td class="other"></td>' in page  # the 1st is a Sunday
    assert "等公示" not in page  # another branch's
    day = (await organizer.open("/month?day=2026-11-25")).text
    assert "<h2>2026-11-25</h2>" in day
    assert "将到" in day[day.index('id="day"') :]
    assert "这个月没有到期、期满的日期" in (await secretary.open("/month?month=2031-02")).text
    for asked, why in (
        ("month=0000-13", "不是一个日期"),
        ("month=2026-1", "“2026-1”不是一个月份"),
        ("day=x", "“x”不是一个日期"),
    ):
        answer = await secretary.open(f"/month?{asked}")
        assert (answer.status_code, why in answer.text) == (422, True), asked


async def test_a_full_day_names_the_first_and_leads_to_all_of_it(
    organizer: Browser, work: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many dates in a month nobody is named; of a day the first, and how many there are; a day too long says so."""
    whole = (await organizer.open("/month?month=2026-11")).text
    [total] = re.findall(r"共 (\d+) 件</div>", whole)
    counted = {day: whole.count(f'<div class="number">{day}</div>') for day in (12, 25)}
    assert counted == {12: 1, 25: 1}
    monkeypatch.setattr("web.workbench.month.OF_A_DAY", 0)
    bare = (await organizer.open("/month?month=2026-11")).text
    links = dict(re.findall(r'href="/month\?day=([0-9-]+)#day">共? ?(\d+) 件</a>', bare))
    assert sum(map(int, links.values())) == int(total)
    assert "/cases/" not in bare.split('<table class="month">')[1].split("</table>")[0]
    for day, count in links.items():
        page = (await organizer.open(f"/month?day={day}")).text
        assert f"<h2>{day}</h2>" in page
        assert page.split('id="day"')[1].count('<a href="/cases/') == int(count)
        assert "先列出" not in page
    monkeypatch.setattr("web.workbench.month.MOST", 0)
    long = (await organizer.open(f"/month?day={next(iter(links))}")).text
    assert "先列出 0 件" in long
    monkeypatch.setattr("web.workbench.month.OF_A_DAY", 3)
    monkeypatch.setattr("web.workbench.month.NAMED", 0)
    many = (await organizer.open("/month?month=2026-11")).text
    assert dict(re.findall(r'href="/month\?day=([0-9-]+)#day">(\d+) 件</a>', many)) == links
    for at, href in (
        ("2026-12", ("/month?month=2026-11", "/month?month=2027-01")),
        ("2026-01", ("/month?month=2025-12", "/month?month=2026-02")),
    ):
        page = (await organizer.open(f"/month?month={at}")).text
        assert [one in page for one in href] == [True, True], at
    nothing = (await organizer.open("/month?day=2031-02-03")).text
    assert "这一天没有到期、期满的事。" in nothing
