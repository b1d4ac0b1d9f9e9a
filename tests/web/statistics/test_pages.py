"""Statistics as a department sees them: a day by what one chooses, a chart, a period that agrees, a workbook."""

from __future__ import annotations

import io
import re
from datetime import date
from urllib.parse import unquote
from uuid import UUID

from openpyxl import load_workbook

from core.actor import Actor, Holding
from core.changes.tags import set_tags
from core.register.model import PersonDraft
from core.register.service import enter
from core.register.values import EDUCATION
from core.statistics.dimensions import GROUPS
from core.statistics.flows import LINES, Change, Flows
from core.statistics.yearly.checks import checked
from core.statistics.yearly.model import YEARLY, Line, Table
from core.statistics.yearly.report import Wanted, report
from tenants.database.session import county_session
from tenants.exports.make import make_export
from tests.web.conftest import TODAY, Browser, Seeded, everything
from tests.web.working import work

JOBS = (
    "公务员", "参公人员", "事业单位管理人员", "事业单位专业技术人员",
    "事业单位工勤技能人员", "公有经济控制企业管理人员", "公有经济控制企业专业技术人员", "非公有经济控制企业管理人员",
    "非公有经济控制企业专业技术人员", "非公有经济控制企业工勤技能人员", "民办非企业单位管理人员", "民办非企业单位专业技术人员",
    "民办非企业单位工勤技能人员", "机关工勤人员", "农牧渔业生产人员", "乡村医生",
    "外出务工经商人员", "其他农牧渔民", "解放军、武警", "研究生（毕业年级）",
    "本科（一年级）", "专科（其他年级）", "中专学生", "高中学生",
    "技校学生", "离休人员", "退休人员", "退职人员",
    "内退人员", "大学生村官", "社区工作人员", "停薪留职",
    "个体从业人员", "自由职业者", "待安置或毕业未就业", "出国逾期未归",
    "其他从业人员", "其他无业人员",
)  # fmt: skip
"""What the national system offers as 工作岗位 (national-baseline §8.2)."""


def figures(page: str) -> dict[str, list[str]]:
    """The rows of the table: title → its figures."""
    rows = re.findall(r"<tr>\s*<th>([^<]+)</th>(.*?)</tr>", page, re.S)
    return {
        title: found
        for title, cells in rows
        if (found := re.findall(r'<td class="num"[^>]*>([^<]+)</td>', cells))
    }


async def test_a_day_a_period_and_their_workbook(
    organizer: Browser, secretary: Browser, county: Seeded
) -> None:
    unit = county.units["东街支部"].id
    async with county_session(county.id):
        for name, sex, membership, joined, converted, job, education in (
            (
                "甲",
                "female",
                "full",
                date(1999, 7, 1),
                date(2000, 7, 1),
                "公有经济控制企业工勤技能人员",
                "初中",
            ),
            ("乙", "male", "full", date(2025, 3, 1), date(2026, 3, 1), "退休人员", "中央党校大专"),
            ("丙", None, "probationary", date(2026, 6, 1), None, "学生处处长", None),
        ):
            person = PersonDraft(
                name=f"统计{name}", sex=sex, membership=membership, joined=joined, converted=converted, job=job,
                education=education,
            )  # fmt: skip
            await enter(everything(), unit, person, TODAY)
    page = (await organizer.open(f"/statistics?unit={unit}")).text
    assert '<a href="/statistics" aria-current="page">' in page
    today = figures(page)
    assert today["女"][:2] == ["1", "0"]
    assert today["未登记"][1] == "1"
    assert today["合计"][:2] == ["2", "1"]
    picture = unquote(page.split('src="data:image/svg+xml,')[1].split('"')[0])
    assert "正式党员" in picture
    assert "女" in picture
    past = (await organizer.open(f"/statistics?unit={unit}&day=2025-12-31&by=epoch")).text
    assert figures(past) == {"党的十一届三中全会至党的十八大前": ["1", "0", "1"], "党的十八大以来": ["0", "1", "1"],
                             "合计": ["1", "1", "2"]}  # fmt: skip
    assert "更早的人数按现在登记的" in past
    flows = (await organizer.open(f"/statistics/flows?unit={unit}&since=2026-01-01&until=2026-11-01")).text
    assert list(figures(flows).values()) == [
        ["1", "1", "2"],
        ["0", "+1", "+1"],
        ["+1", "-1", "0"],
        ["2", "1", "3"],
    ]

    async def told(by: str, since: str = "") -> dict[str, int]:
        body = (await organizer.get(f"/api/v1/statistics?unit={unit}&by={by}&since={since}")).json()
        assert sum(body["total"]["counts"].values()) == sum(
            sum(one["counts"].values()) for one in body["lines"]
        )
        return {one["title"]: sum(one["counts"].values()) for one in body["lines"]}

    assert await told("level") == {"大专及以上": 1, "中等专科、高中及以下": 1, "未登记": 1}
    assert await told("occupation") == {
        "工人（工勤技能人员）": 1, "离退休人员": 1, "登记的文字不在工作岗位选项内": 1}  # fmt: skip
    assert await told("occupation", "2026-01-01") == {"登记的文字不在工作岗位选项内": 1}
    assert await told("period") == {"1979 年 1 月至 2002 年 10 月": 1, "2012 年 11 月以来": 2}
    period = (
        await organizer.get(f"/api/v1/statistics/flows?unit={unit}&since=2026-01-01&until=2026-11-01")
    ).json()
    sums = {
        kind: period["before"][kind] + sum(one[kind] for one in period["changes"]) - period["after"][kind]
        for kind in ("full", "probationary")
    }
    assert sums == {"full": 0, "probationary": 0}
    assert period["after"]["full"] == 2
    await organizer.open(f"/statistics?unit={unit}")
    answer = await organizer.submit(f"/statistics/export?unit={unit}&day=2025-12-31&by=epoch")
    assert (answer.status_code, answer.headers["location"]) == (303, "/exports")
    await work(county, make_export)
    [address] = re.findall(r"/exports/[0-9a-f-]+/file", (await organizer.open("/exports")).text)
    sheet = load_workbook(io.BytesIO((await organizer.open(address)).content)).active
    assert sheet is not None
    assert [cell.value for cell in list(sheet)[-1]] == ["合计", 1, 1, 2]
    await _yearly(organizer, county, unit)
    await _studied(organizer, secretary, unit)
    assert (await organizer.get("/statistics?day=2999-01-01")).status_code == 422
    assert (await organizer.get("/statistics?by=salary")).status_code == 422


async def _yearly(organizer: Browser, county: Seeded, unit: UUID) -> None:
    """The yearly tables of the same three: page, API, workbook; and what somebody sees of few people whom he may not see."""
    page = (await organizer.open(f"/statistics/yearly?unit={unit}&year=2026")).text
    assert re.search(r"\d+ 项全部相符", page)
    assert "名册因此没有“一线情况”这一项" in page
    assert f'action="/statistics/yearly/export?unit={unit}&amp;year=2026"' in page
    rows = figures(page)
    assert rows["接收预备党员"] == ["0", "1", "1"]
    assert rows["离退休人员"] == ["1", "0", "1"]
    body = (await organizer.get(f"/api/v1/statistics/yearly?unit={unit}&year=2026")).json()
    tables = {one["id"]: one for one in body["tables"]}
    assert [one.id for one in YEARLY.tables] == [*tables]
    assert tables["occupation"]["total"]["figures"] == [2, 1, 3]
    assert tables["admitted-occupation"]["total"]["figures"] == [1]
    assert "离退休人员" not in [one["title"] for one in tables["admitted-occupation"]["lines"]]
    assert tables["reached"]["lines"][0]["figures"] == [1, 0, 3, 0]
    assert tables["organisations"]["lines"][2] == {"title": "党支部", "figures": [1, 0, 0, 1]}
    whole = (await organizer.get("/api/v1/statistics/yearly")).json()
    assert {one["wrong"] for one in whole["checks"]} == {""}
    assert (await organizer.get("/statistics/yearly?year=2027")).status_code == 422
    await organizer.submit(f"/statistics/yearly/export?unit={unit}&year=2026")
    await work(county, make_export)
    address = re.findall(r"/exports/[0-9a-f-]+/file", (await organizer.open("/exports")).text)[0]
    book = load_workbook(io.BytesIO((await organizer.open(address)).content))
    assert book.sheetnames == ["核对", *(one.title for one in YEARLY.tables), "导出说明"]
    assert [cell.value for cell in list(book["党员性别"])[4]] == ["合计", 2, 1, 3]
    assert "2026 年" in str(book["导出说明"]["B4"].value)
    async with county_session(county.id):
        top = county.units["组织部"]
        held = Holding("counts", "department", top.id, top.path, frozenset({"statistics.view", "org.view"}))
        counts_alone = Actor(everything().id, "统计员", (held,))
        seen = await report(counts_alone, Wanted(2026, unit), TODAY)
        assert seen.withheld
        assert {one.figures for table in seen.tables if table.id == "sex" for one in table.lines} == {None}


async def _studied(organizer: Browser, secretary: Browser, unit: UUID) -> None:
    """Who has the 32 hours of a year, as the branch records what it holds: hour by hour up to the limit and back."""

    async def held(kind: str, day: str, hours: float, *absent: UUID) -> str:
        missing = [{"person_id": str(one), "state": "absent", "reason": "病"} for one in absent]
        answer = await secretary.post(
            "/api/v1/activities",
            json={"kind": kind, "unit_id": str(unit), "day": day, "hours": hours, "absences": missing},
            headers={"x-csrftoken": secretary.token},
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def reached() -> list[float]:
        body = (await organizer.get(f"/api/v1/statistics/yearly?unit={unit}&year=2026")).json()
        tables = {one["id"]: one for one in body["tables"]}
        [line] = [one["figures"] for one in tables["reached"]["lines"] if one["title"] == "党支部"]
        assert tables["reached"]["total"]["figures"] == line
        return list(line)

    found = (await organizer.get(f"/api/v1/people?unit={unit}&q=统计")).json()["items"]
    people = {one["name"]: UUID(one["id"]) for one in found}
    second, third = people["统计乙"], people["统计丙"]
    await secretary.open("/")
    await held("study-hours", "2025-12-30", 40)
    await held("party-day", "2026-11-02", 40)
    assert await reached() == [1, 0, 3, 0], "another year's, and what is no study"
    await held("study-hours", "2026-10-10", 30)
    await held("lecture", "2026-10-20", 1.5)
    assert await reached() == [1, 0, 3, 0], "half an hour less"
    await held("training", "2026-11-03", 0.5, second, third)
    assert await reached() == [1, 0, 3, 1], "32 to the half hour"
    await held("training", "2026-11-04", 1, third)
    assert await reached() == [1, 0, 3, 2]
    last = await held("lecture", "2026-11-05", 0.5)
    assert await reached() == [1, 1, 3, 3], "the branch has it once its last member has"
    gone = await secretary.post(
        f"/api/v1/activities/{last}/withdrawal",
        json={"reason": "重复登记", "version": 1},
        headers={"x-csrftoken": secretary.token},
    )
    assert gone.is_success, gone.text
    assert await reached() == [1, 0, 3, 2]


def test_what_does_not_agree_is_said_in_words() -> None:
    turned = Change(LINES["converted"], full=1, probationary=-2)
    flows = Flows(Change("", 5, 2), (turned,), Change("", 7, 1), None)
    tables = {
        one.id: Table(id=one.id, title=one.title, columns=tuple(one.columns.values()), total=None, source="", unverified="",
                      note="", lines=(Line("", (3,) * len(one.columns)),))
        for one in YEARLY.tables
    }  # fmt: skip
    wrong = [one.wrong for one in checked(tables, flows) if one.wrong]
    assert wrong[:3] == [
        "年末 7 人，按年初和各项增减应为 6 人。",
        "年末 1 人，按上年结转和各项增减应为 0 人。",
        "预备党员减少 2 人，正式党员增加 1 人。",
    ]
    assert "各组合计 3 人，年末党员 8 人。" in wrong
    assert "年末 3 个，年初 3 个，成立 3 个，撤销 3 个。" not in wrong


def test_every_word_of_the_national_lists_has_one_group() -> None:
    words = {"level": EDUCATION, "occupation": JOBS}
    for name, listed in words.items():
        for word in listed:
            having = [
                one for one in GROUPS[name].groups if any(re.fullmatch(form, word) for form in one.words)
            ]
            assert len(having) == 1, (name, word)


COUNTED = (
    PersonDraft(name="数一", sex="male", born=date(1958, 3, 1), ethnicity="汉族", education="初中", job="退休人员",
                membership="full", joined=date(1985, 7, 1), converted=date(1986, 7, 1)),
    PersonDraft(name="数二", sex="female", born=date(1990, 3, 1), ethnicity="蒙古族", education="大学", job="公务员",
                membership="full", joined=date(2015, 7, 1), converted=date(2016, 7, 1)),
    PersonDraft(name="数三", sex="female", born=date(2000, 3, 1), membership="probationary", joined=date(2026, 5, 1)),
    PersonDraft(name="数四", sex="male", born=date(2003, 3, 1), membership="applicant"),
)  # fmt: skip
SPREAD = {
    "sex": {"男": 1, "女": 2}, "minority": {"汉族": 1, "少数民族和其他": 1, "未登记": 1},
    "ethnicity": {"汉族": 1, "蒙古族": 1, "未登记": 1}, "education": {"大学": 1, "初中": 1, "未登记": 1},
    "job": {"公务员": 1, "退休人员": 1, "未登记": 1}, "tag": {"农村": 2, "学生": 1, "没有登记特征": 1}, "kind": {"党支部": 3},
}  # fmt: skip
"""Members by what one chooses; of one who has two marks both count."""


async def test_each_grouping_is_the_same_by_page_and_api_and_says_how_far_it_holds(
    organizer: Browser, county: Seeded
) -> None:
    unit = county.units["上河支部"].id
    async with county_session(county.id):
        people = [await enter(everything(), unit, draft, TODAY) for draft in COUNTED]
        await set_tags(everything(), people[0], frozenset({"rural"}), date(2026, 2, 1), TODAY)
        await set_tags(everything(), people[1], frozenset({"rural", "student"}), date(2026, 2, 1), TODAY)
    listed = (await organizer.get("/api/v1/statistics/dimensions")).json()["items"]
    for one in listed:
        asked = f"?unit={unit}&by={one['name']}"
        page = (await organizer.open(f"/statistics{asked}")).text
        told = (await organizer.get(f"/api/v1/statistics{asked}")).json()
        rows = figures(page)
        assert [*rows] == [line["title"] for line in (*told["lines"], told["total"])], one["name"]
        for line in (*told["lines"], told["total"]):
            members = sum(line["counts"].get(kind, 0) for kind in ("full", "probationary"))
            assert rows[line["title"]][-1] == str(members), (one["name"], line)
        assert rows["合计"][-1] == "3"
        assert told["total"]["counts"]["applicant"] == 1
        if one["name"] in SPREAD:
            spread = {
                title: int(cells[-1]) for title, cells in rows.items() if title != "合计" and cells[-1] != "0"
            }
            assert sorted(spread.values()) == sorted(SPREAD[one["name"]].values()), spread
            assert one["name"] == "tag" or spread == SPREAD[one["name"]]
        assert f"按{one['title']}分组" in page
        assert ("一个人有几项特征的，在每一项中都计入" in page) == one["several"]
        assert (f"分组依据：{one['source']}。" in page) == bool(one["source"])
        assert "不是当日的" not in page
        assert f'<option value="{one["name"]}" selected>' in page
        past = (await organizer.open(f"/statistics{asked}&day=2026-11-01")).text
        assert (f"{one['title']}按现在登记的内容分组，不是当日的。" in past) == (not one["kept"]), one["name"]
        assert "入党申请人、入党积极分子和发展对象只有今天的人数" in past
        assert "入党申请人" not in past.split("<thead>")[1].split("</thead>")[0]


async def test_what_is_asked_since_a_day_says_so_and_what_cannot_be_asked_is_refused(
    organizer: Browser, county: Seeded
) -> None:
    unit = county.units["上河支部"].id
    page = (await organizer.open(f"/statistics?unit={unit}&since=2015-01-01&by=sex")).text
    assert "2026-11-21 共有 2015-01-01 以来入党的党员 2 人，按性别分组" in re.sub(r"\s+共有", " 共有", page)
    assert 'name="since" value="2015-01-01"' in page
    assert f"/statistics/export?unit={unit}&amp;day=2026-11-21&amp;by=sex&amp;since=2015-01-01" in page
    none = (await organizer.open(f"/statistics?unit={unit}&since=2026-11-20")).text
    assert "这一天在这里没有所问的人员" in none
    assert "导出表格" not in none
    still = (await organizer.open(f"/statistics/flows?unit={unit}&since=2026-11-20&until=2026-11-20")).text
    assert "这段时间没有增减。" in still
    for at, said in (
        ("/statistics?day=2026-11-22", "2026-11-22 还没有到。统计只能到今天为止。"),
        ("/statistics?since=2027-01-01", "还没有到"),
        ("/statistics?day=前天", "“前天”不是一个日期"),
        ("/statistics?by=wealth", "请从列出的分组中选择"),
        ("/statistics/flows?since=2026-11-02&until=2026-11-01", "早于"),
        ("/statistics/flows?until=2026-12-31", "还没有到"),
        ("/statistics/yearly?year=2027", ""),
    ):
        for prefix in ("", "/api/v1"):
            answer = await organizer.open(prefix + at)
            assert answer.status_code == 422, at
            assert said in answer.text, at
