"""A year of organisation life in a real browser: a committee's own choice and a round of stars from its opening to an appeal; a
meeting that is three things; a plan whose places are taken; a supplement of the county's own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.browser.clerk import Clerk
from tests.browser.conftest import TODAY, Enter
from tests.browser.policy_pages import confirm, open_plugin, preview
from tests.browser.site import Site
from tests.browser.test_pages import assert_sound
from tests.browser.tour import see

TOWN, PLUGIN, SCHEME = "柳河镇委员会", "jinhua-2014", "党员五星管理"
BASIS = "柳河镇党委 2026 年第 12 次会议纪要"


@pytest.mark.trial
def test_a_committees_own_choice_and_a_round_of_stars(enter: Enter) -> None:
    """The committee adopts more than the county has, rates by it, is appealed against, and withdraws what it has chosen."""
    leader, organizer, secretary = (
        enter(role) for role in ("committee-secretary", "committee-organizer", "branch-secretary")
    )
    open_plugin(leader, TOWN, PLUGIN)
    effects = preview(leader, {"星级公布的天数": "3"}, BASIS)
    assert any("要求变化" in one.words for one in effects)
    confirm(leader)
    card = leader.page.locator(".policy-card", has=leader.page.locator(f'a[href*="/{PLUGIN}"]'))
    assert "在用" in card.inner_text()

    organizer.open("/ratings/open")
    organizer.page.get_by_label(SCHEME, exact=False).check()
    organizer.press("开展", within="main form[method=post]")
    assert "个党组织开展这一期评定" in organizer.text()

    somebody = open_somebody(secretary)
    act(secretary, somebody, "提出", day=TODAY - timedelta(days=9), grade="二星", items=True)
    assert "已提出建议" in secretary.text()
    act(leader, somebody, "评定", day=TODAY - timedelta(days=8), grade="二星", passed=True)
    act(leader, somebody, "公布", day=TODAY - timedelta(days=7), posted=True)
    assert "列入教育整转支部，限期整改" in leader.text()
    act(secretary, somebody, "提出申诉", day=TODAY - timedelta(days=5), note="进社区的次数记漏了")
    assert "有申诉待答复" in secretary.text()
    act(leader, somebody, "答复申诉", day=TODAY - timedelta(days=4), grade="三星", note="核实后补记")
    assert "第 2 次结果" in leader.text()
    assert "提请研究" not in leader.text(), "three stars propose nothing"

    withdraw(leader)
    leader.open("/policies/history")
    assert BASIS in leader.text()
    secretary.open(somebody)
    assert "三星" in secretary.text(), "a round that was opened is finished by the rules of its day"


def open_somebody(secretary: Clerk) -> str:
    """The address of the first of the branch who waits to be rated."""
    secretary.open("/ratings")
    secretary.press(SCHEME)
    secretary.page.locator("main .chips a", has_text="待评").click()
    secretary.page.wait_for_url("**standing=owed*")
    link = secretary.page.locator('main tbody a[href^="/ratings/people/"]').first.get_attribute("href")
    assert link is not None
    return link


def act(
    clerk: Clerk, somebody: str, words: str, *, day: object, grade: str = "", note: str = "",
    items: bool = False, passed: bool = False, posted: bool = False,
) -> None:  # fmt: skip
    """Go to him, choose what to record, fill in what is asked, record it."""
    clerk.open(somebody)
    clerk.press(words)
    clerk.page.fill("#f-day", str(day))
    if grade:
        clerk.page.locator("#f-grade label", has_text=grade).click()
    if items:
        for box in clerk.page.locator('input[name="items"]').all():
            box.check()
    if passed:
        clerk.page.select_option('[name="review.committee.conclusion"]', "pass")
    if posted:
        clerk.page.check('input[name="done:notice"]')
    if note:
        clerk.page.fill("#f-note", note)
    answer = clerk.press("记录", within="main form.sheet")
    assert answer is not None
    assert answer.status == 200, clerk.text()


def withdraw(leader: Clerk) -> None:
    """The committee ends what it has chosen, from tomorrow on."""
    open_plugin(leader, TOWN, PLUGIN)
    leader.page.get_by_label("停用", exact=True).check()
    leader.page.fill("#f-day", str(TODAY + timedelta(days=1)))
    preview(leader, {}, "柳河镇党委 2026 年第 13 次会议纪要")
    confirm(leader)


@pytest.mark.trial
def test_one_meeting_serves_three_duties(site: Site, enter: Enter) -> None:
    """The year's first meeting of all members was the monthly party day and the yearly life meeting, too: each duty takes it."""
    secretary = enter("branch-secretary")
    site.today = date(TODAY.year + 1, 1, 5)
    secretary.open(f"/cases/meeting?kind=branch-meeting&day={site.today}")
    secretary.page.locator("summary", has_text="这次同时还是别的会议或活动").click()
    for title in ("主题党日", "组织生活会"):
        secretary.page.get_by_label(title, exact=True).check()
    secretary.page.fill('[name="place"]', "会议室")
    secretary.page.fill('[name="chair"]', "李桂兰")
    secretary.page.fill('[name="hours"]', "1.5")
    secretary.page.locator('main [name="rest"]').check()
    secretary.press("记录会议", within="main form.sheet")
    meeting = secretary.path
    assert meeting.startswith("/activities/"), secretary.text()
    assert_sound(see(secretary, "/activities/{activity_id:uuid}", 200))
    assert "同时是" in secretary.text()
    secretary.open("/duties")
    secretary.page.locator("main a[href^='/duties/']").first.click()
    secretary.page.wait_for_url("**/duties/*")
    rows = secretary.page.locator(f'main tr:has(a[href="{meeting}"]) th').all_inner_texts()
    served = {title for title in ("党员大会", "主题党日", "组织生活会") if any(title in one for one in rows)}
    assert len(served) == 3, rows


@pytest.mark.trial
def test_a_plan_is_filed_and_its_places_are_taken(enter: Enter) -> None:
    """The committee has one place and names two, then one; the department approves it, and no place is left."""
    committee, organizer = enter("committee-secretary"), enter("department-organizer")
    committee.open("/plans/draw")
    committee.choose_unit(TOWN.removesuffix("委员会"))
    committee.press("选定")
    page = committee.page
    page.select_option('main form[method=post] [name="year"]', str(TODAY.year + 1))
    page.fill('[name="total"]', "1")
    if page.locator('[name="guidance"]').count():
        page.fill('[name="guidance"]', "县委组织部 2027 年发展党员工作指导意见")
    people = page.locator('[name="cases"]')
    for one in (0, 1):
        people.nth(one).check()
    committee.press("保存", within="main form[method=post]")
    assert "选了 2 人，超过计划数 1" in committee.text()
    people.nth(1).uncheck()
    committee.press("保存", within="main form[method=post]")
    plan = committee.path
    assert_sound(see(committee, "/plans/{plan_id:uuid}", 200))
    committee.press("报批")
    committee.page.fill("#f-day", str(TODAY))
    committee.press("报批", within="main form")
    assert "1 人（还没有批准）" in committee.text()
    organizer.open(plan)
    organizer.press("批准")
    organizer.page.fill("#f-day", str(TODAY))
    if organizer.page.locator("#f-paper").count():
        organizer.page.fill("#f-paper", "组字〔2026〕31 号")
    organizer.press("批准", within="main form")
    assert "列入 1 人，其中已成为党员 0 人；还可列入 0 人" in organizer.text()


@pytest.mark.trial
def test_a_county_writes_a_rule_of_its_own(enter: Enter) -> None:
    """Put together from the list, refused while it says nothing, saved, looked at, in force, and read by those below."""
    admin = enter("department-admin")
    admin.open("/policies/supplement")
    admin.page.select_option("#f-step", "admission/prospect-notice")
    admin.page.select_option("#f-facet", "notice")
    admin.press("填这项要求")
    admin.press("加进文本")
    assert "没有写要求什么" in admin.text()
    for name, value in (
        ("p-days", "20"), ("rule-title", "公示二十天"), ("source", "青委办〔2026〕7 号"), ("year", "2026"), ("clause", "第三条"),
    ):  # fmt: skip
        admin.page.fill(f'[name="{name}"]', value)
    admin.press("加进文本")
    assert_sound(see(admin, "/policies/supplement", 200))
    assert "已加进文本，还没有保存" in admin.text()
    admin.page.fill("#f-note", "县委常委会会议纪要")
    admin.press("保存为新的一稿")
    admin.press("看影响、启用")
    effects = preview(admin, {}, "县委常委会会议纪要")
    assert any("要求变化" in one.words for one in effects)
    confirm(admin)
    secretary = enter("branch-secretary")
    secretary.open("/policies/effective")
    assert "公示二十天" in secretary.page.content()
    assert "青委办〔2026〕7 号" in secretary.page.content()
