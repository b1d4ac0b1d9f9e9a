"""What somebody types as a rehearsal costs others nothing: it is played apart, within limits, one at a time for each."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from tenants.policies import rehearsing
from tests.waiting import until_so
from tests.web.conftest import Browser, Seeded
from tests.web.policies.forms import adopt
from tests.web.policies.stranger import POLICY, again, write
from tests.web.test_attacks import csrf

TEXT = (
    "title: 演得久\ngiven: {through: prospect-consent, day: 2026-05-20}\nscript:\n"
    "  - {day: 2026-06-01, do: prospect-notice}\n"
    "  - {day: 2026-06-09, expect: {step: prospect-notice, state: done}}\n"
)
PAGE, API = "/policies/rehearse", "/api/v1/policies/rehearse"


@pytest.fixture
async def unit(admin: Browser, county: Seeded) -> str:
    """Where it is tried; the page has been opened."""
    await admin.open(PAGE)
    return str(county.units["组织部"].id)


async def test_others_go_on_while_it_is_played(
    admin: Browser, organizer: Browser, county: Seeded, unit: str
) -> None:
    played = asyncio.create_task(admin.submit(PAGE, unit=unit, which="picked", text=TEXT))

    async def begun() -> bool:
        return county.accounts["department-admin"] in rehearsing._playing

    await until_so(begun)
    assert (await organizer.open("/units")).status_code == 200
    again = await admin.post(API, json={"text": TEXT, "policies": []}, headers=csrf(admin))
    assert not played.done(), "it has not held up the process"
    assert (again.status_code, again.json()["code"]) == (409, "rehearsing")
    assert (await played).status_code == 200
    assert "全部期望成立" in (await played).text
    assert not rehearsing._playing


async def test_beyond_its_limits_it_is_ended_in_a_sentence(
    admin: Browser, unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsing, "LIMITS", msgspec.structs.replace(rehearsing.LIMITS, wall=0))
    answer = await admin.submit(PAGE, unit=unit, which="picked", text=TEXT)
    assert (answer.status_code, "演算超过了限度" in answer.text) == (422, True)
    by_api = await admin.post(API, json={"text": TEXT, "policies": []}, headers=csrf(admin))
    assert (by_api.status_code, "演算超过了限度" in by_api.json()["fields"]["text"]) == (422, True)
    monkeypatch.undo()
    assert (await admin.submit(PAGE, unit=unit, which="picked", text=TEXT)).status_code == 200


async def test_the_rehearsals_of_a_single_file_are_listed_and_played_like_a_packages(
    admin: Browser, folder: Path, unit: str
) -> None:
    write(folder, "alone", POLICY)
    (folder / "rehearsals" / "alone").mkdir(parents=True)
    script = "[{day: 2026-06-01, do: prospect-notice}, {day: 2026-06-09, expect: {step: prospect-notice, state: waiting}}]"
    text = f"title: 单个文件的排演\npolicies: [alone]\ngiven: {{through: prospect-consent, day: 2026-05-20}}\nscript: {script}\n"
    (folder / "rehearsals" / "alone" / "ten.yaml").write_text(text, "utf-8")
    again()
    assert "单个文件的排演" in (await admin.open("/policies/rehearse")).text
    played = await admin.submit("/policies/rehearse", unit=unit, which="own", shipped="alone/ten.yaml")
    assert "全部期望成立" in played.text


async def test_what_is_in_force_here_is_rehearsed_by_the_text_that_was_adopted(
    admin: Browser, folder: Path, county: Seeded
) -> None:
    """The plugin is upgraded and removed: the rehearsal goes on by what the county has adopted."""
    write(folder, "kept", POLICY)
    unit = county.units["组织部"].id
    await admin.open("/policies")
    assert (await adopt(admin, "kept", unit, day=["2026-01-01"])).status_code == 303
    ten = TEXT.replace("state: done", "state: waiting, until: 2026-06-11")
    for text in (POLICY.replace("days: 10", "days: 20"), None):
        if text is None:
            (folder / "kept.yaml").unlink()
            again()
        else:
            write(folder, "kept", text)
        played = await admin.submit(PAGE, unit=str(unit), which="here", text=ten)
        assert "全部期望成立" in played.text
        body = {"text": ten, "unit_id": str(unit)}
        by_api = await admin.post(API, json=body, headers=csrf(admin))
        assert (by_api.json()["passed"], by_api.json()["problems"]) == (True, [])
