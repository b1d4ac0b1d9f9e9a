"""One applicant of the demo county, from the application to full member, through the pages, by the right people at each level.

On the way they are stopped ten times and read why: the sentence, and where it rests on rules, the rule, document and clause.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.browser import refusals
from tests.browser.case_pages import CasePages, Refusal
from tests.browser.clerk import Clerk
from tests.browser.conftest import Enter
from tests.browser.refusals import BYLAWS
from tests.browser.site import Site

BEGIN = date(2025, 5, 12)
"""So that the notices fall into years whose holidays are announced."""


@pytest.fixture
def case(site: Site, enter: Enter) -> CasePages:
    """A case to be opened by these four, on the day on which it begins."""
    site.today = BEGIN
    roles = ("branch-secretary", "committee-organizer", "committee-secretary", "department-organizer")
    return CasePages(site, "", [enter(role) for role in roles])


def test_from_application_to_cultivation(case: CasePages, tmp_path: Path) -> None:
    """The way of the first year and a half; the header of the case then says 入党积极分子."""
    begin(case, tmp_path)
    secretary = case.clerks[0]
    secretary.open(case.path)
    assert secretary.page.inner_text(".head .meta").startswith("入党积极分子")


@pytest.mark.trial
def test_from_application_to_full_member(case: CasePages, enter: Enter, tmp_path: Path) -> None:
    """Goes the whole way; at its end the header of the case and the person's own page say 正式党员."""
    begin(case, tmp_path)
    secretary, organizer, *others = case.clerks
    assert case.go_on_to("prospect-review") is secretary
    assert all("prospect-review" not in case.offered(other) for other in (organizer, *others)), (
        "lowest level first"
    )
    case.go_on_to("conversion-approval")
    found = refusals.same_person(case, secretary, enter("department-admin"))
    assert_read(found, 403, "您已经以党支部的身份办理过这个人的事项", "记录与审批须由不同的人承担")
    case.finish()

    assert_full_member(case, secretary)
    assert {role.partition("-")[0] for _, role in case.recorded} == {"branch", "committee", "department"}
    assert len({step for step, _ in case.recorded}) >= 36


def begin(case: CasePages, folder: Path) -> None:
    """Up to the year of cultivation."""
    secretary, organizer, *_ = case.clerks
    take_in(case, secretary)
    first_stage(case, secretary, organizer, folder)
    cultivation(case, secretary, organizer)


def take_in(case: CasePages, clerk: Clerk) -> None:
    """受理入党申请, after somebody of seventeen and a letter of tomorrow."""
    assert_read(refusals.too_young(case, clerk), 422, "18 周岁", rule=f"{BYLAWS}第五条")
    refusals.enter_applicant(clerk, "林小禾", date(1999, 3, 2))
    assert_read(refusals.date_to_come(case, clerk), 422, "2025-05-13 还没有到（今天是 2025-05-12）")
    assert case.fill_and_send(clerk, case.site.today) == 200, clerk.text()
    case.path = clerk.path


def first_stage(case: CasePages, branch: Clerk, committee: Clerk, folder: Path) -> None:
    """The talk: the step after it, another level, a false file and two windows are refused."""
    found = refusals.blocked_step(case, branch)
    assert_read(found, 422, "须先办结：党组织派人谈话", rule=BYLAWS)
    found = refusals.wrong_level(case, committee)
    assert_read(found, 403, "由党支部办理，您在这里的身份是基层党委，不能记录")
    found = refusals.wrong_kind_of_file(case, branch, folder)
    assert_read(found, 422, "谈话记录.pdf", "内容不是 PDF 文件")
    found = refusals.two_windows(case, branch)
    assert_read(found, 409, "这期间的变化", "党组织派人谈话", "没有丢失")


def cultivation(case: CasePages, branch: Clerk, committee: Clerk) -> None:
    """Determined as an activist by figures that can be; not filed while the notice runs, no prospect before a year is over."""
    case.go_on_to("activist-decision")
    found = refusals.impossible_votes(case, branch)
    assert_read(found, 422, "票数不合：应到 23、实到 22、到会赞成 30", rule="辽源")
    case.go_on_to("activist-notice")
    case.record(branch, "activist-notice")
    assert_read(
        refusals.notice_running(case, committee), 422, "须先办结：入党积极分子公示", rule="公开确定积极分子"
    )
    case.go_on_to("cultivation")
    case.record(branch, "cultivation")
    found = case.refused(branch, "cultivation")
    assert (found.status, "内容完全相同" in found.text) == (409, True)
    branch.page.get_by_label("那天又办了一次").check()
    assert case.send(branch) == 200
    found = refusals.twelve_months(case, branch)
    assert_read(found, 422, "最早 2026-05-12 才能办理", "满 12 个月", rule=f"{BYLAWS}第十三条")


def assert_read(found: Refusal, status: int, *words: str, rule: str = "") -> None:
    """The page refuses with this status and says so; one of the rules it names is that one."""
    assert found.status == status, found
    for each in words:
        assert each in found.text, found
    if rule:
        assert any(rule in source for source in found.sources), found


def assert_full_member(case: CasePages, clerk: Clerk) -> None:
    """The header of the case, and the page of the person."""
    clerk.open(case.path)
    assert clerk.page.inner_text(".head .meta").startswith("正式党员")
    assert "已经办结" in clerk.page.inner_text(".head .meta")
    clerk.press("看人员档案")
    assert clerk.page.inner_text(".head .meta").startswith("正式党员")
    assert clerk.page.inner_text("h1") == "林小禾"
