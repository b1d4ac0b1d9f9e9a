"""A policy is switched on through its pages: chosen, filled in, previewed, confirmed."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from tests.browser.clerk import Clerk


class Effect(msgspec.Struct, frozen=True):
    """A line of the preview that opens: how many, of what, and what is listed below it."""

    count: int
    words: str
    listed: tuple[str, ...]
    links: tuple[str, ...]


def open_plugin(clerk: Clerk, unit: str, plugin: str) -> None:
    """From 政策, at this unit, to the page of a policy."""
    clerk.page.locator(".rail a", has_text="政策").click()
    clerk.page.wait_for_url("**/policies*")
    clerk.choose_unit(unit)
    clerk.press("查看")
    with clerk.page.expect_navigation():
        clerk.page.locator(f'.policy-card h2 a[href*="/policies/{plugin}"]').click()


def preview(clerk: Clerk, blanks: Mapping[str, str], basis: str) -> list[Effect]:
    """Fill in blanks by their titles and the grounds, and ask what it would do."""
    for title, value in blanks.items():
        clerk.page.get_by_label(title, exact=False).fill(value)
    clerk.page.fill("#f-basis", basis)
    answer = clerk.press("看看这样改之后")
    assert answer is not None
    assert answer.status == 200, clerk.text()
    return [_effect(clerk, number) for number in range(clerk.page.locator("details.effect").count())]


def _effect(clerk: Clerk, number: int) -> Effect:
    fold = clerk.page.locator("details.effect").nth(number)
    summary = fold.locator("summary")
    if fold.get_attribute("open") is None:
        summary.click()
    text = summary.inner_text().strip()
    listed = fold.locator("tbody tr, li")
    links = fold.locator('tbody th a[href^="/cases/"]')
    return Effect(
        int(re.sub(r"\D", "", text.split()[0]) or 0),
        text,
        tuple(listed.all_inner_texts()),
        tuple(str(one.get_attribute("href")) for one in links.all()),
    )


def confirm(clerk: Clerk) -> None:
    """Save what was previewed."""
    answer = clerk.press("", within="main form.save-bar")
    assert answer is not None
    assert answer.status == 200, clerk.text()
    assert clerk.path == "/policies", clerk.text()
