"""What was recorded by mistake is struck out, and what paper does not show is put right; the history shows both."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core.casework.acts.open import take_over
from tenants.database.session import county_session
from tenants.policies.regimes import regime_of_path
from tests.web.cases.mend.test_correct import entry, typed
from tests.web.cases.mend.test_exempt import send
from tests.web.cases.seed import applicant, crew, do, opened, walked
from tests.web.conftest import Browser, Seeded

pytestmark = pytest.mark.anyio

PAPER = {
    "application": date(2025, 3, 3),
    "applicant-talk": date(2025, 3, 20),
    "activist-decision": date(2025, 5, 20),
    "activist-filing": date(2025, 6, 3),
}


async def on_paper(county: Seeded, name: str) -> UUID:
    """A case that was taken over from paper, as far as the filing of an activist."""
    async with county_session(county.id):
        person = await applicant(county, name)
        department = crew(county)["department"]
        written = await take_over(
            department, person, PAPER, regime_for=regime_of_path, today=date(2026, 6, 1)
        )
        return written.case_id


async def states(browser: Browser, case: UUID) -> dict[str, tuple[str, str | None]]:
    """Each step's state and the day on which it began."""
    steps = (await browser.get(f"/api/v1/cases/{case}")).json()["steps"]
    return {one["id"]: (one["state"], one["began"]) for one in steps}


async def struck(browser: Browser, path: str, reason: str = "记到了同名的人") -> Any:
    """Look at what striking out changes, and do it; the page and the answer."""
    shown = await browser.open(path)
    return shown.text, await browser.submit(path, **{**typed(shown.text), "reason": reason})


async def test_a_record_of_another_person_is_struck_out_by_who_made_it(
    secretary: Browser, committee: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "孙误记"))
        await do(county, case, "applicant-talk", date(2025, 3, 20))
    talk = await entry(county, case, "applicant-talk")
    path = f"/cases/{case}/entries/{talk}/strike"
    assert path in (await secretary.open(f"/cases/{case}/entries/{talk}/correct")).text
    assert (await committee.get(path)).status_code == 403
    bare = await secretary.submit(path, **typed((await secretary.open(path)).text))
    assert bare.status_code == 422
    shown, done = await struck(secretary, path)
    assert "撤销以后" in shown
    assert done.status_code == 303, done.text
    page = (await secretary.open(f"/cases/{case}/history")).text
    for said in ("误记，已撤销", "撤销了误记的“", "记到了同名的人"):
        assert said in page
    assert f"entries/{talk}/correct" not in page
    assert (await states(secretary, case))["applicant-talk"] == ("open", None)
    assert (await secretary.get(path)).status_code == 409
    async with county_session(county.id):
        await do(county, case, "applicant-talk", date(2025, 3, 25))
    assert (await states(secretary, case))["applicant-talk"] == ("done", "2025-03-25")


async def test_with_what_a_case_began_it_cannot_be_struck_out(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "孙开始"))
    first = await entry(county, case, "application")
    page = (await secretary.open(f"/cases/{case}/entries/{first}/strike")).text
    assert "请报有权的一级终止办理" in page
    assert "确认撤销" not in page


async def test_where_later_steps_rest_on_it_the_level_above_agrees(
    secretary: Browser, committee: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        case = await walked(county, "孙上级", "activist-filing")
    decision = await entry(county, case, "activist-decision")
    shown, done = await struck(secretary, f"/cases/{case}/entries/{decision}/strike")
    assert "不再成立，须重新办理" in shown
    assert "提请基层党委同意撤销" in shown
    assert done.status_code == 303, done.text
    assert (await states(secretary, case))["activist-decision"] == ("done", "2025-05-20")
    request = await entry(county, case, "activist-decision", "strike-request")
    page = (await committee.open(f"/cases/{case}/requests/{request}")).text
    assert "请求把这条记录作为误记撤销" in page
    done = await committee.submit(f"/cases/{case}/requests/{request}", **{**typed(page), "answer": "granted"})
    assert done.status_code == 303, done.text
    now = await states(secretary, case)
    assert (now["activist-decision"], now["activist-filing"][0]) == (("open", None), "failed")
    assert "误记，已撤销" in (await secretary.open(f"/cases/{case}/history")).text


async def test_days_of_paper_are_put_right_by_the_department(
    secretary: Browser, organizer: Browser, county: Seeded
) -> None:
    case = await on_paper(county, "孙纸质")
    path = f"/cases/{case}/paper/activist-filing/correct"
    assert path not in (await secretary.open(f"/cases/{case}/history")).text
    assert (await secretary.get(path)).status_code == 403
    assert path in (await organizer.open(f"/cases/{case}/history")).text
    form = typed((await organizer.open(path)).text)
    early = await organizer.submit(path, **{**form, "day": "2025-05-01", "reason": "抄错"})
    assert early.status_code == 422
    assert "须在“推荐和确定入党积极分子”（2025-05-20）之后" in early.text
    shown = await organizer.submit(path, **{**form, "day": "2025-06-13", "reason": "抄错"})
    done = await organizer.submit(path, **{**typed(shown.text), "reason": "抄错"})
    assert done.status_code == 303, done.text
    assert (await states(organizer, case))["activist-filing"] == ("done", "2025-06-13")
    assert "原来写的是 2025-06-03" in (await organizer.open(f"/cases/{case}/history")).text
    _, done = await struck(organizer, f"/cases/{case}/paper/activist-filing/strike", "没有备案表")
    assert done.status_code == 303, done.text
    assert (await states(organizer, case))["activist-filing"] == ("open", None)
    assert "没有办过这一环节" in (await organizer.open(f"/cases/{case}/history")).text
    assert (await organizer.get(f"/cases/{case}/paper/activist-filing/strike")).status_code == 404


async def test_the_same_by_the_api(secretary: Browser, organizer: Browser, county: Seeded) -> None:
    case = await on_paper(county, "孙接口")
    async with county_session(county.id):
        await do(county, case, "mentor-appointment", date(2026, 6, 10))
    mentors = str(await entry(county, case, "mentor-appointment"))
    status, seen = await send(secretary, case, "/strikes/preview", reason="误记", entry=mentors)
    assert (status, seen["agrees"], seen["undone"]) == (200, "", ["mentor-appointment"])
    assert (await send(secretary, case, "/strikes", reason="误记", step="application"))[0] == 403
    assert (await send(secretary, case, "/strikes", reason="误记", entry=mentors))[0] == 201
    wanted = {"step": "activist-filing", "day": "2025-06-05", "reason": "抄错"}
    status, seen = await send(organizer, case, "/paper-corrections/preview", **wanted)
    assert (status, seen["undone"]) == (200, [])
    assert (await send(organizer, case, "/paper-corrections", **wanted))[0] == 201
    assert (await send(organizer, case, "/strikes", reason="没有办", step="activist-filing"))[0] == 201
    now = await states(organizer, case)
    assert (now["mentor-appointment"][0], now["activist-filing"][0]) == ("open", "open")
