"""Papers printed in a real browser by those who need them, and read back: a notice, a report, the whole case, a template."""

from __future__ import annotations

from docx import Document

from tests.browser.clerk import Clerk
from tests.browser.conftest import Enter
from tests.browser.site import Site
from tests.browser.test_pages import assert_sound
from tests.browser.tour import see

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
