"""工作台: what waits for each level, deadlines, events, this week; the county at a glance for the department."""

from __future__ import annotations

import re
from datetime import date

import pytest
from litestar import Litestar

from tenants.database.session import county_session
from tests.web.cases.seed import applicant, do, opened, walked
from tests.web.conftest import Browser, Seeded, browser


@pytest.fixture(scope="module")
async def work(county: Seeded) -> None:
    """One case late, one at the committee, one waiting."""
    async with county_session(county.id):
        await opened(county, await applicant(county, "迟到"), date(2026, 10, 12))
        await opened(county, await applicant(county, "将到"), date(2026, 10, 25))
        await walked(county, "等党委", "mentor-appointment")
        waiting = await walked(county, "等公示", "prospect-consent", "上河支部")
        await do(county, waiting, "prospect-notice", date(2026, 11, 18))


def listed(html: str, heading: str) -> list[str]:
    """The names in one of the lists."""
    [part] = re.findall(rf"<h2>{heading}</h2>.*?</section>", html, re.DOTALL)
    return re.findall(r'<a href="/cases/[0-9a-f-]{36}">([^<]+)</a>', part)


async def test_a_branch_secretary_sees_what_is_his(secretary: Browser, work: None) -> None:
    page = await secretary.open("/")
    assert page.status_code == 200
    assert listed(page.text, "该我办的") == ["迟到", "将到"]
    assert listed(page.text, "快到期与已逾期") == ["迟到", "将到"]
    assert "等党委" in listed(page.text, "最近发生")
    assert '<a class="more" href="/cases?waits=branch&amp;sort=due">共 2 件</a>' in page.text
    assert "2026-11-12<br>已过 9 天" in page.text
    assert listed(page.text, "本周日期") == ["将到"]
    assert "全县正在办理" not in page.text


async def test_a_committee_sees_what_waits_for_it(app: Litestar, county: Seeded, work: None) -> None:
    async with browser(app) as made:
        await made.sign_in(county, "committee-organizer")
        page = await made.open("/")
    assert listed(page.text, "该我办的") == ["等党委"]


async def test_the_department_sees_the_county(organizer: Browser, county: Seeded, work: None) -> None:
    page = await organizer.open("/")
    assert listed(page.text, "该我办的") == []
    assert "现在没有等您办的事。" in page.text
    assert listed(page.text, "本周日期") == ["等公示", "将到"]
    assert "发展对象公示期满" in page.text
    assert '<a href="/cases?stage=application">2</a>' in page.text
    committee = county.units["城关镇党委"].id
    assert f'<a href="/cases?unit={committee}">3</a>' in page.text
    assert f'<a class="late" href="/cases?unit={committee}&amp;due=overdue">1</a>' in page.text


async def test_an_empty_county_says_how_to_begin(app: Litestar, other_county: Seeded) -> None:
    async with browser(app) as made:
        await made.sign_in(other_county, "branch-secretary")
        page = await made.open("/")
    assert "没有已逾期的，七天之内也没有到期的。" in page.text
    assert "这里将显示您管理的党组织中最近办理的事。" in page.text
    assert "七天之内没有期满或到期的事。" in page.text


async def test_the_counts_lead_to_as_many_lines(organizer: Browser, work: None) -> None:
    page = await organizer.open("/")
    for address, count in re.findall(
        r'<td class="num"><a href="(/cases\?stage=[^"]+)">([1-9]\d*)</a>', page.text
    ):
        found = await organizer.open(address)
        assert f"共 {count} 件" in found.text
