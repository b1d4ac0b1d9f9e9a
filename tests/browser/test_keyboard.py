"""Without a mouse: Tab comes to the page's one primary action, what has the focus is seen, Ctrl K finds things."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.case_pages import RECORD, open_a_case_at_hand
from tests.browser.conftest import Enter
from tests.browser.site import Site

MOST_TABS = 110
FRAME = ".skip, header a, header button, .rail a"
"""What stands around every page; the way past it is the first stop, whatever is added to the rail."""
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {
    primary: one.matches('main .primary'), words: (one.innerText || one.value || one.name || '').trim().slice(0, 40),
    // Of a date field Chromium marks the part that has the focus, the calendar's button, by itself.
    marked: one.type === 'date' || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
    shown: box.width > 0 && box.height > 0, nothing: one === document.body};
}"""
"""What the element that has the focus is, whether it is seen, and whether one sees that it has the focus."""


def tabs_to_primary(page: Page) -> list[str]:
    """Press Tab until the primary action has the focus; the words of all that had it on the way."""
    passed: list[str] = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        assert not found["nothing"], f"the focus left the page after {passed}"
        assert found["shown"], f"the focus is on something invisible after {passed}"
        assert found["marked"], f"one does not see the focus on {found['words']!r} of {page.url}"
        passed.append(found["words"])
        if found["primary"]:
            return passed
    raise AssertionError(f"no primary action within {MOST_TABS} tabs: {passed}")


@pytest.mark.parametrize(
    ("role", "path", "most"),
    [
        ("branch-secretary", "/", 2),
        ("branch-secretary", "/cases", 3),
        ("branch-secretary", "/people", 5),
        ("department-admin", "/accounts", 5),
        ("department-admin", "/accounts/new", 15),
        ("department-admin", "/policies/yakeshi", 80),
    ],
)
def test_tab_comes_to_the_primary_action(enter: Enter, role: str, path: str, most: int) -> None:
    """The first stop is the way past the rail."""
    clerk = enter(role)
    assert clerk.open(path) == 200
    passed = tabs_to_primary(clerk.page)
    assert passed[0] == "跳到正文"
    assert len(passed) - clerk.page.locator(FRAME).count() <= most


def test_a_step_is_recorded_with_the_keyboard(site: Site, enter: Enter) -> None:
    """From the case page to its form, through all fields to the button; what is wrong then gets the focus."""
    clerk = enter("branch-secretary")
    open_a_case_at_hand(clerk)
    clerk.page.locator(RECORD).first.focus()
    with clerk.page.expect_navigation():
        clerk.page.keyboard.press("Enter")
    # A day to come is refused, whatever else a draft of an earlier test has filled in.
    clerk.page.fill("#f-day", (site.today + timedelta(days=3)).isoformat())
    passed = tabs_to_primary(clerk.page)
    assert passed[-1].startswith("记录“")
    with clerk.page.expect_navigation():
        clerk.page.keyboard.press("Enter")
    expect(clerk.page.locator(".problem")).to_be_focused()


def test_ctrl_k_finds_people_and_pages(enter: Enter) -> None:
    """The box opens over any page, answers while one types, and the arrows go through what it found."""
    clerk = enter("branch-secretary")
    clerk.open("/units")
    clerk.page.keyboard.press("Control+k")
    expect(clerk.page.locator("#finder")).to_be_visible()
    clerk.page.keyboard.type("cao")
    expect(clerk.page.locator("#finder a").first).to_be_visible()
    clerk.page.keyboard.press("ArrowDown")
    with clerk.page.expect_navigation():
        clerk.page.keyboard.press("Enter")
    assert clerk.path.startswith(("/people/", "/cases/"))
