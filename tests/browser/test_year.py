"""A committee's own choice, and what follows from it: a round of stars from its opening to an appeal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser.clerk import Clerk
from tests.browser.conftest import TODAY, Enter
from tests.browser.policy_pages import confirm, open_plugin, preview

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
