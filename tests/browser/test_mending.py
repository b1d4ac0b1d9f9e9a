"""A mistake is put right, a case sent back and ended in a real browser, as the branch whose case it is and the levels above."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.browser.clerk import Clerk
from tests.browser.conftest import TODAY, Enter
from tests.browser.site import Site
from tests.browser.test_pages import assert_sound
from tests.browser.tour import see


def a_case(clerk: Clerk) -> tuple[str, list[dict[str, Any]]]:
    """A running case of no member whose newest entry is the branch's only record of a step; its entries."""
    listed = clerk.page.request.get(f"{clerk.site.base}/api/v1/cases?status=running").json()["items"]
    for line in listed:
        found = clerk.page.request.get(f"{clerk.site.base}/api/v1/cases/{line['id']}").json()
        records = [one for one in found["entries"] if one["kind"] == "record" and one["level"] == "branch"]
        newest = found["entries"][-1]
        alone = sum(one["step"] == newest["step"] for one in found["entries"]) == 1
        if (
            found["membership"] in ("activist", "prospect")
            and newest in records
            and alone
            and len(records) > 2
        ):
            return f"/cases/{line['id']}", found["entries"]
    raise AssertionError("the demo has no case that a branch has recorded last")


def correct(clerk: Clerk, case: str, entry: dict[str, Any]) -> str:
    """A day earlier, for a reason; what the page says of the consequences, once it has been pressed."""
    clerk.open(f"{case}/history")
    clerk.page.click(f'a[href="{case}/entries/{entry["id"]}/correct"]')
    earlier = date.fromisoformat(entry["day"]) - timedelta(days=1)
    clerk.page.fill("#f-day", earlier.isoformat())
    clerk.page.fill("#f-reason", "会议记录上的日期早一天")
    clerk.press("看更正会改变什么")
    assert clerk.page.input_value("#f-day") == earlier.isoformat()
    return clerk.page.inner_text("#changes")


def test_a_false_date_is_put_right_before_and_after_a_later_step(site: Site, enter: Enter) -> None:
    clerk = enter("branch-secretary")
    case, entries = a_case(clerk)
    assert "按这样更正" in correct(clerk, case, entries[-1])
    assert_sound(see(clerk, "/correct", 200))
    clerk.press("确认更正")
    assert clerk.path == f"{case}/history"
    assert "已更正，以更正后的为准" in clerk.text()
    before = next(
        one for one in entries if one["kind"] == "record" and one["level"] == "branch" and one["step"]
    )
    second = next(
        one for one in entries[1:] if one["kind"] == "record" and one["level"] == "branch" and one != before
    )
    said = correct(clerk, case, second)
    assert "须由" in said
    assert "同意以后才生效" in said
    clerk.press("同意更正")
    assert "等待答复" in clerk.text()
    clerk.open(case)
    assert "请求更正" in clerk.text()
    above = enter("committee-secretary")
    name = clerk.page.inner_text("h1").split()[0]
    above.press(name, within="main li:has-text('更正')")
    above.open(above.page.locator("main a[href*='/requests/']").first.get_attribute("href") or "")
    above.page.check('input[name="answer"][value="granted"]')
    above.press("答复")
    clerk.open(f"{case}/history")
    earlier = date.fromisoformat(second["day"]) - timedelta(days=1)
    assert f"办理日期 {earlier}" in clerk.text()


def test_what_is_sent_back_stands_on_top_with_who_when_and_why(site: Site, enter: Enter) -> None:
    above, clerk = enter("committee-secretary"), enter("branch-secretary")
    listed = clerk.page.request.get(f"{site.base}/api/v1/cases?step=branch-review").json()
    case = f"/cases/{listed['items'][0]['id']}"
    above.open(f"{case}/return")
    above.page.check('input[value="prospect-notice"]')
    above.page.fill("#f-day", str(TODAY))
    above.page.fill("#f-reason", "培养联系人的意见没有听取，请补听后重新确定")
    above.press("退回", within="form.form")
    clerk.open("/")
    tasks = clerk.text()
    assert tasks.index("被退回") < tasks.index("培养联系人的意见没有听取")
    clerk.open(case)
    assert_sound(see(clerk, case, 200))
    top = clerk.page.inner_text("main").split("接下来")[0]
    for said in (above.name.split()[0], str(TODAY), "培养联系人的意见没有听取，请补听后重新确定"):
        assert said in top


def test_a_case_is_ended_and_taken_up_again(site: Site, enter: Enter) -> None:
    clerk = enter("branch-secretary")
    case, _ = a_case(clerk)
    clerk.open(case)
    clerk.page.locator(".menu > summary").click()
    clerk.press("终止…")
    assert_sound(see(clerk, "/end", 200))
    clerk.page.check('input[value="withdrawn"]')
    clerk.page.fill("#f-note", "本人书面提出撤回申请")
    clerk.press("终止")
    assert clerk.path == case
    assert "终止：本人撤回申请" in clerk.text()
    clerk.press("恢复办理…")
    clerk.page.fill("#f-note", "本人书面提出继续")
    clerk.press("恢复办理")
    assert clerk.path == case
    assert "已经恢复办理" in clerk.text()
    assert "终止：" not in clerk.text()


@pytest.mark.trial
def test_a_case_ends_for_each_reason_by_who_decides_it(site: Site, enter: Enter) -> None:
    """And is taken up again by the same level; who has died is not."""
    branch, committee, department = map(
        enter, ("branch-secretary", "committee-secretary", "department-organizer")
    )
    case, _ = a_case(branch)
    said = {
        "withdrawn": ("本人撤回申请", branch), "moved-away": ("本人已离开本地", branch),
        "not-suitable": ("经研究不再作为培养发展对象", committee),
        "transferred": ("组织关系转往县外", department), "registered-in-error": ("登记错误", department),
        "died": ("本人去世", branch),
    }  # fmt: skip
    for reason, (title, clerk) in said.items():
        clerk.open(f"{case}/end")
        assert_sound(see(clerk, "/end", 200))
        offered = clerk.page.locator('input[name="reason"]').evaluate_all("all => all.map(one => one.value)")
        assert {*offered} == {one for one, (_, whose) in said.items() if whose is clerk}
        clerk.page.check(f'input[value="{reason}"]')
        clerk.page.fill("#f-note", "凭本人书面材料和支委会记录")
        clerk.press("终止", within="form.form")
        assert clerk.path == case, clerk.text()
        assert f"终止：{title}" in clerk.text()
        if reason != "died":
            clerk.press("恢复办理…")
            clerk.page.fill("#f-note", "情况有变，继续办理")
            clerk.press("恢复办理", within="form.form")
            assert "已经恢复办理" in clerk.text()
    assert "恢复办理…" not in branch.text()
