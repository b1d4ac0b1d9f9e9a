"""A clerk's morning in a real browser: from sign-in to today's meeting recorded for four people, its date put right,
the papers printed; pages and fields counted."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.inside import inside
from tenants.database.session import county_session
from tests.browser.conftest import TODAY, aside
from tests.browser.shots import sign_in, window
from tests.browser.site import Site
from tests.web.cases.meeting.seed import PEOPLE, branch
from tests.web.conftest import PASSWORD, seed

pytestmark = [pytest.mark.browser, pytest.mark.servers]

MOST_PAGES = 12
"""From sign-in to the printed papers."""


class Seen(NamedTuple):
    """A server with a county, and the cases of the four by name."""

    base: str
    cases: dict[str, UUID]


async def _seed() -> dict[str, UUID]:
    async with inside():
        made = await seed("xihe", "西河县", TODAY.replace(month=1, day=1))
        async with county_session(made.id):
            return await branch(made)


@pytest.fixture(scope="module")
def seen(site: Site) -> Seen:
    """The address of the server, which has one county more."""
    cases = aside(_seed())
    site.today = TODAY
    return Seen(site.base, cases)


class Counting:
    """What a clerk fills in on a page: how many fields, and whether one is asked twice."""

    def __init__(self, page: Page) -> None:
        self.page, self.pages, self.fields = page, list[str](), list[str]()
        page.on(
            "framenavigated", lambda frame: self.pages.append(frame.url) if frame == page.main_frame else None
        )

    def fill(self, name: str, value: str) -> None:
        self.fields.append(name)
        self.page.fill(f'main form.sheet [name="{name}"]', value)

    def tick(self, name: str, value: str = "1") -> None:
        self.fields.append(f"{name}={value}")
        self.page.check(f'main form.sheet [name="{name}"][value="{value}"]')


def test_a_morning_with_a_mistyped_date_and_four_people_one_failing(seen: Seen, chrome: Browser) -> None:
    context = window(chrome, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    clerk = Counting(page)
    sign_in(page, seen.base, "xihe", "branch-secretary", PASSWORD)
    page.click('main a:has-text("记录会议")')
    page.fill('main form.bar [name="day"]', str(TODAY - timedelta(days=2)))  # the mistake
    page.click('main button:has-text("换成这一次会议")')
    clerk.fill("place", "会议室")
    clerk.fill("chair", "李桂兰")
    roll = page.locator("main fieldset[id^='f-roll:'] legend").all_inner_texts()
    assert roll == ["党二", "党六", "党三", "党四", "党五", "党一"], "by pinyin"
    away = page.locator("main fieldset", has=page.locator("legend", has_text="党六"))
    away.get_by_label("缺席", exact=True).check()
    away.locator("input.short").fill("出差")
    clerk.fields += ["away", "why"]
    clerk.tick("rest")
    for name in ("vote.secret", "vote.one_by_one"):
        clerk.tick(name)
    for name, (in_favour, against) in zip(PEOPLE, ((5, 0), (4, 1), (2, 3), (5, 0)), strict=True):
        at = f"p:{seen.cases[name]}:"
        clerk.tick(f"{at}taken")
        clerk.fill(f"{at}vote.for", str(in_favour))
        clerk.fill(f"{at}vote.against", str(against))
        for who in ("applicant", "sponsors"):
            clerk.tick(f"{at}vote.presence", who)
    sums = page.locator(f'[id="p:{seen.cases["会丙"]}:"] .reckoning')
    expect(sums).to_contain_text("实到 5 ＞ 应到 6 的一半 ✓")  # reckoned from the roll
    expect(sums).to_contain_text("赞成 2 ＜ 应到 6 的一半 ✗")
    page.click('main form.sheet button:has-text("记录会议")')
    page.wait_for_url("**/activities/*")
    text = page.inner_text("main")
    assert all(name in text for name in PEOPLE)
    assert "出差" in text
    page.click('main a:has-text("更正或撤销")')
    clerk.fill("day", str(TODAY))
    clerk.tick("acts")
    clerk.fill("reason", "日期填错了")
    page.click('main button:has-text("看更正会改变什么")')
    expect(page.locator("#changes")).to_contain_text("会丙的“支部大会讨论接收预备党员”记录一起更正")
    page.click('main button:has-text("确认更正")')
    page.wait_for_url("**/activities/*")
    expect(page.locator("main")).to_contain_text("日期填错了")
    with page.expect_download() as printed:
        page.get_by_role("link", name="打印各人的文书").click()
    with zipfile.ZipFile(printed.value.path()) as papers:
        assert {name.partition("-")[0] for name in papers.namelist()} == {*PEOPLE}
    pages = [one for one in clerk.pages if one.startswith("http")]
    assert len(set(clerk.fields)) == len(clerk.fields)  # no field asked twice
    assert len(pages) <= MOST_PAGES, pages
    print(f"{len(pages)} pages, {len(clerk.fields)} fields")
    page.goto(f"{seen.base}/cases/{seen.cases['会丙']}")
    assert "没有通过" in page.inner_text("main")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{seen.base}/cases/meeting")
    assert page.evaluate("document.documentElement.scrollWidth <= 360")
