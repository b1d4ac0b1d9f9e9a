"""介绍信: what each is listed as, what a letter on paper must say, and what anybody who holds one is told."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID, uuid4

import pytest
from litestar import Litestar

from core.register.model import PersonDraft
from core.register.service import enter
from core.transfers.queries import KINDS
from tenants.database.session import county_session
from tests.web.cases.seed import applicant, opened
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything
from tests.web.test_attacks import call

LETTER = """insert into letter (case_id, person_id, number, issuer, goes_to, issued_on, valid_until, state, ended_on, reason,
    answered_by, receipt_on, token) values ($1, $2, $3, '城关镇党委', $4, $5, $6, $7, $8, $9, $10, $11, $12)"""

LETTERS = {
    "在途": ("issued", date(2026, 11, 1), date(2027, 1, 30), None, "", None),
    "已过期": ("issued", date(2026, 7, 1), date(2026, 9, 28), None, "", None),
    "已办结": ("received", date(2026, 6, 1), date(2026, 8, 29), date(2026, 6, 20), "", date(2026, 6, 25)),
    "已收，待回执": ("received", date(2026, 9, 1), date(2026, 11, 29), date(2026, 10, 2), "", None),
    "退回": ("refused", date(2026, 10, 1), date(2026, 12, 29), date(2026, 10, 9), "查无此支部", None),
    "作废": ("void", date(2026, 10, 2), date(2026, 12, 30), date(2026, 10, 5), "遗失", None),
}  # fmt: skip
"""As the list says it: state, issued, valid until, ended, reason, receipt."""

LISTED = {
    "": ["在途", "作废", "退回", "已收，待回执", "已过期", "已办结"],
    "offered": [],
    "out": ["在途", "已过期"],
    "owed": ["已收，待回执", "已过期"],
    "back": ["作废", "退回"],
    "done": ["已收，待回执", "已办结"],
}
"""By kind, the newest first; one that is over without an answer is still on its way, and its receipt is owed."""

ANYBODY = {
    "在途": "有效", "已过期": "已过期，作废", "已办结": "已经使用", "已收，待回执": "已经使用", "退回": "已退回",
    "作废": "已作废",
}  # fmt: skip
"""What is told to who holds one and is not signed in."""


@pytest.fixture(scope="module")
async def lying(app: Litestar, county: Seeded) -> dict[str, str]:
    """A letter of each state; its token by the word for it."""
    tokens: dict[str, str] = {}
    async with county_session(county.id) as session:
        for word, (state, issued, until, ended, reason, receipt) in LETTERS.items():
            person = await applicant(county, f"持信{len(tokens)}")
            case = await opened(county, person)
            tokens[word] = uuid4().hex + uuid4().hex[:8]
            await session.execute(
                LETTER, case, person, f"信-{word}", f"某党委{len(tokens)}", issued, until, state, ended, reason,
                "西山县某支部" if state in ("received", "refused") else "", receipt, tokens[word],
            )  # fmt: skip
    return tokens


async def test_each_kind_is_listed_over_all_its_pages_as_the_chips_count_it(
    committee: Browser, lying: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.transfers.queries.letters.__kwdefaults__", {"after": None, "limit": 1})
    counts = {}
    for kind, wanted in LISTED.items():
        found, link = [], f"/transfers?kind={kind}"
        while link:
            page = (await committee.open(link)).text
            found += re.findall(r">信-([^<]+)</a>", page)
            more = re.search(r'rel="next" href="([^"]+)"', page)
            link = more[1].replace("&amp;", "&") if more else ""
            assert not link or f"kind={kind}" in link or not kind
        assert found == wanted, kind
        counts[kind] = len(found)
        told, after = [], ""
        while True:
            answer = (await committee.get(f"/api/v1/letters?kind={kind}{after}")).json()
            told += [one["number"] for one in answer["items"]]
            if answer["next"] is None:
                break
            after = f"&after={answer['next']}"
        assert told == [f"信-{word}" for word in wanted], kind
        if not wanted:
            assert "没有这样的介绍信" in page
    chips = dict(
        re.findall(
            r'href="/transfers\?kind=(\w+)"[^>]*>[^<]*<[^>]*>(\d+)', (await committee.open("/transfers")).text
        )
    )
    assert {kind: int(number) for kind, number in chips.items()} == {kind: counts[kind] for kind in KINDS}


async def test_a_line_says_what_has_become_of_it_and_its_page_says_more(
    committee: Browser, lying: dict[str, str]
) -> None:
    rows = (await committee.open("/transfers")).text.split("<tr>")
    for word, (state, _, until, ended, reason, receipt) in LETTERS.items():
        row = next(one for one in rows if f">信-{word}</a>" in one)
        assert word in row
        assert until.isoformat() in row
        assert (ended is None) or ended.isoformat() in row
        assert reason in row
        assert (f"回执 {receipt}" in row) == bool(receipt), word
        [link] = re.findall(r'href="(/transfers/letters/[^"]+)"', row)
        page = (await committee.open(link)).text
        assert ("<dt>接收一方</dt><dd>西山县某支部</dd>" in page) == (state in ("received", "refused")), word
        assert ("还没有回来" in page) == (state == "received" and receipt is None), word
        assert (f"：{reason}</dd>" in page) == bool(reason), word
        assert f"/letters/{lying[word]}" in page
        told = (await committee.get(f"/api/v1/letters/{link.rsplit('/', 1)[1]}")).json()
        assert (told["state"], told["over"]) == (state, word == "已过期")


async def test_who_holds_a_letter_is_told_whether_it_still_holds_and_nothing_of_the_person(
    client: Browser, lying: dict[str, str]
) -> None:
    for word, said in ANYBODY.items():
        page = (await client.open(f"/letters/{lying[word]}")).text
        state = re.findall(r"<dt>现在</dt><dd>(.*?)</dd>", page, re.S)[0]
        assert re.sub(r"<[^>]+>", "", state).strip("○✓◔✕—·× ").startswith(said) or said in state, word
        assert ("有效</span>" in state) == (word == "在途")
        assert f"第 信-{word} 号" in page
        assert "持信" not in page
        assert LETTERS[word][4] == "" or LETTERS[word][4] not in page
    nothing = await client.open("/letters/" + "0" * 40)
    assert (nothing.status_code, "没有这样一封介绍信" in nothing.text) == (404, True)


async def test_letters_are_of_those_who_see_the_case(
    app: Litestar, county: Seeded, committee: Browser, lying: dict[str, str]
) -> None:
    [link, *_] = re.findall(r'href="(/transfers/letters/[^"]+)"', (await committee.open("/transfers")).text)
    offers = {
        "branch-secretary": (True, False, True, True), "committee-secretary": (True, False, False, True),
        "department-organizer": (True, True, False, True), "elsewhere": (False, False, True, True),
    }  # fmt: skip
    for login, (sees, *offered) in offers.items():
        async with browser(app) as made:
            await made.sign_in(county, login)
            page = (await made.open("/transfers")).text
            assert ("信-在途" in page) == sees, login
            assert (await made.open(link)).status_code == (200 if sees else 404), login
            assert [
                f'href="/transfers/{where}"' in page for where in ("present", "graduates", "numbers")
            ] == offered, login


GOOD = {
    "number": "杭-2026-17", "issuer": "浙江省杭州市余杭区某街道党工委", "issued_on": "2026-11-02", "valid_until": "2027-01-31",
    "name": "持信来", "national_id": "11010519491231002X", "membership": "full", "joined": "1975-07-01",
    "converted": "1976-07-01",
}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"number": ""}, "number", "请填写介绍信编号。"),
        ({"number": "号" * 41}, "number", "最多 40 个字"),
        ({"issuer": ""}, "issuer", "请填写开信的党组织。"),
        ({"issued_on": "2026-11-22"}, "issued_on", "开出的日期不能晚于今天"),
        ({"issued_on": ""}, "issued_on", "请填写开信的日期。"),
        ({"valid_until": ""}, "valid_until", "请填写有效期至。"),
        ({"valid_until": "2026-11-01"}, "valid_until", "早于开出的日期。"),
        ({"valid_until": "2027-11-03"}, "valid_until", "所填的超过一年"),
        ({"issued_on": "2026-08-01", "valid_until": "2026-10-30"}, "valid_until", "已经过期。"),
        ({"name": ""}, "name", "请填写姓名。"),
        ({"name": "长" * 61}, "name", "最多 60 个字"),
        ({"national_id": ""}, "national_id", "请填写身份证号码。"),
        ({"national_id": "110105194912310021"}, "national_id", "末位校验码不对"),
        ({"membership": "activist"}, "membership", "请选择人员类别。"),
        ({"joined": ""}, "joined", "请填写入党日期。"),
        ({"joined": "1940-01-01"}, "joined", "早于出生日期"),
        ({"membership": "probationary"}, "converted", "只有正式党员有转正日期"),
        ({"sex": "male"}, "sex", "与身份证号码第 17 位不一致"),
        ({"phone": "12345"}, "phone", "手机号应为"),
        ({"unit": ""}, "unit", "请选择接收的党支部。"),
    ],
)
async def test_a_letter_on_paper_that_cannot_be_is_not_entered(
    organizer: Browser, county: Seeded, wrong: dict[str, str], field: str, said: str
) -> None:
    """At its field, what was typed stays, the API says the same, nobody is awaited."""
    typed = {"unit": str(county.units["上河支部"].id), **GOOD, **wrong}
    await organizer.open("/transfers/present")
    answer = await organizer.submit("/transfers/present", **typed)
    assert answer.status_code == 422
    assert said in re.findall(rf'id="e-{field}">([^<]+)', answer.text)[0]
    for name in ("number", "issuer", "issued_on", "valid_until", "name", "national_id", "joined", "phone"):
        assert f'value="{typed.get(name, "")}"' in answer.text, name
    draft: dict[str, str | None] = {
        name: typed[name] for name in ("name", "national_id", "membership", "joined", "converted")
    }
    paper = {name: typed[name] for name in ("number", "issuer", "issued_on", "valid_until")}
    more = {name: typed[name] for name in ("sex", "phone") if name in typed}
    draft["joined"] = draft["joined"] or None
    if typed["unit"] and all(paper.values()):
        api = await call(
            organizer,
            "POST",
            "/letters",
            {"unit_id": typed["unit"], "person": {**draft, **more}, "paper": paper},
        )
        assert api.status_code == 422, api.text
    async with county_session(county.id) as session:
        assert await session.fetchval("select count(*) from person where name = '持信来'") == 0
        assert await session.fetchval("select count(*) from letter where number = '杭-2026-17'") == 0


async def test_somebody_with_a_letter_on_paper_is_awaited_and_in_no_count(
    organizer: Browser, county: Seeded
) -> None:
    before = (await organizer.get("/api/v1/people/counts")).json()["counts"]
    await organizer.open("/transfers/present")
    # 单雄信 of the register has this number.
    had = await organizer.submit("/transfers/present", unit=str(county.units["上河支部"].id), **GOOD)
    assert (had.status_code, "已经登记在本县的名册中" in had.text) == (409, True)
    other = {**GOOD, "national_id": "11010519900307283X", "joined": "2012-07-01", "converted": "2013-07-01"}
    done = await organizer.submit("/transfers/present", unit=str(county.units["上河支部"].id), **other)
    assert done.status_code == 303, done.text
    page = (await organizer.open(done.headers["location"])).text
    assert "已交由党支部办理接收；接收以前不列入名册。" in page
    async with county_session(county.id) as session:
        person: UUID = await session.fetchval("select id from person where name = '持信来'")
    file = (await organizer.open(f"/people/{person}")).text
    assert "凭组织关系介绍信等待接收，不在名册中" in file
    assert 'href="/people/' + str(person) + "/leave" not in file
    assert (await organizer.get("/api/v1/people/counts")).json()["counts"] == before
    assert "杭-2026-17" in (await organizer.open("/transfers?kind=out")).text


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"go": []}, "go", "请至少选一个人。"),
        ({"go": [str(uuid4())]}, "go", "选中的有 1 项已经不在可选范围内"),
        ({"papers": ""}, "papers", "请确认收到了每个人的材料。"),
        ({"day": ""}, "day", "请填写提出转移的日期。"),
        ({"beyond": ""}, "beyond.*", "请写明持信甲转往的党组织。"),
        ({"own": "远" * 121}, "beyond.*", "最多 120 个字"),
    ],
)
async def test_many_leave_only_when_each_is_said_to_go_somewhere(
    secretary: Browser, county: Seeded, wrong: dict[str, object], field: str, said: str
) -> None:
    async with county_session(county.id) as session:
        found = await session.fetchval("select id from person where name = '持信甲'")
        member = PersonDraft(
            name="持信甲", membership="full", joined=date(2010, 7, 1), converted=date(2011, 7, 1)
        )
        person = found or await enter(everything(), county.units["东街支部"].id, member, TODAY)
    unit = str(county.units["东街支部"].id)
    own = {f"beyond.{person}": wrong.get("own", "")}
    typed = {
        "unit": unit,
        "day": "2026-11-10",
        "beyond": "某市某党委",
        "papers": "1",
        "go": [str(person)],
        **wrong,
    }
    typed.pop("own", None)
    await secretary.open(f"/transfers/graduates?unit={unit}")
    answer = await secretary.submit("/transfers/graduates", **typed, **own, keep="1")
    assert answer.status_code == 422
    at = field.replace("*", str(person))
    assert said in re.findall(rf'id="e-{re.escape(at)}">([^<]+)', answer.text)[0]
    assert answer.text.count(f'id="f-{at}"') == 1, "the summary leads there"
    assert f'value="{typed["beyond"]}"' in answer.text
    async with county_session(county.id) as session:
        assert await session.fetchval("select count(*) from case_file where person_id = $1", person) == 0
