"""Somebody leaves for another county, as the clerks of his branch and committee do it on their screens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.browser.clerk import Clerk
from tests.browser.conftest import TODAY
from tests.browser.filling import fill

ISSUED = TODAY - timedelta(days=3)


def recorded(clerk: Clerk, case: str, step: str, day: date, **also: str) -> None:
    """He fills in the form of a step, and it is taken."""
    assert clerk.open(f"{case}/record/{step}") == 200, clerk.text()
    fill(clerk.page, day, also={name.replace("__", "."): value for name, value in also.items()})
    with clerk.page.expect_navigation():
        clerk.page.locator("form.sheet button.primary").click()
    assert clerk.path == case, clerk.text()


def members(clerk: Clerk) -> list[dict[str, Any]]:
    """The full members of his branch."""
    address = f"{clerk.site.base}/api/v1/people?membership=full"
    found: list[dict[str, Any]] = clerk.page.request.get(address).json()["items"]
    return found


def sent(branch: Clerk, committee: Clerk, person: dict[str, Any], number: str, county: str) -> str:
    """His case, with a letter to the other county."""
    assert branch.open(f"/cases/new/{person['id']}?procedure=transfer") == 200, branch.text()
    branch.page.locator("summary", has_text="县外的党组织").click()
    branch.page.select_option('[name="beyond_county"]', label=county)
    there = branch.page.input_value('[name="beyond_county"]')
    fill(branch.page, ISSUED, also={"to": "", "beyond": f"{county}某某镇党委", "beyond_county": there})
    branch.press("申请转移组织关系", within="form.sheet")
    case = branch.path
    assert f"转往 {county}某某镇党委" in branch.text()
    recorded(branch, case, "release-check", ISSUED)
    recorded(committee, case, "release", ISSUED)
    recorded(committee, case, "introduction-letter", ISSUED, serial__number=number)
    return case
