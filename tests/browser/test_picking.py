"""Sponsors are picked from the register in a real browser, and refused twice: nobody sponsors himself, nor a probationary."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.clerk import Clerk
from tests.browser.conftest import Enter
from tests.browser.test_pages import assert_sound
from tests.browser.tour import see

STEP = "sponsor-appointment"
NAME = 'input[name="appointment.*.{row}.name"]'


def asked(clerk: Clerk, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = clerk.page.request.get(f"{clerk.site.base}/api/v1{path}").json()["items"]
    return found


def pick(clerk: Clerk, row: int, person: dict[str, Any], typed: str = "") -> None:
    """Type a name, or part of its pinyin, and choose the one who is meant among those who are found."""
    field = clerk.page.locator(NAME.format(row=row))
    field.fill("")
    field.press_sequentially(typed or person["name"])
    clerk.page.check(f'input[name="appointment.*.{row}.person"][value="{person["id"]}"]')


def begun(clerk: Clerk, case: dict[str, Any]) -> None:
    clerk.open(f"/cases/{case['id']}/record/{STEP}")
    clerk.page.fill("#f-day", "2026-11-20")


@pytest.mark.parametrize("width", [1280, 360])
def test_sponsors_are_picked_and_refused_with_the_article(enter: Enter, width: int) -> None:
    clerk = enter("branch-secretary", width=width)
    case = asked(clerk, f"/cases?step={STEP}")[0]
    unit = case["unit_id"]
    [himself] = [
        one for one in asked(clerk, f"/people?q={case['person_name']}") if one["id"] == case["person_id"]
    ]
    members = asked(clerk, f"/people?unit={unit}&membership=full")
    probationary = asked(clerk, f"/people?unit={unit}&membership=probationary")[0]

    begun(clerk, case)
    pick(clerk, 0, himself)
    clerk.press("记录“")
    assert f"{himself['name']}就是本人，不能由本人担任" in clerk.text()
    assert "第十四条" in clerk.text()
    assert_sound(see(clerk, "/record", 200))

    begun(clerk, case)
    pick(clerk, 0, probationary)
    clerk.press("记录“")
    assert f"{probationary['name']}不具备条件：正式党员" in clerk.text()
    assert "名册登记：预备党员（《中国共产党章程》第七条）" in clerk.text()

    pick(clerk, 0, members[0], typed=members[0]["py"][:6])
    said = clerk.page.inner_text(".person .meant >> nth=0")
    assert members[0]["name"] in said
    assert "正式党员" in said
