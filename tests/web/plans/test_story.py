"""A year's plan, walked through the front door: drawn up, approved, reported, used up, adjusted."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from core.casework.access import access_case
from core.errors import Conflict, Invalid
from dangwu import least
from tenants.database.session import county_session
from tenants.policies.changes import Adopt, Choice
from tenants.policies.regimes import regime_of_path
from tenants.policies.service import apply
from tests.casework import record, send_back
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything
from tests.web.policies.seed import case_after, clerk

GATE = frozenset({"yakeshi.plan.in-plan-gate.platform"})
GUIDANCE = "市委组织部 2026 年发展党员工作指导意见"


@pytest.fixture(scope="module")
async def people(county: Seeded) -> dict[str, UUID]:
    """Three who are selected, under two practices: one gates by the plan, one has it reported to the city."""
    found = {
        name: await case_after(county, "东街支部", name, "prospect-selection", date(2026, 9, 1))
        for name in ("计甲", "计乙", "计丙")
    }
    async with county_session(county.id):
        top = county.units["组织部"].id
        for plugin, also in (("yakeshi", GATE), ("jinhua-2014", frozenset[str]())):
            change = Adopt(plugin=plugin, since=TODAY, choice=Choice(basis="县委会议纪要", also=also))
            await apply(everything(), top, change, TODAY)
    return found


@pytest.fixture(scope="module")
async def forms(county: Seeded, people: dict[str, UUID]) -> list[UUID]:
    """Two who are about to fill in the form."""
    return [
        await case_after(county, "东街支部", name, "pre-review", date(2026, 11, 2))
        for name in ("表甲", "表乙")
    ]


async def fill_in(county: Seeded, case: UUID, number: str) -> None:
    """Record the form with this number, and what else its rules ask for."""
    who = clerk(county, "branch")
    async with county_session(county.id):
        found = await access_case(who, case)
        regime = await regime_of_path(found.path)
        for evidence in least(regime, found.case, "admission-form", TODAY):
            given = {**evidence, "serial": number} if "serial" in evidence else evidence
            seen = (await access_case(who, case)).version
            await record(who, case, "admission-form", TODAY, given, seen_version=seen, regime_for=regime_of_path,
                         today=TODAY)  # fmt: skip


async def act(browser: Browser, path: str, **fields: object) -> httpx.Response:
    """Fill in a form as it is shown."""
    page = (await browser.open(path)).text
    version = re.search(r'name="version" value="(\d+)"', page)
    known = {"version": version[1]} if version else {}
    return await browser.submit(path, **{**known, **fields})


async def shown(browser: Browser, answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text
    return (await browser.open(answer.headers["location"])).text


async def post(browser: Browser, path: str, **body: object) -> httpx.Response:
    return await browser.post(f"/api/v1{path}", json=body, headers={"x-csrftoken": browser.token})


async def test_a_plan_from_its_drawing_to_its_last_place(
    app: Litestar, committee: Browser, organizer: Browser, secretary: Browser, county: Seeded, people: dict[str, UUID]
) -> None:  # fmt: skip
    unit = str(county.units["城关镇党委"].id)
    index = (await organizer.open("/plans")).text
    assert "2 个基层党委还没有制定 2026 年的计划" in index
    page = (await committee.open(f"/plans/draw?unit={unit}")).text
    assert "依据的指导意见" in page
    assert "计甲（东街支部）" in page
    new = {"unit": unit, "plan": "admission-plan", "year": "2026"}
    over = await committee.submit(
        "/plans/draw", **new, total="1", cases=[str(people["计甲"]), str(people["计乙"])]
    )
    assert over.status_code == 422
    assert "选了 2 人，超过计划数 1" in over.text
    assert "请写明县委组织部年度指导意见" in over.text
    huge = await committee.submit("/plans/draw", **new, total="9" * 15, guidance=GUIDANCE)
    assert (huge.status_code, "计划数应为 0 至 100000" in huge.text) == (422, True)
    drawn = await committee.submit(
        "/plans/draw", **new, total="１", guidance=GUIDANCE, cases=str(people["计甲"])
    )
    page = await shown(committee, drawn)
    at = drawn.headers["location"]
    assert "列入 1 人，其中已成为党员 0 人；还可列入 0 人" in page
    twice = await committee.submit("/plans/draw", **new, total="1", guidance=GUIDANCE)
    assert (twice.status_code, "已有 2026 年" in twice.text) == (409, True)
    assert (await secretary.open(at)).status_code == 404  # of the level above
    assert (await committee.open(f"{at}/approve")).status_code == 403
    old = await act(committee, f"{at}/submit", day="2024-12-31")
    assert (old.status_code, "早于计划年度的上一年" in old.text) == (422, True)
    assert "已报批" in await shown(committee, await act(committee, f"{at}/submit", day=str(TODAY)))
    stale = await post(organizer, f"{at}/acts", act="approve", day=str(TODAY), version=1)
    assert (stale.status_code, "别人办理过" in stale.text) == (409, True)
    gone = await act(organizer, f"{at}/return", day=str(TODAY))
    assert (gone.status_code, "退回的理由" in gone.text) == (422, True)
    assert await organizer.restored(f"{at}/return", "note")
    page = (await organizer.open(f"{at}/approve")).text
    assert "下列 1 人列入计划，记入各人档案：计甲" in page
    page = await shown(
        organizer, await act(organizer, f"{at}/approve", day=str(TODAY), paper="组字〔2026〕3 号")
    )
    assert "报备</dt>" in page  # now the committee reports it
    assert "已逾期" in page
    assert "已列入 2026 年" in (await organizer.open(f"/cases/{people['计甲']}/plan")).text
    assert "还没有列入" in (await organizer.open(f"/cases/{people['计乙']}/plan")).text
    assert await organizer.restored(f"/cases/{people['计乙']}/plan", "because")

    reported = await act(
        committee, f"{at}/report", day=str(TODAY), receiver="city", paper="城党字〔2026〕9 号"
    )
    assert "城党字〔2026〕9 号" in await shown(committee, reported)

    place = {
        "plan": "admission-plan",
        "year": "2026",
        "stands": "yes",
        "day": str(TODAY),
        "because": "组织员会议",
    }
    full = await act(organizer, f"/cases/{people['计乙']}/plan", **place)
    assert (full.status_code, "计划数是 1 人，已经列满" in full.text) == (409, True)

    # One place more, and two who take it at once: one gets it.
    refused = await act(committee, f"{at}/redraw", total="2", guidance=GUIDANCE, cases=str(people["计甲"]))
    assert (refused.status_code, "请写明调整的理由" in refused.text) == (422, True)
    await shown(committee, await act(
        committee, f"{at}/redraw", total="2", guidance=GUIDANCE, cases=str(people["计甲"]), reason="新建两个企业支部"
    ))  # fmt: skip
    during = await act(organizer, f"/cases/{people['计乙']}/plan", **place)
    assert (during.status_code, "正在调整（第 2 稿）" in during.text) == (409, True)
    for what, who in (("submit", committee), ("approve", organizer)):
        version = (await who.get(f"/api/v1{at}")).json()["version"]
        answer = await post(who, f"{at}/acts", act=what, day=str(TODAY), version=version)
        assert answer.status_code == 201, answer.text
    async with browser(app) as second:
        await second.sign_in(county, "department-organizer")
        answers = await asyncio.gather(
            act(organizer, f"/cases/{people['计乙']}/plan", **place),
            act(second, f"/cases/{people['计丙']}/plan", **place),
        )
    assert sorted(one.status_code for one in answers) == [303, 409]
    page = (await organizer.open(at)).text
    assert "列入 2 人，其中已成为党员 0 人；还可列入 0 人" in page
    assert "计划数由 1 改为 2" in page
    assert "第 3 稿（执行）" in page
    late = await organizer.get("/api/v1/plans", params={"year": 2026})
    assert [one["named"] for one in late.json()["items"]] == [2]
    async with county_session(county.id) as session:
        await session.execute(
            "update case_file set membership = 'probationary' where id = $1", people["计甲"]
        )
        await session.execute("update case_file set status = 'closed' where id = $1", people["计乙"])
    again = (await committee.open(f"{at}/redraw")).text
    kept = dict(re.findall(r'name="cases" value="([^"]+)" checked><span>([^<]+)', again))
    assert kept[str(people["计甲"])] == "计甲（东街支部，已是预备党员）", (
        "else his place would be free once more"
    )
    other = {people["计乙"]: "计乙（东街支部，已终止）", people["计丙"]: "计丙（东街支部）"}
    assert [kept[str(one)] in said for one, said in other.items() if str(one) in kept] == [True]
    assert len(kept) == 2


async def test_a_number_is_used_once(
    organizer: Browser, committee: Browser, county: Seeded, forms: list[UUID]
) -> None:
    one, two = forms
    await fill_in(county, one, "手写-7")
    with pytest.raises(Conflict, match="已经用过"):
        await fill_in(county, two, "手写－７")
    unit = str(county.units["城关镇党委"].id)
    assert (await committee.open("/plans/numbers/allot")).status_code == 403
    assert "用于" in (await organizer.open(f"/plans/numbers/allot?unit={unit}")).text
    series = {"unit": unit, "step": "admission-form", "paper": "2026 年计划"}
    for first, count, why in (
        ("ＪＨ２０２６－９９９", "2", "位数不够"), ("JH", "1", "以数字结尾"), ("<b>1", "1", "只能有汉字"),
        ("-1", "1", "只能有汉字"), ("JH1", "9" * 15, "1 至 500 个"),
    ):  # fmt: skip
        wrong = await organizer.submit("/plans/numbers/allot", **series, first=first, count=count)
        assert (wrong.status_code, why in wrong.text) == (422, True), why
    made = await organizer.submit("/plans/numbers/allot", **series, first="ＪＨ２０２６－００１", count="３")
    assert "JH2026-003" in await shown(organizer, made)
    again = await post(
        organizer, "/numbers", unit_id=unit, step="admission-form", first="JH2026-003", count=2, paper="又"
    )
    assert (again.status_code, "没有核发" in again.text) == (409, True)
    endless = await post(
        organizer, "/numbers", unit_id=unit, step="admission-form", first="9" * 201, count=1, paper="又"
    )
    assert (endless.status_code, "最多 60 个字" in endless.text) == (422, True)
    with pytest.raises(Invalid, match="没有核发过编号 JH2026-009"):
        await fill_in(county, two, "JH2026-009")
    await fill_in(county, two, "ＪＨ２０２６-００１")
    who = clerk(county, "branch")
    async with county_session(county.id):
        seen = (await access_case(who, two)).version
        await send_back(
            who,
            two,
            "admission-form",
            TODAY,
            "写错了",
            seen_version=seen,
            regime_for=regime_of_path,
            today=TODAY,
        )
    with pytest.raises(Conflict, match="已经作废"):
        await fill_in(county, two, "JH2026-001")
    await fill_in(county, two, "JH2026-002")
    lines = (await organizer.get("/api/v1/numbers")).json()["items"]
    assert {item["number"]: item["state"] for item in lines} == {
        "手写-7": "used", "JH2026-001": "void", "JH2026-002": "used", "JH2026-003": "allotted"
    }  # fmt: skip
    spoilt = next(item["id"] for item in lines if item["state"] == "allotted")
    page = await shown(organizer, await organizer.submit(f"/plans/numbers/{spoilt}/void", note="污损"))
    assert "污损" in page
