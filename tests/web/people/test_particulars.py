"""Every particular of a person: where it is read, what cannot be, who sees it; and the lists narrowed by it."""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from core.register.leaving import LEAVINGS, LeavingDraft, leave
from core.register.model import PersonDraft
from core.register.service import enter
from core.register.values import MEMBERSHIP
from tenants.database.session import county_session
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything

NUMBER, OTHERS = "11010519900307283X", "110105194912310023"
WHOLE = {
    "name": "阿依古丽·买买提", "national_id": NUMBER, "phone": "13800138000", "landline": "0475-8212345", "sex": "male",
    "ethnicity": "维吾尔族", "education": "大专", "job": "养路工", "address": "东街 12 号", "membership": "full",
    "joined": "2012-07-01", "converted": "2013-07-01", "standing": "normal", "mobile": "1", "destination": "天津市",
    "lost_contact": "1", "lost_since": "2026-08-01",
}  # fmt: skip
READ = {
    "性别": "男", "出生日期": "1990-03-07（36 岁）", "民族": "维吾尔族", "学历": "大专", "工作岗位": "养路工",
    "身份证号码": "110*************3X", "手机号": "138****8000", "固定电话": "0475-8212345", "家庭住址": "东街 12 号",
    "人员类别": "正式党员", "入党日期": "2012-07-01", "转正日期": "2013-07-01", "党籍状态": "正常",
    "流动党员": "是，流向 天津市", "失联党员": "是，2026-08-01 起",
}  # fmt: skip


def facts(page: str) -> dict[str, str]:
    """What stands in the lists of facts of a page."""
    pairs = re.findall(r"<dt>([^<]+)</dt>\s*<dd>(.*?)</dd>", page, re.S)
    return {name: re.sub(r"<[^>]+>", "", said).strip() for name, said in pairs}


async def rows(county: Seeded, what: str) -> int:
    """How many of the county there are."""
    async with county_session(county.id) as session:
        found: int = await session.fetchval(f"select count(*) from {what}")
        return found


@pytest.fixture(scope="module")
async def whole(app: Litestar, county: Seeded) -> str:
    """The address of somebody of whom everything is known."""
    async with browser(app) as made:
        await made.sign_in(county, "department-organizer")
        await made.open("/people/new")
        answer = await made.submit("/people/new", unit=str(county.units["上河支部"].id), **WHOLE)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]


async def test_what_was_typed_is_what_is_read_on_the_page_and_by_the_api(
    organizer: Browser, whole: str
) -> None:
    shown = facts((await organizer.open(whole)).text)
    assert {name: shown[name] for name in READ} == READ
    told = (await organizer.get(f"/api/v1{whole}")).json()
    assert (told["national_id_masked"], told["phone_masked"]) == (READ["身份证号码"], READ["手机号"])
    assert NUMBER not in str(told)
    for name in (
        "name",
        "ethnicity",
        "education",
        "job",
        "address",
        "landline",
        "destination",
        "joined",
        "lost_since",
    ):
        assert told[name] == WHOLE[name], name
    assert (told["born"], told["sex"], told["mobile"], told["lost_contact"]) == (
        "1990-03-07",
        "male",
        True,
        True,
    )
    form = (await organizer.open(f"{whole}/edit")).text
    for name in ("job", "address", "landline", "destination", "joined", "converted", "lost_since"):
        assert f'name="{name}"' in form
        assert f'value="{WHOLE[name]}"' in form, name
    assert form.count(" checked") == 2, "who is away, who is lost"
    assert "现在登记的是 110*************3X；不改就留空。" in form
    assert NUMBER not in form


async def test_what_is_changed_is_told_in_words_and_an_address_is_not_repeated(
    organizer: Browser, whole: str
) -> None:
    await organizer.open(f"{whole}/edit")
    kept = {
        name: text
        for name, text in WHOLE.items()
        if name not in ("national_id", "phone", "mobile", "destination")
    }
    changed = {**kept, "education": "大学", "address": "西街 3 号", "job": ""}
    version = (await organizer.get(f"/api/v1{whole}")).json()["version"]
    assert (await organizer.submit(f"{whole}/edit", **changed, version=str(version))).status_code == 303
    page = (await organizer.open(whole)).text
    assert "已保存。" in page
    for said in (
        "学历由“大专”改为“大学”",
        "修改了家庭住址",
        "工作岗位由“养路工”改为“未填”",
        "是否为流动党员由“是”改为“否”",
    ):
        assert said in page, said
    assert "东街 12 号" not in page
    assert (facts(page)["工作岗位"], facts(page)["流动党员"]) == ("未登记", "否")
    again = await organizer.submit(f"{whole}/edit", **changed, version=str(version + 1))
    assert "没有改动。" in (await organizer.open(again.headers["location"])).text
    stale = await organizer.submit(f"{whole}/edit", **{**changed, "job": "护士"}, version=str(version))
    assert stale.status_code == 409
    assert 'value="护士"' in stale.text, "what was typed stays"
    assert f'name="version" value="{version + 1}"' in stale.text, (
        "what is sent next is meant against what is there now"
    )
    back = await organizer.submit(f"{whole}/edit", **WHOLE, version=str(version + 1))
    assert back.status_code == 303, back.text


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"name": ""}, "name", "请填写姓名。"),
        ({"name": "王?二"}, "name", "可能是生僻字在转换时丢失了"),
        ({"name": "王二（小）"}, "name", "请只写身份证件上的姓名"),
        ({"name": "王二、李四"}, "name", "像是写了几个人"),
        ({"name": "长" * 61}, "name", "姓名最多 60 个字，现在有 61 个字。"),
        ({"national_id": "110105491231002"}, "national_id", "第一代身份证的 15 位号码"),
        ({"national_id": "1101051949123100"}, "national_id", "这里有 16 位。"),
        ({"national_id": "11010519491231002O"}, "national_id", "像是数字 0"),
        ({"national_id": "110105194912310021"}, "national_id", "末位校验码不对"),
        ({"national_id": "110105********002X"}, "national_id", "遮盖了中间几位"),
        ({"national_id": "1.10105E+17"}, "national_id", "科学记数法"),
        ({"national_id": OTHERS, "sex": "male"}, "sex", "与身份证号码第 17 位不一致"),
        ({"national_id": OTHERS, "born": "1950-01-01"}, "born", "与身份证号码中的 1949-12-31 不一致"),
        ({"phone": "1391234567"}, "phone", "手机号应为 1 开头的 11 位数字"),
        ({"landline": "82123"}, "landline", "固定电话应为 7 至 8 位数字"),
        ({"job": "岗" * 81}, "job", "内容过长，最多 80 个字。"),
        ({"address": "址" * 201}, "address", "内容过长，最多 200 个字。"),
        ({"destination": "向" * 121}, "destination", "内容过长，最多 120 个字。"),
        ({"born": "1990年13月1日"}, "born", "“1990年13月1日”不是一个日期"),
        ({"born": "1899-12-31"}, "born", "1900 年"),
        ({"born": "2026-11-22"}, "born", "还没有到"),
        ({"membership": "emperor"}, "membership", "请选择人员类别。"),
        ({"ethnicity": "汉"}, "ethnicity", "请选择民族。"),
        ({"education": "博士后"}, "education", "请选择学历。"),
        ({"standing": "gone"}, "standing", "请选择党籍状态。"),
        ({"membership": "none", "joined": "2020-07-01"}, "joined", "不应有入党日期"),
        (
            {"membership": "probationary", "joined": "2026-01-05", "converted": "2026-02-01"},
            "converted",
            "只有正式党员有转正日期",
        ),
        (
            {"membership": "full", "joined": "2020-07-01", "converted": "2020-06-30"},
            "converted",
            "早于入党日期 2020-07-01",
        ),
        (
            {"membership": "full", "joined": "2020-07-01", "removed": "2021-01-01"},
            "removed",
            "不应有被劝退、除名的日期",
        ),
        ({"lost_since": "2026-01-01"}, "lost_since", "“是否为失联党员”不是“是”"),
        (
            {"born": "1990-01-01", "membership": "full", "joined": "1989-12-31"},
            "joined",
            "早于出生日期 1990-01-01",
        ),
        ({"unit": ""}, "unit", "请选择所在党支部。"),
        ({"unit": "东街"}, "unit", "请选择所在党支部。"),
    ],
)
async def test_nobody_is_entered_with_what_cannot_be(
    organizer: Browser, county: Seeded, wrong: dict[str, str], field: str, said: str
) -> None:
    """The sentence stands at the field, what was typed is still there, the API says the same, and nobody is in the register."""
    before = await rows(county, "person")
    typed = {
        "name": "王不成",
        "unit": str(county.units["东街支部"].id),
        "job": "护林员",
        "membership": "none",
        **wrong,
    }
    await organizer.open("/people/new")
    answer = await organizer.submit("/people/new", **typed)
    assert answer.status_code == 422
    assert said in re.findall(rf'id="e-{field}">([^<]+)', answer.text)[0]
    assert f'href="#f-{field}"' in answer.text
    for name in ("name", "job", "national_id", "phone", "landline", "address", "destination", "born"):
        assert f'value="{typed.get(name, "")}"' in answer.text, name
    assert await rows(county, "person") == before
    if "unit" in wrong:
        return
    draft: dict[str, Any] = {name: text for name, text in typed.items() if name != "unit"}
    body = {"unit_id": typed["unit"], "draft": draft}
    api = await organizer.post("/api/v1/people", json=body, headers={"x-csrftoken": organizer.token})
    assert api.status_code in (400, 422), api.text
    if api.status_code == 422 and field not in ("membership", "ethnicity", "education", "standing", "name"):
        assert said in api.json()["fields"][field]
    assert await rows(county, "person") == before


async def test_a_number_that_somebody_has_is_not_entered_twice(
    organizer: Browser, county: Seeded, whole: str
) -> None:
    await organizer.open("/people/new")
    typed = {
        "unit": str(county.units["东街支部"].id),
        "name": "另一个",
        "national_id": NUMBER,
        "membership": "none",
    }
    answer = await organizer.submit("/people/new", **typed)
    assert answer.status_code == 409
    assert "已经登记在本县的名册中" in answer.text
    assert 'value="另一个"' in answer.text


LISTED = (
    ("安一", "full", True, False), ("安二", "full", False, True), ("安三", "probationary", True, False),
    ("安四", "activist", False, False), ("安五", "none", False, False),
)  # fmt: skip


@pytest.fixture(scope="module")
async def listed(county: Seeded) -> dict[str, UUID]:
    """Some who differ by what a list is narrowed by, at the branch of the other committee."""
    made = {}
    async with county_session(county.id):
        for name, membership, mobile, lost in LISTED:
            draft = PersonDraft(name=name, membership=membership, mobile=mobile, lost_contact=lost)
            made[name] = await enter(everything(), county.units["上河支部"].id, draft, TODAY)
    return made


async def named(who: Browser, address: str) -> list[str]:
    """Who stands in a list, page after page; each page but the last leads on, and asks for the same."""
    found: list[str] = []
    link: str | None = address
    while link:
        page = (await who.open(link)).text
        found += re.findall(r'<th class="nowrap"><a href="/people/[0-9a-f-]{36}">([^<]+)</a>', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        link = more[1].replace("&amp;", "&") if more else None
    return found


async def told(who: Browser, address: str) -> list[str]:
    """The same by the API."""
    found: list[str] = []
    after = ""
    while True:
        answer = (await who.get(f"/api/v1{address}{after}")).json()
        found += [one["name"] for one in answer["items"]]
        if answer["next"] is None:
            return found
        after = f"&after={answer['next']}"


async def test_a_list_is_narrowed_by_each_filter_and_by_all_of_them_together_over_every_page(
    organizer: Browser, county: Seeded, listed: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.register.queries.people.__kwdefaults__", {"after": None, "limit": 1})
    unit = county.units["上河支部"].id
    for membership, mobile, lost in product(
        ("", "full", "probationary"), ("", "true", "false"), ("", "true")
    ):
        narrowed = {"membership": membership, "mobile": mobile, "lost": lost}
        asked = f"?q=安&unit={unit}" + "".join(f"&{name}={word}" for name, word in narrowed.items() if word)
        wanted = [
            name
            for name, held, away, gone in LISTED
            if membership in ("", held)
            and mobile in ("", str(away).lower())
            and lost in ("", str(gone).lower())
        ]
        seen = await named(organizer, "/people" + asked)
        assert sorted(seen) == sorted(wanted), asked
        assert await told(organizer, "/people" + asked) == seen, asked
        page = (await organizer.open("/people" + asked)).text
        if wanted:
            assert f"共 {len(wanted)} 人" in page, asked
        else:
            assert "没有符合这些条件的人员" in page, asked
            assert "看全部人员" in page
    counts = (await organizer.get(f"/api/v1/people/counts?q=安&unit={unit}&mobile=true")).json()["counts"]
    assert counts == {"full": 1, "probationary": 1}
    chips = re.findall(
        r'<a class="chip" href="([^"]+)"',
        (await organizer.open(f"/people?q=安&unit={unit}&mobile=true")).text,
    )
    assert all(f"unit={unit}" in one and "mobile=true" in one and "q=%E5%AE%89" in one for one in chips)
    assert len(chips) == 3


async def test_a_list_says_where_it_leads_and_only_to_whom_it_may(
    app: Litestar, county: Seeded, listed: dict[str, UUID], organizer: Browser
) -> None:
    """What each role is offered on the list of people, and that the narrowing goes along."""
    offers = {
        "inspector": (False, False, False, False),
        "branch-secretary": (True, False, True, True),
        "committee-organizer": (True, False, True, True),
        "department-organizer": (True, True, True, True),
        "department-admin": (False, True, True, True),
    }
    unit = county.units["东街支部"].id
    for role, offered in offers.items():
        async with browser(app) as made:
            await made.sign_in(county, role)
            page = (await made.open(f"/people?unit={unit}")).text
            links = [
                f'href="/people/{where}' in page
                for where in ("new?unit=", "import", "many?unit=", "export?unit=")
            ]
            assert tuple(links) == offered, role
            empty = (await made.open("/people?q=没有这个人")).text
            assert 'href="/people/export' not in empty, "there is nothing to export"
            assert 'href="/people/many' not in empty


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("/people?membership=ful", MEMBERSHIP),
        ("/people/former?kind=dead", LEAVINGS),
        ("/people/counts?membership=x", MEMBERSHIP),
    ],
)
async def test_a_word_that_there_is_not_is_not_passed_over(
    organizer: Browser, address: str, known: dict[str, str]
) -> None:
    """Else a program that misspells it takes an empty list for the truth."""
    api: httpx.Response = await organizer.get(f"/api/v1{address}")
    assert api.status_code == 422
    assert all(word in api.json()["sentence"] for word in known)
    if "counts" not in address:
        assert (await organizer.open(address)).status_code == 422


async def test_those_who_have_left_are_narrowed_by_how_when_and_where(
    organizer: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = {"died": date(2026, 9, 1), "withdrawn": date(2026, 9, 2), "transferred-out": date(2026, 10, 1)}
    async with county_session(county.id):
        for number, (kind, day) in enumerate(days.items()):
            place = county.units["东街支部" if kind == "died" else "上河支部"]
            draft = PersonDraft(name=f"离{number}", membership="full")
            person = await enter(everything(), place.id, draft, date(2026, 1, 5))
            await leave(
                everything(), person, LeavingDraft(kind, day, f"事由{number}", f"批件{number}"), 0, TODAY
            )
    monkeypatch.setattr("core.register.former.former.__kwdefaults__", {"after": None, "limit": 1})
    west = county.units["上河支部"].id
    for asked, wanted in (
        ("?", ["离2", "离1", "离0"]),
        ("?kind=died", ["离0"]),
        ("?since=2026-09-02", ["离2", "离1"]),
        ("?until=2026-09-02", ["离1", "离0"]),
        ("?since=2026-09-01&until=2026-09-01", ["离0"]),
        (f"?unit={west}", ["离2", "离1"]),
        (f"?unit={west}&until=20260930", ["离1"]),
        (f"?unit={west}&kind=died", []),
        ("?q=l1", []),
        ("?q=离1", ["离1"]),
        ("?q=li&kind=withdrawn&since=2026年9月1日", ["离1"]),
    ):
        assert await named(organizer, "/people/former" + asked) == wanted, asked
        assert await told(organizer, "/people/former" + asked) == wanted, asked
        counts = (await organizer.get("/api/v1/people/former/counts" + asked)).json()["counts"]
        page = (await organizer.open("/people/former" + asked)).text
        if wanted:
            assert f"共 {len(wanted)} 人" in page, asked
            assert sum(counts.values()) >= len(wanted)
        else:
            assert "没有符合这些条件的历史党员" in page, asked
    one = (await organizer.open("/people/former?kind=died")).text
    assert "事由0" in one
    assert "批件0" in one
    assert 'name="kind" value="died"' in one, "searching on keeps the way of leaving"
    for bad in ("?since=昨天", "?until=1899-12-31", "?unit=东街"):
        assert (await organizer.open("/people/former" + bad)).status_code in (404, 422), bad
