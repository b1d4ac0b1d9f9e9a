"""A day at the cases in a real browser: several at once, what is half typed, a phone under the thumb."""

from __future__ import annotations

import re

from playwright.sync_api import Request, expect

from tests.browser.case_pages import CasePages, open_a_case_at_hand
from tests.browser.clerk import Clerk
from tests.browser.conftest import TODAY, Enter
from tests.browser.filling import fill
from tests.browser.site import Site
from tests.browser.test_pages import assert_sound
from tests.browser.tour import see

LOWEST = 28
"""Pixels: 24 are asked for (WCAG 2.2, 2.5.8); a thumb in a village gets a little more."""

TOO_LOW = """least => Array.from(document.querySelectorAll('header a, header button, nav a, main a, main button, main summary'))
  .filter(one => one.getClientRects().length && !one.closest('details:not([open]) > :not(summary), details .body, .prose'))
  .filter(one => Math.max(...Array.from(one.getClientRects()).map(box => box.height)) < least)
  .map(one => one.outerHTML.slice(0, 120))"""


PASTED = """(field, text) => { const data = new DataTransfer(); data.setData("text", text); field.dispatchEvent(
  new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); return field.value }"""


def test_several_are_recorded_together(site: Site, enter: Enter) -> None:
    """From the list of a step to the form, what it would do to each, and back to the list; nothing is too wide or mute."""
    clerk = enter("department-organizer")
    clerk.open("/cases?step=admission-filing")
    boxes = clerk.page.locator("input[name=case]")
    assert boxes.count() >= 2
    names = [boxes.nth(number).get_attribute("aria-label") or "" for number in range(2)]
    for number in range(2):
        boxes.nth(number).check()
    clerk.press("一起记录")
    if clerk.page.locator("form.sheet").count() == 0:
        clerk.press("为这")
    assert_sound(see(clerk, "/together-form", 200))
    fill(clerk.page, site.today)
    clerk.press("先看结果")
    assert_sound(see(clerk, "/together-preview", 200))
    assert "现在还没有写入" in clerk.text()
    clerk.press("人记录")
    assert clerk.path == "/cases"
    assert re.search(r"已为 \d 人记录“报再上一级党委组织部门备案”", clerk.text())
    assert names[0].removeprefix("选择") in clerk.page.inner_text(".notice")


def test_what_is_being_typed_outlives_the_sign_in(site: Site, enter: Enter) -> None:
    """A remark in the middle of a word, the session gone: after signing in again the form is as it was."""
    clerk = enter("branch-secretary")
    form = open_form(site, clerk)
    day = clerk.page.locator("#f-day")
    for pasted in ("20261120", " 2026.11.20", "2026年11月20日", "20261320", "十一月"):
        assert day.evaluate(PASTED, pasted) == "2026-11-20", pasted
    assert day.get_attribute("max") == "2199-12-31", "typed without a stop, a year has four figures"
    with clerk.page.expect_response(lambda kept: _carries(kept.request, "本人，待")):
        clerk.page.locator("#f-note").press_sequentially("会前已逐一通知到本人，待")
    clerk.context.clear_cookies(name="dangwu-session")
    clerk.open(form)
    assert clerk.path == "/sign-in"
    clerk.page.fill("#f-login", clerk.login)
    clerk.page.fill("#f-password", "Qiulan-2026")
    with clerk.page.expect_navigation():
        clerk.page.click("main button.primary")
    assert clerk.path == form
    assert clerk.page.input_value("#f-note") == "会前已逐一通知到本人，待"
    assert "已恢复您" in clerk.text()
    clerk.press("清除，重新填写")
    assert clerk.page.input_value("#f-note") == ""


def test_a_thumb_meets_what_it_aims_at(site: Site, enter: Enter) -> None:
    """On a phone whatever can be pressed is high enough; sources in an opened fold are read, not aimed at."""
    clerk = enter("branch-secretary", width=360)
    form = open_form(site, clerk)
    with clerk.page.expect_response(lambda kept: _carries(kept.request, "只写了一半")):
        clerk.page.fill("#f-note", "只写了一半")
    case = form.partition("/record")[0]
    for path in ("/", "/cases", case, form, f"{case}/history", f"{case}/return"):
        assert clerk.open(path) == 200
        assert clerk.page.evaluate(TOO_LOW, LOWEST) == [], path
    clerk.open(form)
    clerk.press("清除，重新填写")


def test_the_table_of_committees_can_be_read_on_a_phone(enter: Enter) -> None:
    """It is scrolled sideways; its names do not stand one character under the other."""
    clerk = enter("department-organizer", width=360)
    clerk.open("/")
    names = clerk.page.locator("section", has_text="所属党组织").last.locator(".matrix tbody th")
    heights = names.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert len(heights) >= 12
    assert max(heights) < 150


def test_no_fact_is_squeezed_on_a_phone(enter: Enter) -> None:
    """Where the name of a fact is long, it wraps as well as the fact does."""
    clerk = enter("branch-secretary", width=360)
    for path in ("/policies/yakeshi", "/policies/national"):
        clerk.open(path)
        widths = clerk.page.locator("dl.facts dd").evaluate_all(
            "all => all.filter(one => one.innerText.trim()).map(one => one.getBoundingClientRect().width)"
        )
        assert min(widths) > 120, path


def test_the_arithmetic_stands_under_the_figures(site: Site, enter: Enter) -> None:
    """Whoever types votes sees at once, beside them, whether they suffice."""
    clerk = enter("branch-secretary")
    clerk.open("/cases?step=admission-meeting")
    clerk.page.locator("tbody tr a").first.click()
    case = CasePages(site, clerk.path, [clerk])
    case.press_record(clerk, "admission-meeting")
    for name, typed in (("eligible", "20"), ("present", "18"), ("for", "10")):
        clerk.page.fill(f"[name='vote.{name}']", typed)
    line = clerk.page.locator(".reckoning").first
    expect(line).to_contain_text("赞成 10 ＝ 应到 20 的一半 ✗ 须超过")
    clerk.page.fill("[name='vote.for']", "11")
    expect(line).to_contain_text("赞成 11 ＞ 应到 20 的一半 ✓")
    below = line.bounding_box()
    figures = clerk.page.locator("[name='vote.written_for']").bounding_box()
    assert below is not None
    assert figures is not None
    assert 0 < below["y"] - figures["y"] < 160


def _carries(request: Request, text: str) -> bool:
    """Whether it keeps a draft with this text: on a slow machine a half of it goes out first."""
    return request.url.endswith("/drafts") and text.encode() in (request.post_data_buffer or b"")


def open_form(site: Site, clerk: Clerk) -> str:
    """The form of a step that he has at hand; its path."""
    site.today = TODAY
    open_a_case_at_hand(clerk)
    case = CasePages(site, clerk.path, [clerk])
    case.press_record(clerk, case.offered(clerk)[0])
    return clerk.path
