"""The register in a real browser: a roster with headings of its own and a fault, taken and undone; somebody found by initials;
two files made one; a member who died."""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID

import pytest
from openpyxl import Workbook

from core.changes.roster import apply, read, undo
from tenants.counties import county_by_slug
from tenants.database.session import close_database, county_session, open_database
from tenants.policies.regimes import regime_of_path
from tests.browser.clerk import Clerk
from tests.browser.conftest import COUNTY, TODAY, Enter, aside
from tests.browser.test_pages import XLSX, assert_sound
from tests.browser.tour import see
from tests.core.conftest import resident_id

BRANCH = "东泉村党支部"
NUMBER, OTHER = (resident_id(date(1990, 5, day), 3) for day in (6, 7))


def book(*rows: tuple[str, ...]) -> bytes:
    """A county's own roster."""
    made, out = Workbook(), io.BytesIO()
    for row in (("名字", "身份证号", "类别", "归口单位"), *rows):
        made.worksheets[0].append(list(row))
    made.save(out)
    return out.getvalue()


def uploaded(clerk: Clerk, content: bytes) -> None:
    """It lies at the town's committee, and a worker has read it."""
    clerk.open("/people/import")
    clerk.choose_unit("柳河镇委员会")
    clerk.page.set_input_files(
        "input[type=file]", {"name": "柳河镇.xlsx", "mimeType": XLSX, "buffer": content}
    )
    clerk.press("上传并预览")
    worked(clerk, "read")


def worked(clerk: Clerk, what: str) -> None:
    """What the worker does with the roster that is open; the page is then opened again."""
    batch = UUID(clerk.path.split("/")[3])

    async def work() -> None:
        await open_database(max_size=1)
        try:
            async with county_session((await county_by_slug(COUNTY)).id):
                if what == "read":
                    await read(batch, TODAY)
                else:
                    await {"apply": apply, "undo": undo}[what](batch, TODAY, regime_of_path)
        finally:
            await close_database()

    aside(work())
    clerk.open(f"/people/import/{batch}")


@pytest.mark.trial
def test_a_roster_of_the_countys_own_is_mapped_mended_taken_and_undone(enter: Enter) -> None:
    admin = enter("department-admin")
    good = ("顾念祖", NUMBER, "正式党员", "东泉村党支部")
    uploaded(admin, book(good, ("章小满", NUMBER[:-1] + "0", "在册", "东泉村党支部")))
    assert_sound(see(admin, "/people/import/{batch_id:uuid}", 200))
    assert "表头缺少“人员类别”、“所在党支部”" in admin.text()
    admin.press("对照表头和用语")
    assert_sound(see(admin, "/people/import/{batch_id:uuid}/words", 200))
    admin.page.get_by_label("类别", exact=True).select_option(label="人员类别")
    admin.page.get_by_label("归口单位", exact=True).select_option(label="所在党支部")
    admin.press("记住并重新读取")
    worked(admin, "read")
    admin.press("对照表头和用语")
    admin.page.get_by_label("在册", exact=True).select_option(label="正式党员")
    admin.press("记住并重新读取")
    worked(admin, "read")
    text = admin.text()
    assert "1 行有错，整份名册都没有写入" in text
    assert "身份证号：" in text, "by the heading that the county has given it"
    assert admin.page.locator("main form[action$=confirm]").count() == 0

    uploaded(admin, book(good, ("章小满", OTHER, "在册", "东泉村党支部")))
    assert "将新登记 2 人" in admin.text(), "what was said of headings and words is remembered"
    admin.press("确认导入")
    worked(admin, "apply")
    assert "新登记 2 人" in admin.text()
    batch = admin.path

    secretary = enter("committee-secretary")
    secretary.open("/people?q=gnz")
    assert "顾念祖" in secretary.text()
    assert BRANCH.removesuffix("党支部") in secretary.text()

    admin.press("撤销这次导入")
    assert_sound(see(admin, "/people/import/{batch_id:uuid}/undo", 200))
    admin.press("撤销这次导入", within="main form")
    worked(admin, "undo")
    assert admin.path == batch
    assert "名册恢复到导入以前" in admin.text()
    secretary.open("/people?q=gnz")
    assert "顾念祖" not in secretary.page.inner_text("#list")


@pytest.mark.trial
def test_two_files_of_one_person_become_one(enter: Enter) -> None:
    organizer = enter("committee-organizer")
    pages = list[str]()
    for job in ("教师", "村医"):
        organizer.open("/people/new")
        organizer.choose_unit(BRANCH.removesuffix("党支部"))
        organizer.page.fill("#f-name", "欧阳一苇")
        organizer.page.fill("#f-born", "1991-03-04")
        organizer.page.fill("#f-job", job)
        organizer.press("登记", within="main form.form")
        if pages:
            assert "请核对是不是同一人" in organizer.text(), organizer.text()
            organizer.page.get_by_label("已核对，是另一个人").check()
            organizer.press("登记", within="main form.form")
        pages.append(organizer.path)
    organizer.open("/people/twins")
    assert_sound(see(organizer, "/people/twins", 200))
    organizer.page.locator("main tbody tr", has_text="欧阳一苇").get_by_role("link", name="对照").click()
    organizer.page.wait_for_url("**/twins/*/*")
    assert_sound(see(organizer, "/people/twins/{person_id:uuid}/{other_id:uuid}", 200))
    organizer.page.locator("#f-keep label").first.click()
    organizer.page.get_by_label("村医", exact=True).check()
    organizer.page.fill("#f-reason", "同一人登记了两次，已核对证件")
    organizer.press("合并为一份")
    kept = organizer.path
    assert "村医" in organizer.text()
    [gone] = [page for page in pages if page != kept]
    organizer.open(gone)
    assert organizer.page.locator(f'main a[href="{kept}"]').count() or organizer.path == kept


@pytest.mark.trial
def test_a_member_who_died_is_counted_no_more_and_is_still_known(enter: Enter) -> None:
    secretary, organizer = enter("branch-secretary"), enter("committee-organizer")
    secretary.open("/people?membership=full")
    before = secretary.page.locator("#list tbody tr").count()
    person = secretary.page.locator("#list tbody th a[href^='/people/']").last
    name = person.inner_text()
    person.click()
    secretary.page.wait_for_url("**/people/*-*")
    file = secretary.path
    organizer.open(f"{file}/leave")
    organizer.page.get_by_label("去世", exact=True).check()
    organizer.page.fill("#f-day", TODAY.isoformat())
    organizer.page.fill("#f-reason", "因病去世")
    organizer.page.fill("#f-paper", "死亡医学证明")
    organizer.press("登记离开", within="main form.form")
    secretary.open("/people?membership=full")
    assert secretary.page.locator("#list tbody tr").count() == before - 1
    secretary.open("/people/former")
    assert_sound(see(secretary, "/people/former", 200))
    assert name in secretary.text()
    secretary.open(file)
    assert "去世" in secretary.text()
