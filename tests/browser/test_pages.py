"""Every page, at the width of an office screen and of a phone, as three of the people who use it; and without a mouse."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from tests.browser.case_pages import CasePages, open_a_case_at_hand
from tests.browser.clerk import Clerk
from tests.browser.conftest import COUNTY, TODAY, Enter
from tests.browser.policy_pages import open_plugin, preview
from tests.browser.site import Site
from tests.browser.tour import Seen, look, page_routes, see, tour
from tests.core.conftest import resident_id
from tests.core.register.roster.rosters import roster, row

ROLES = ("branch-secretary", "committee-organizer", "department-admin")
CASE = "/cases/{case_id:uuid}"
PERSON = "/people/{person_id:uuid}"
FIRST = ["/", "/units?q=zz-nothing", "/people?q=zz-nobody", "/cases?q=zz-nobody"]
"""Besides the first page, lists in which nothing is found."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_REACHED = {
    "/sign-in",
    "/people/import/{batch_id:uuid}",
    "/people/import/{batch_id:uuid}/faults",
    "/cases/together",
    "/cases/together/all",
    "/cases/paper",
    "/cases/paper/{person_id:uuid}",
    "/cases/{case_id:uuid}/except/{step:str}",
    "/cases/{case_id:uuid}/reopen",
    "/cases/{case_id:uuid}/requests/{entry_id:uuid}",
    "/policies/{plugin:str}/preview/{preview_id:uuid}",
    "/activities/{activity_id:uuid}",
    "/activities/{activity_id:uuid}/files/{file_id:uuid}",
    "/units/{unit_id:uuid}/papers/{unit_file_id:uuid}",
    "/plans/numbers/allot",
    "/people/import/{batch_id:uuid}/words",
    "/people/import/{batch_id:uuid}/undo",
    "/units/import/{list_id:uuid}",
    "/cases/{case_id:uuid}/paper/{step:str}/correct",
    "/cases/{case_id:uuid}/paper/{step:str}/strike",
    "/cases/{case_id:uuid}/roll",
    "/cases/{case_id:uuid}/plan",
    "/people/twins/{person_id:uuid}/{other_id:uuid}",
    "/people/{person_id:uuid}/sever",
    "/people/{person_id:uuid}/past",
    "/ratings/people/{subject_id:uuid}",
    "/ratings/people/{subject_id:uuid}/{act:str}",
    "/ratings/{round_id:uuid}",
    "/transfers/offers/{letter_id:uuid}",
    "/transfers/letters/{letter_id:uuid}",
    "/letters/{token:str}",
    "/me/second-factor/codes",
    "/me/second-factor/end",
    "/people/{person_id:uuid}/leave",
    "/people/{person_id:uuid}/spans/{span_id:uuid}",
    "/plans/{plan_id:uuid}/{act:str}",
    "/policies/supplement/text",
    "/sign-in/code",
    "/own",
    "/own/{token:str}",
    "/sign-in/left",
    "/sign-in/operator/{county:str}/{ticket:str}",
    "/sign-in/oidc",
    "/sign-in/oidc/callback",
    "/sign-in/oidc/confirm",
    "/sign-in/oidc/{county:str}/{provider_id:uuid}",
}
"""No link leads any of these people there, but a form or what follows it; they have tests of their own below and in
test_case_work.py, and a preview over more cases than the demo has in tests/web/policies."""


class Tour:
    """What one person saw, and what his console complained of."""

    def __init__(self, clerk: Clerk, known: Collection[str] = ()) -> None:
        # His own page first, as he holds a post, then those who have left: of people, few are looked at; nor of units, of which
        # only a temporary branch has guests.
        mine = [f"/units?q={quote('临时党支部')}", f"/people?q={quote(clerk.name)}", "/people/former"]
        # People from whom an application can be taken in, where he takes any in.
        mine += ["/cases/new?q=c"] if clerk.role == "branch-secretary" else []
        self.seen: list[Seen] = list(tour(clerk, [*mine, *FIRST], known))
        # “记一笔” asks for the step only where several are at hand; the demo need not have such a case for everybody.
        case = next(one.path for one in self.seen if one.route == CASE)
        self.seen.append(look(clerk, f"{case}/record"))
        # Everybody in the demo who may apply has a running case already, so no link leads to the application's own page.
        if clerk.role == "branch-secretary":
            person = next(one.path for one in self.seen if one.route == PERSON)
            self.seen.append(look(clerk, f"/cases/new/{person.rpartition('/')[2]}"))
        self.complaints = list(clerk.complaints)


def all_tours(site: Site, chrome: Browser) -> dict[str, Tour]:
    """Everybody's."""
    site.today = TODAY
    found: dict[str, Tour] = {}
    for role in ROLES:
        clerk = Clerk(chrome, site, COUNTY, role)
        found[role] = Tour(clerk, {one.route for before in found.values() for one in before.seen})
        clerk.leave()
    return found


@pytest.fixture(scope="module")
def tours(site: Site, chrome: Browser) -> dict[str, Tour]:
    """Everybody's tour."""
    return all_tours(site, chrome)


@pytest.mark.trial
@pytest.mark.timeout(1800)
def test_axe_holds_nothing_against_any_page(
    site: Site, chrome: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Has every kind of page heard, and those that are otherwise on a phone there, too."""
    monkeypatch.setattr(site, "thorough", True)
    monkeypatch.setattr(site, "heard", set())
    found = all_tours(site, chrome)
    assert not [
        f"{one.path}: {'; '.join(one.wrong)}" for role in ROLES for one in found[role].seen if one.wrong
    ]
    assert len(site.heard) > 80


@pytest.mark.parametrize("role", ROLES)
def test_every_link_leads_to_a_page(tours: dict[str, Tour], role: str) -> None:
    """What he is offered, he may open."""
    bad = [f"{one.status} {one.path}" for one in tours[role].seen if one.status != 200]
    assert not bad, "\n".join(bad)


def test_every_page_has_been_seen(tours: dict[str, Tour]) -> None:
    """Each route with a page is reached by links by at least one of them."""
    seen = {one.route for found in tours.values() for one in found.seen}
    missed = sorted(set(page_routes()) - seen - NOT_REACHED)
    assert not missed, "\n".join(missed)


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


def test_the_pages_of_files_from_paper(enter: Enter) -> None:
    """The department organizer's own; in the demo everybody who is on the way has a file already, so no link leads further."""
    clerk = enter("department-organizer")
    assert_sound(look(clerk, "/cases/paper"))
    assert clerk.open("/people?membership=applicant") == 200
    person = clerk.page.locator("th a[href^='/people/']").first.get_attribute("href") or ""
    assert_sound(look(clerk, f"/cases/paper/{person.rpartition('/')[2]}"))


def test_the_page_of_an_exception(enter: Enter) -> None:
    """The department organizer's, for somebody whose training is at hand."""
    clerk = enter("department-organizer")
    assert clerk.open("/cases?step=intensive-training") == 200
    case = clerk.page.locator("th a[href^='/cases/']").first.get_attribute("href") or ""
    seen = look(clerk, f"{case}/except/intensive-training")
    assert seen.status == 200
    assert_sound(seen)
    assert "由基层党委（或更高一级）同意" in clerk.text()


def assert_sound(seen: Seen) -> None:
    """Neither too wide nor mute."""
    assert (seen.too_wide, seen.wrong) == (0, ()), seen


def test_pages_that_are_not_there(enter: Enter) -> None:
    """A wrong address, and one that is not for him, say so on a whole page."""
    clerk = enter("branch-secretary")
    for path, status, words in (("/no-such-page", 404, "没有找到"), ("/accounts", 403, "没有权限")):
        seen = look(clerk, path)
        assert seen.status == status
        assert words in clerk.text()
        assert clerk.page.locator(".rail").count() == 1
        assert_sound(seen)


def test_a_refused_form(site: Site, enter: Enter) -> None:
    """The summary stands on top, each of its lines leads to a field."""
    clerk = enter("branch-secretary")
    open_a_case_at_hand(clerk)
    case = CasePages(site, clerk.path, [clerk])
    case.press_record(clerk, case.offered(clerk)[0])
    status = case.fill_and_send(clerk, site.today + timedelta(days=3))
    assert_sound(see(clerk, "/refused-form", status))
    link = clerk.page.locator(".problem a[href='#f-day']")
    link.click()
    assert clerk.page.evaluate("document.activeElement.id") == "f-day"


def test_the_preview_of_a_policy(enter: Enter) -> None:
    """Long as it is, it fits a phone."""
    clerk = enter("department-admin")
    open_plugin(clerk, "平安堡镇委员会", "nankang-record-review")
    preview(clerk, {}, "平安堡镇党委会议纪要")
    assert_sound(see(clerk, "/policy-preview", 200))


def test_the_preview_of_an_import(enter: Enter) -> None:
    """A roster with a fault in it: line, column and what to do."""
    clerk = enter("department-admin")
    clerk.open("/people/import")
    clerk.choose_unit("柳河镇东泉村")
    sheet = roster(
        [row("顾念祖", resident_id(date(1990, 5, 6), 3), unit="东泉村党支部"), row("", "110105194912310021")]
    )
    clerk.page.set_input_files("input[type=file]", {"name": "名册.xlsx", "mimeType": XLSX, "buffer": sheet})
    clerk.press("上传并预览")
    assert clerk.path.startswith("/people/import/"), clerk.text()
    assert_sound(see(clerk, "/import-preview", 200))


def test_the_sign_in(site: Site, chrome: Browser) -> None:
    """What everybody sees first."""
    clerk = Clerk(chrome, site, COUNTY, "branch-secretary")
    clerk.context.clear_cookies()
    assert_sound(look(clerk, "/sign-in"))
    clerk.leave()
    assert clerk.complaints == []
