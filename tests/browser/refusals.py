"""What stops an applicant's case on its way: each is tried on the page, and the reason is read from it.

Each function answers what it read; those that rest on rules show the rule, its document and its clause.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.case_pages import CasePages, Refusal
from tests.browser.clerk import Clerk
from tests.browser.filling import FORM, fill

BYLAWS = "《中国共产党发展党员工作细则》"
"""What is cited of an act before 2026-05-11: the document that was in force then."""


def enter_applicant(clerk: Clerk, name: str, born: date) -> None:
    """受理入党申请 for somebody who is not in the register yet: enter him; the form of his application opens."""
    clerk.open("/cases/new")
    clerk.page.locator("summary", has_text="登记一名新人员").click()
    clerk.page.select_option("#f-unit", index=1)
    clerk.page.fill("#f-name", name)
    clerk.page.fill("#f-born", born.isoformat())
    clerk.press("登记并继续")


def too_young(case: CasePages, clerk: Clerk) -> Refusal:
    """Seventeen years old."""
    enter_applicant(clerk, "周小满", date(2008, 2, 3))
    return case.read(clerk, case.fill_and_send(clerk, case.site.today))


def date_to_come(case: CasePages, clerk: Clerk) -> Refusal:
    """An application of tomorrow; the form of the application is open."""
    return case.read(clerk, case.fill_and_send(clerk, case.site.today + timedelta(days=1)))


def blocked_step(case: CasePages, clerk: Clerk) -> Refusal:
    """A step whose predecessors are not done, by its address, for there is no button."""
    assert "activist-decision" not in case.offered(clerk)
    return case.refused(clerk, "activist-decision")


def wrong_level(case: CasePages, clerk: Clerk) -> Refusal:
    """The committee at a step of the branch: no button, and the address refuses."""
    assert case.offered(clerk) == []
    assert clerk.page.locator(".head .acts a", has_text="记一笔").count() == 0
    return case.refused(clerk, "applicant-talk")


def wrong_kind_of_file(case: CasePages, clerk: Clerk, folder: Path) -> Refusal:
    """A program that calls itself a PDF."""
    false = folder / "谈话记录.pdf"
    false.write_bytes(b"MZ\x90\x00 this is a program")
    case.press_record(clerk, "applicant-talk")
    fill(clerk.page, case.site.today)
    clerk.page.set_input_files("#f-attachments", false)
    found = case.read(clerk, case.send(clerk))
    assert clerk.page.input_value("#f-day") == case.site.today.isoformat()
    return found


def two_windows(case: CasePages, clerk: Clerk) -> Refusal:
    """The same step in two windows: what was typed in the second stays, and he is told what happened meanwhile."""
    case.press_record(clerk, "applicant-talk")
    first, second = clerk.page, clerk.window()
    second.goto(first.url)
    case.fill_and_send(clerk, case.site.today)
    case.recorded.append(("applicant-talk", clerk.role))
    clerk.page = second
    fill(second, case.site.today, also={"note": "第二个窗口里写的"})
    found = case.read(clerk, case.send(clerk))
    assert second.input_value("#f-note") == "第二个窗口里写的"
    assert second.locator(f"{FORM} input:checked").count() > 0
    clerk.page = first
    second.close()
    return found


def impossible_votes(case: CasePages, clerk: Clerk) -> Refusal:
    """More votes than people; the arithmetic is seen while typing, before anything is sent."""
    case.press_record(clerk, "activist-decision")
    fill(clerk.page, case.site.today, also={"vote.for": "30"})
    expect(clerk.page.locator(".reckoning").first).to_contain_text("多于实到 22 ✗")
    return case.read(clerk, case.send(clerk))


def notice_running(case: CasePages, clerk: Clerk) -> Refusal:
    """The step after a notice on the day on which it was put up."""
    page = case.text()
    assert f"须至 {case.site.today + timedelta(days=7)}（还有 7 天）" in page
    assert "为什么是 7 天？" in page
    return case.refused(clerk, "activist-filing")


def twelve_months(case: CasePages, clerk: Clerk) -> Refusal:
    """A prospect before the year of cultivation is over."""
    return case.refused(clerk, "prospect-selection")


def same_person(case: CasePages, branch: Clerk, admin: Clerk) -> Refusal:
    """The branch's secretary becomes the committee's as well: he still approves nothing in a case that he has recorded."""
    admin.open("/accounts")
    admin.page.fill("main input[type=search]", branch.login)
    admin.press("查找")
    admin.page.get_by_role("link", name=branch.name, exact=True).first.click()
    admin.page.select_option("#f-role", "committee-secretary")
    town = admin.page.locator("#f-unit_id option", has_text="柳河镇委员会").first
    admin.page.select_option("#f-unit_id", town.get_attribute("value"))
    admin.press("授予")
    assert "党委书记" in admin.text()
    found = case.refused(branch, "conversion-approval")
    row = admin.page.locator("tr", has_text="党委书记").filter(has_text="柳河镇")
    row.locator("summary").click()
    with admin.page.expect_navigation():
        row.get_by_role("button", name="收回这项职务权限").click()
    return found
