"""Every page, at the width of an office screen and of a phone, as three of the people who use it; and without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.clerk import Clerk
from tests.browser.conftest import COUNTY, TODAY, Enter
from tests.browser.site import Site
from tests.browser.tour import Seen, page_routes, tour

pytestmark = pytest.mark.timeout(240)

ROLES = ("branch-secretary", "committee-organizer", "department-admin")
FIRST = [
    "/cases?step=group-assignment", "/", "/units?q=zz-nothing", "/people?q=zz-nobody", "/cases?q=zz-nobody", "/cases/new?q=c",
]  # fmt: skip
"""Cases with several steps at hand, the first page, lists in which nothing is found, people who could apply."""

NOT_REACHED = {"/sign-in", "/people/import/{batch_id:uuid}"}
"""Seen elsewhere: the sign-in by everybody, the preview of an import in tests/web/test_imports.py."""


class Tour:
    """What one person saw, and what his console complained of."""

    def __init__(self, clerk: Clerk) -> None:
        self.seen: list[Seen] = list(tour(clerk, FIRST))
        self.complaints = list(clerk.complaints)


@pytest.fixture(scope="module")
def tours(site: Site, chrome: Browser) -> dict[str, Tour]:
    """Everybody's tour."""
    site.today = TODAY
    found = {}
    for role in ROLES:
        clerk = Clerk(chrome, site, COUNTY, role)
        found[role] = Tour(clerk)
        clerk.leave()
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_link_leads_to_a_page(tours: dict[str, Tour], role: str) -> None:
    """What he is offered, he may open."""
    bad = [f"{one.status} {one.path}" for one in tours[role].seen if one.status != 200]
    assert not bad, "\n".join(bad)


def test_every_page_has_been_seen(tours: dict[str, Tour]) -> None:
    """Each route with a page is reached by links by at least one of them."""
    seen = {one.route for found in tours.values() for one in found.seen}
    assert sorted(set(page_routes()) - seen - NOT_REACHED) == []


@pytest.mark.parametrize("role", ROLES)
def test_no_page_complains(tours: dict[str, Tour], role: str) -> None:
    """No error and no breach of the content policy in the console."""
    assert tours[role].complaints == []


@pytest.mark.parametrize("role", ROLES)
def test_no_page_is_wider_than_a_phone(tours: dict[str, Tour], role: str) -> None:
    """At 360 pixels nothing has to be scrolled sideways."""
    bad = [f"{one.too_wide} px: {one.path}" for one in tours[role].seen if one.too_wide > 0]
    assert not bad, "\n".join(bad)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_can_be_heard_and_tabbed(tours: dict[str, Tour], role: str) -> None:
    """Labels, names, one heading of the first order, the language; no raw value in the text."""
    bad = [f"{one.path}: {'; '.join(one.wrong)}" for one in tours[role].seen if one.wrong]
    assert not bad, "\n".join(bad)


def test_pages_that_are_not_there(enter: Enter) -> None:
    """A wrong address, and one that is not for him, say so on a whole page."""
    clerk = enter("branch-secretary")
    assert clerk.open("/no-such-page") == 404
    assert clerk.page.locator(".rail").count() == 1
    assert clerk.open("/accounts") == 403
    assert "没有" in clerk.text()
