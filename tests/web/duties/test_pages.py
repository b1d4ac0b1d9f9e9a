"""职责: one meeting that served three duties, a month that was missed, who is behind; nothing of another county."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from litestar import Litestar
from openpyxl import load_workbook

from core.organisation.model import UnitView
from tenants.database.session import county_session
from tenants.exports.make import make_export
from tenants.policies.changes import Adopt
from tenants.policies.service import apply
from tests.web.cases.test_transfers import done, recorded
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything
from tests.web.policies.seed import case_after, do
from tests.web.working import work


@pytest.fixture
def branch(county: Seeded) -> UnitView:
    return county.units["东街支部"]


async def held(secretary: Browser, kind: str, day: str, **more: object) -> str:
    """Record an activity of the branch; where it stands."""
    page = (await secretary.open(f"/cases/meeting?kind={kind}&day={day}")).text
    unit = re.search(r'name="unit" value="([^"]+)"', page)
    assert unit is not None
    fields = {"unit": unit[1], "kind": kind, "day": day, "rest": "1", **more}
    if 'name="present"' in page:
        fields |= {"eligible": "5", "present": "4"}
    answer = await secretary.submit("/cases/meeting", **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def states(reader: Browser, unit: UnitView, duty: str) -> dict[str, str]:
    """By due day how the occurrences of a duty stand."""
    found = (await reader.get(f"/api/v1/duties/{unit.id}")).json()
    return {one["due"]: one["state"] for one in found["items"] if one["duty"] == duty}


async def test_before_anything_is_recorded_nobody_is_behind(secretary: Browser, branch: UnitView) -> None:
    assert "记录第一次会议或活动以后" in (await secretary.open("/duties")).text
    assert "没有要核对的职责" in (await secretary.open(f"/duties/{branch.id}")).text


async def test_one_meeting_serves_three_duties_each_on_its_own_evidence(
    secretary: Browser, branch: UnitView
) -> None:
    await held(secretary, "party-day", "2026-07-01")
    await held(secretary, "party-day", "1926-08-01")
    assert "自 2026-07-01（本县记录第一次活动）" in (await secretary.open("/duties")).text
    page = (await secretary.open("/cases/meeting?kind=party-day&day=2026-11-01")).text
    other = {
        "unit": str(branch.id),
        "kind": "committee-meeting",
        "day": "2026-11-01",
        "rest": "1",
        "eligible": "5",
    }
    assert "记录主题党日" in page
    assert (await secretary.submit("/cases/meeting", **other, present="4")).status_code == 404, (
        "never another kind"
    )
    where = await held(secretary, "branch-meeting", "2026-08-03", also=["party-day", "life-meeting"])
    shown = (await secretary.open(where)).text
    assert "同时是" in shown
    assert "主题党日" in shown
    assert (await states(secretary, branch, "branch-meeting"))["2026-09-30"] == "discharged"
    assert (await states(secretary, branch, "party-day"))["2026-08-31"] == "discharged"
    assert (await states(secretary, branch, "party-day"))["2026-09-30"] == "missed"
    assert "2026-12-31" not in await states(secretary, branch, "life-meeting")  # begun in mid-year


async def test_the_calendar_says_what_presses_and_why(secretary: Browser, branch: UnitView) -> None:
    page = (await secretary.open(f"/duties/{branch.id}")).text
    assert re.findall(r"<h2>(逾期未办|应办|未到时间|已办)</h2>", page) == [
        "逾期未办",
        "应办",
        "未到时间",
        "已办",
    ]
    assert "主题党日" in page
    assert "party-day" not in re.sub(r"<[^>]+>", "", page)
    assert "每月不少于 1 次" in page
    assert "《中国共产党党员教育管理工作条例》第十六条" in page


async def test_who_oversees_sees_who_is_behind_and_nothing_once_it_is_done(
    app: Litestar, county: Seeded, secretary: Browser, branch: UnitView
) -> None:
    async with browser(app) as made:
        await made.sign_in(county, "committee-secretary")
        board = (await made.open("/duties")).text
        assert f'href="/duties/{branch.id}"' in board
        assert "2026-10-31" in board
        assert f'href="/duties?unit={branch.id}"' in board
        chosen = (await made.open(f"/duties?unit={branch.id}")).text
        assert "东街支部：逾期未办的职责" in chosen
        assert (await made.submit(f"/duties/export?unit={branch.id}")).headers["location"] == "/exports"
        assert await work(county, make_export)
        file = re.search(r"/exports/[^/]+/file", (await made.open("/exports")).text)
        assert file is not None
        sheet = load_workbook(BytesIO((await made.get(file[0])).content)).worksheets[0]
        assert [cell.value for cell in sheet[2]][:3] == ["东街支部", "东街支部", "主题党日"]
        assert "party-day" not in re.sub(r"<[^>]+>", "", board)
        items = (await made.get("/api/v1/duties")).json()["items"]
        assert {
            one["duty"] for each in items for one in each["items"] if each["unit_id"] == str(branch.id)
        } == {"party-day"}
        await held(secretary, "party-day", "2026-10-20")
        items = (await made.get("/api/v1/duties")).json()["items"]
        assert str(branch.id) not in {each["unit_id"] for each in items}


async def test_nothing_of_another_county(app: Litestar, other_county: Seeded, branch: UnitView) -> None:
    async with browser(app) as made:
        await made.sign_in(other_county, "department-admin")
        assert (await made.get(f"/duties/{branch.id}")).status_code == 404
        assert (await made.get(f"/api/v1/duties/{branch.id}")).status_code == 404
        assert (await made.get("/api/v1/duties")).json() == {"items": []}


async def test_nobody_becomes_an_activist_in_a_year_without_its_meeting(
    county: Seeded, secretary: Browser, branch: UnitView
) -> None:
    """金华: what a record says was held must have been written down; the meeting is one of the branch's duties, too."""
    async with county_session(county.id):
        unit = county.units["城关镇党委"].id
        await apply(everything(), unit, Adopt(plugin="jinhua-2014", since=date(2026, 9, 1)), TODAY)
    case = await case_after(county, "东街支部", "推优人", "applicant-talk", date(2026, 9, 5))
    await do(county, case, "application-notice", date(2026, 9, 10))
    await do(county, case, "activist-recommendation", date(2026, 10, 12))
    await held(secretary, "party-day", "2026-10-09")
    where = f"/cases/{case}"
    named = {"consultation.*": "members", "documents.*": "nomination-record"}
    named["convened.recommendation-meeting"] = "2026-10-11"
    answer = await recorded(secretary, where, "activist-decision", str(TODAY), **named)
    assert (answer.status_code, "没有 2026-10-11 的群众推优会记录" in answer.text) == (422, True), answer.text
    assert "2026 年还没有记录过" in answer.text
    await held(secretary, "recommendation-meeting", "2026-10-10", why="另有列席人员")
    named["convened.recommendation-meeting"] = "2026-10-10"
    await done(secretary, where, "activist-decision", str(TODAY), **named)
    found = (await secretary.get(f"/api/v1{where}")).json()
    assert {one["id"]: one["state"] for one in found["steps"]}["activist-decision"] == "done"
