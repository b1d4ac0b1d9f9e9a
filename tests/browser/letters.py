"""Somebody leaves for another county, as the clerks of his branch and committee do it on their screens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import segno
from playwright.sync_api import Locator

from tests.browser.clerk import Clerk
from tests.browser.conftest import TODAY
from tests.browser.filling import fill

ISSUED = TODAY - timedelta(days=3)

DOTS = """async (svg, many) => {
  const image = new Image(), canvas = document.createElement("canvas");
  const at = canvas.getContext("2d", {willReadFrequently: true});
  image.src = "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(svg)); await image.decode();
  const wide = canvas.width = canvas.height = image.width, one = wide / (many + 4), cells = Array(many).fill(0);
  at.fillStyle = "white"; at.fillRect(0, 0, wide, wide); at.drawImage(image, 0, 0);
  const dark = (x, y) => at.getImageData((x + 2.5) * one, (y + 2.5) * one, 1, 1).data[0] < 128 ? 1 : 0;
  return cells.map((_, y) => cells.map((_, x) => dark(x, y))) }"""
"""Which dots of a code of so many by so many, with a border of two, are dark as it is drawn."""


def says(code: Locator, text: str) -> bool:
    """Whether the code that is drawn there is the one of this text."""
    dots = [[*row] for row in segno.make(text, error="m").matrix]
    return bool(code.evaluate(DOTS, len(dots)) == dots)


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
