"""A member goes from one demo county to the other, seen from both sides; and a letter that nobody used in time."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tests.browser.clerk import Clerk
from tests.browser.conftest import TODAY, Enter
from tests.browser.filling import fill
from tests.browser.site import Site
from tests.browser.test_pages import assert_sound
from tests.browser.tour import see

OTHER = "yunxiu"
LETTER = "/transfers/letters/{letter_id:uuid}"


def recorded(clerk: Clerk, case: str, step: str, day: date, **also: str) -> None:
    """He fills in the form of a step, and it is taken."""
    assert clerk.open(f"{case}/record/{step}") == 200, clerk.text()
    fill(clerk.page, day, also={name.replace("__", "."): value for name, value in also.items()})
    with clerk.page.expect_navigation():
        clerk.page.locator("form.sheet button.primary").click()
    assert clerk.path == case, clerk.text()


def members(clerk: Clerk) -> list[dict[str, str]]:
    """The full members of his branch."""
    found: list[dict[str, str]] = clerk.page.request.get(
        f"{clerk.site.base}/api/v1/people?membership=full"
    ).json()["items"]
    return found


def sent(branch: Clerk, committee: Clerk, person: dict[str, str], number: str, county: str) -> str:
    """His case, with a letter to the other county."""
    day = TODAY - timedelta(days=3)
    assert branch.open(f"/cases/new/{person['id']}?procedure=transfer") == 200, branch.text()
    assert "县外的党组织" in branch.text()
    branch.page.locator("summary", has_text="县外的党组织").click()
    branch.page.select_option('[name="beyond_county"]', label=county)
    there = branch.page.input_value('[name="beyond_county"]')
    fill(branch.page, day, also={"to": "", "beyond": f"{county}某某镇党委", "beyond_county": there})
    branch.press("申请转移组织关系", within="form.sheet")
    case = branch.path
    assert case.startswith("/cases/"), branch.text()
    assert f"转往 {county}某某镇党委" in branch.text()
    recorded(branch, case, "release-check", day)
    recorded(committee, case, "release", day)
    recorded(committee, case, "introduction-letter", day, serial__number=number)
    return case


def test_a_member_goes_to_the_other_county_and_another_letter_expires(site: Site, enter: Enter) -> None:
    branch, committee = enter("branch-secretary"), enter("committee-secretary")
    department = enter("department-organizer", county=OTHER)
    their_branch = enter("branch-secretary", county=OTHER, width=360)
    their_committee = enter("committee-secretary", county=OTHER)
    county = their_branch.page.inner_text("header .county")
    goes, stays = members(branch)[-2:]
    case = sent(branch, committee, goes, "青-2026-901", county)
    sent(branch, committee, stays, "青-2026-902", county)

    department.open("/transfers?kind=offered")
    assert_sound(see(department, "/transfers", 200))
    department.press(goes["name"])
    assert_sound(see(department, "/transfers/offers/{letter_id:uuid}", 200))
    unit = their_branch.page.request.get(f"{site.base}/api/v1/people?membership=full").json()["items"][0][
        "unit_id"
    ]
    department.page.locator("#f-unit").select_option(unit)
    department.press("交由党支部办理")
    theirs = department.path
    assert theirs.startswith("/cases/"), department.text()

    their_branch.open("/")
    assert goes["name"] in their_branch.text()
    recorded(their_branch, theirs, "reception", TODAY)
    branch.open(f"/people/{goes['id']}")
    assert "转出本县" not in branch.text(), "until he is received he is where he was"
    recorded(their_committee, theirs, "reception", TODAY)
    their_branch.open(theirs)
    their_branch.press(goes["name"])
    assert "从县外转入" in their_branch.text()
    branch.open(f"/people/{goes['id']}")
    assert "转出本县" in branch.text()
    branch.open(case)
    assert "转往" in branch.text()

    committee.open("/transfers?kind=out")
    committee.press("青-2026-902")
    assert_sound(see(committee, LETTER, 200))
    [address] = re.findall(r"/letters/\S+", committee.text())
    site.today = TODAY + timedelta(days=100)
    stranger = enter("inspector")
    stranger.open("/sign-in")
    stranger.page.context.clear_cookies()
    assert stranger.open(address) == 200
    assert "已过期" in stranger.page.inner_text("body")
    assert stays["name"] not in stranger.page.inner_text("body")
    department = enter("department-organizer", county=OTHER)
    department.open("/transfers?kind=offered")
    department.press(stays["name"])
    department.page.locator("#f-unit").select_option(unit)
    department.press("交由党支部办理")
    assert "过期作废" in department.text()
