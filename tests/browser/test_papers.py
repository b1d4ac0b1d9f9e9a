"""Papers in a real browser, by those who need them: a notice, a report, the whole case, a template; letters of introduction,
as both counties see them."""

from __future__ import annotations

import re
from datetime import timedelta

from docx import Document

from tests.browser.clerk import Clerk
from tests.browser.conftest import TODAY, Enter
from tests.browser.letters import members, recorded, says, sent
from tests.browser.site import Site
from tests.browser.test_pages import assert_sound
from tests.browser.tour import see

LETTER = "/transfers/letters/{letter_id:uuid}"
NOTICE = 'a[href*="-notice?step="]'


def with_papers(clerk: Clerk, wanted: str) -> str:
    """A case of the branch whose papers hold what is wanted, opened there."""
    listed = clerk.page.request.get(f"{clerk.site.base}/api/v1/cases?status=running").json()["items"]
    for line in listed:
        clerk.open(f"/cases/{line['id']}/papers")
        if clerk.page.locator(wanted).count():
            return f"/cases/{line['id']}"
    raise AssertionError(f"the demo has no case with {wanted}")


def printed(clerk: Clerk, link: str) -> str:
    """What stands in the Word file that comes when a link is pressed."""
    with clerk.page.expect_download() as download:
        clerk.page.locator(link).first.click()
    word = Document(str(download.value.path()))
    cells = (cell.text for table in word.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(one.text for one in word.paragraphs), *cells])


def test_a_clerk_prints_a_notice_a_report_and_the_whole_case(site: Site, enter: Enter) -> None:
    clerk = enter("branch-secretary")
    case = with_papers(clerk, NOTICE)
    clerk.open(case)
    name = clerk.page.inner_text("h1").split()[0]
    clerk.press("打印文书")
    assert clerk.path == f"{case}/papers"
    assert_sound(see(clerk, f"{case}/papers", 200))
    notice = printed(clerk, NOTICE)
    assert name in notice
    assert "止。" in notice
    assert "公示" in notice
    report = printed(clerk, 'a[href*="national.activist-filing"]')
    assert f"关于确定{name}同志为入党积极分子的备案报告" in report
    whole = printed(clerk, 'a[href*="national.bound-file"]')
    assert f"{name}同志发展党员档案" in whole
    assert "递交入党申请书" in whole


def test_an_administrator_looks_at_a_template_and_is_told_what_is_wrong(site: Site, enter: Enter) -> None:
    admin = enter("department-admin")
    admin.open("/documents")
    assert_sound(see(admin, "/documents", 200))
    admin.press("发展对象公示")
    assert_sound(see(admin, "/documents/national.prospect-notice", 200))
    admin.page.set_input_files(
        "input[type=file]", {"name": "公示.docx", "mimeType": "text/plain", "buffer": b"x"}
    )
    admin.press("换成这个模板")
    assert "不是 Word 文档" in admin.text()


def test_a_member_goes_to_the_other_county_and_another_letter_expires(site: Site, enter: Enter) -> None:
    branch, committee = enter("branch-secretary"), enter("committee-secretary")
    department = enter("department-organizer", county="yunxiu")
    their_branch = enter("branch-secretary", county="yunxiu", width=360)
    their_committee = enter("committee-secretary", county="yunxiu")
    county = their_branch.page.inner_text("header .county")
    goes, stays = members(branch)[-2:]
    case = sent(branch, committee, goes, "青-2026-901", county)
    sent(branch, committee, stays, "青-2026-902", county)

    department.open("/transfers?kind=offered")
    assert_sound(see(department, "/transfers", 200))
    department.press(goes["name"])
    assert_sound(see(department, "/transfers/offers/{letter_id:uuid}", 200))
    unit = members(their_branch)[0]["unit_id"]
    department.page.locator("#f-unit").select_option(unit)
    department.press("交由党支部办理")
    theirs = department.path
    their_branch.open("/")
    assert goes["name"] in their_branch.text()
    recorded(their_branch, theirs, "reception", TODAY)
    branch.open(f"/people/{goes['id']}")
    assert "转出本县" not in branch.text(), "until he is received he is where he was"
    recorded(their_committee, theirs, "reception", TODAY)
    their_branch.open(theirs)
    their_branch.press("第 青-2026-901 号")
    assert_sound(see(their_branch, LETTER, 200))
    assert "已收，待回执" in their_branch.text()
    their_branch.press(goes["name"], within='nav[aria-label="位置"]')
    their_branch.press("看人员档案")
    assert "从县外转入" in their_branch.text()
    branch.open(f"/people/{goes['id']}")
    assert "转出本县" in branch.text()
    branch.open(case)
    assert "已收，待回执" in branch.text()

    committee.open("/transfers?kind=out")
    committee.press("青-2026-902")
    assert_sound(see(committee, LETTER, 200))
    [address] = re.findall(r"/letters/\S+", committee.text())
    code = committee.page.locator("main svg").last
    assert says(code, site.base + address), "who scans it comes to where the letter can be checked"
    assert not says(code, f"{site.base}{address[:-1]}x")
    site.today = TODAY + timedelta(days=100)
    their_branch.context.clear_cookies()
    assert their_branch.open(address) == 200
    assert "已过期" in their_branch.page.inner_text("body")
    assert stays["name"] not in their_branch.page.inner_text("body")
    department.open("/transfers?kind=offered")
    department.press(stays["name"])
    department.page.locator("#f-unit").select_option(unit)
    department.press("交由党支部办理")
    assert "过期作废" in department.text()
