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
from tests.web.forms import Read
from tests.web.other_county import EDITION, NUMBER, PLAN
from tests.web.policies.seed import case_after, clerk
from web.kit.paging import encode_key

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


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"total": ""}, "total", "请填写计划数。"), ({"total": "三"}, "total", "计划数“三”不是一个整数"),
        ({"total": "-1"}, "total", "不能小于 0"), ({"total": "100001"}, "total", "应为 0 至 100000"),
        ({"year": ""}, "year", "请填写年度。"), ({"year": "1999"}, "year", ""),
        ({"guidance": ""}, "guidance", "请写明县委组织部年度指导意见"),
        ({"guidance": "导" * 1001}, "guidance", "最多 1000 个字"), ({"cases": "计甲"}, "cases", "请重新选择。"),
        ({"cases": str(UUID(int=5))}, "cases", "有人不在这个党组织"),
        ({"total": "0", "cases": "@计丙"}, "cases", "选了 1 人，超过计划数 0"),
        ({"unit": ""}, "unit", "请选择党组织。"),
    ],
)  # fmt: skip
async def test_a_plan_that_cannot_be_is_not_drawn_up(
    organizer: Browser, county: Seeded, people: dict[str, UUID], wrong: dict[str, str], field: str, said: str
) -> None:
    """At its field, what was typed stays, the API says the same, and there is no plan."""
    unit = str(county.units["城关镇党委"].id)
    good = {"unit": unit, "plan": "admission-plan", "year": "2027", "total": "5", "guidance": GUIDANCE}
    typed = {**good, **wrong}
    if typed.get("cases", "").startswith("@"):
        typed["cases"] = str(people[typed["cases"][1:]])
    before = len((await organizer.get("/api/v1/plans")).json()["items"])
    await organizer.open(f"/plans/draw?unit={unit}")
    answer = await organizer.submit("/plans/draw", **typed)
    assert answer.status_code in (403, 422), answer.status_code
    if answer.status_code == 422 and field != "unit":
        found = re.findall(rf'id="e-{field}">([^<]+)', answer.text)
        assert found or field == "year", field
        assert said in "".join(found)
        assert (
            f'name="total" type="text" maxlength="200" autocomplete="off" value="{typed["total"]}"'
            in answer.text
        )
        assert typed["guidance"][:200] in answer.text
    if field in ("total", "cases") and typed["total"].lstrip("-").isdecimal():
        body = {
            "unit_id": unit,
            "plan": "admission-plan",
            "year": 2027,
            "total": int(typed["total"]),
            "guidance": GUIDANCE,
        }
        api = await post(
            organizer, "/plans", **body, **({"cases": [typed["cases"]]} if "cases" in typed else {})
        )
        assert api.status_code in (400, 403, 422), api.text
    assert len((await organizer.get("/api/v1/plans")).json()["items"]) == before


async def test_plans_are_listed_by_year_over_their_pages_and_numbers_by_their_state(
    organizer: Browser, secretary: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit, somebody = county.units["河西乡党委"].id, county.accounts["inspector"]
    async with county_session(county.id) as session:
        for year, state, edition, approved in (
            (2023, "approved", 2, 2),
            (2024, "drawn", 3, 2),
            (2025, "submitted", 1, 0),
        ):
            plan = await session.fetchval(PLAN.replace("2026", str(year)), unit, somebody)
            for number in range(1, edition + 1):
                text = EDITION.replace("$1, 1, 1", f"$1, {number}, {number * 10}")
                reason = text.replace("'', ''", "'', '调整'") if number > 1 else text
                await session.execute(reason, plan, somebody)
            await session.execute(
                "update year_plan set state = $2, edition = $3, approved = $4 where id = $1",
                plan,
                state,
                edition,
                approved,
            )
    page = (await organizer.open("/plans")).text
    rows = {
        int(year): row for year, row in re.findall(r">(\d{4}) 年发展党员年度计划</a>(.*?)</tr>", page, re.S)
    }
    assert "第 2 稿" in rows[2023]
    assert "执行第" not in rows[2023]
    assert "第 3 稿（执行第 2 稿）" in re.sub(r"\s+", "", rows[2024]).replace(
        "第3稿（执行第2稿）", "第 3 稿（执行第 2 稿）"
    )
    assert "稿" not in rows[2025].split("</td>")[2]
    one = (await organizer.open("/plans?year=2024")).text
    assert len(re.findall(r">\d{4} 年发展党员年度计划</a>", one)) == 1
    assert "还没有年度计划" in (await organizer.open("/plans?year=2019")).text
    assert (await organizer.open("/plans?year=1899")).status_code in (400, 422)
    listed = [item["year"] for item in (await organizer.get("/api/v1/plans")).json()["items"]]
    assert listed == sorted(listed, reverse=True)
    first = (await organizer.get("/api/v1/plans")).json()["items"][0]
    behind = (
        await organizer.get("/api/v1/plans", params={"after": encode_key((first["year"], first["id"]))})
    ).json()
    assert [item["year"] for item in behind["items"]] == listed[1:]
    again = (await organizer.open(f"/plans?after={encode_key((first['year'], first['id']))}")).text
    assert first["id"] not in again
    for bad in (encode_key(("x", first["id"])), encode_key((first["year"],)), "oops"):
        assert (await organizer.open(f"/plans?after={bad}")).status_code == 422, bad

    place = county.units["城关镇党委"].id
    async with county_session(county.id) as session:
        made = [await session.fetchval(NUMBER, place, somebody) for _ in range(3)]
        await session.execute("update form_number set state = 'void', note = '污损' where id = $1", made[2])
    monkeypatch.setattr("core.numbers.queries.numbers.__kwdefaults__", {"after": None, "limit": 50})
    for standing in ("", "allotted", "void"):
        told = (await organizer.get(f"/api/v1/numbers?standing={standing}")).json()["items"]
        shown_ = (await organizer.open(f"/plans/numbers?standing={standing}")).text
        assert all(one_["number"] in shown_ for one_ in told), standing
        assert (str(made[2]) in {one_["id"] for one_ in told}) == (standing != "allotted")
    at, numbers = f"/plans/numbers/{made[1]}/void", "/plans/numbers?standing=allotted"
    form = Read((await organizer.open(numbers)).text).form(at)
    assert form is not None
    kept = await organizer.submit(at, **form.sent(note=["坏" * 201]))
    assert kept.status_code == 422
    assert re.findall(r'id="e-note">([^<]+)', kept.text) == ["最多 200 个字。"]
    assert f'id="f-note" value="{"坏" * 201}"' in kept.text
    assert 'aria-current="true"' in kept.text.split("standing=allotted")[1][:40], "the same list"
    behind_ = await organizer.submit(at, note="", standing="allotted", after=encode_key((str(made[0]),)))
    assert str(made[1]) in behind_.text
    assert str(made[0]) not in behind_.text, "the page on which it stands"
    nothing = await organizer.submit(
        "/plans/numbers/allot", unit=str(place), step="oath", first="A1", count="1", paper="x"
    )
    assert (nothing.status_code, "现行政策没有要求由上级核发这种表的编号" in nothing.text) == (422, True)
    assert "作废</button>" not in (await secretary.open("/plans/numbers")).text
