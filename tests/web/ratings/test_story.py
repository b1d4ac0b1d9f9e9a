"""A half-year of 五星管理 and a year's 民主评议, walked through the front door."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar

from core.changes.dissolve import dissolve
from core.database import execute, fetch, fetchval
from core.organisation.service import UnitDraft, create
from core.register.leaving import LeavingDraft, leave
from core.register.model import PersonDraft
from core.register.service import enter
from tenants.database.session import county_session
from tenants.policies.changes import Adopt, Choice, End
from tenants.policies.service import apply
from tenants.policies.standings import recompute_below
from tests.web.conftest import ELSEWHERE, TODAY, Browser, Seeded, account_of, browser, everything
from tests.web.working import work
from web.kit.paging import encode_key

MEMBERS = {"白一": "full", "白二": "full", "白三": "full", "白四": "probationary"}


@pytest.fixture(scope="module")
async def town(county: Seeded) -> dict[str, UUID]:
    """金华's practice in the first committee with seven days of notice; a branch with three full members and a new one."""
    async with county_session(county.id):
        unit = county.units["城关镇党委"]
        change = Adopt(
            plugin="jinhua-2014", since=date(2026, 1, 1), choice=Choice(fill={"star-notice-days": 7})
        )
        await apply(everything(), unit.id, change, TODAY)
        found = {name: await member(county, name, kind) for name, kind in MEMBERS.items()}
        await fetchval(
            "insert into person_tag (person_id, tag, since) values ($1, 'infirm', '2026-01-02') returning id",
            found["白二"],
        )
        return found


async def member(county: Seeded, name: str, kind: str) -> UUID:
    draft = PersonDraft(
        name=name, sex="male", born=date(1980, 1, 1), membership=kind, joined=date(2010, 7, 1),
        converted=date(2011, 7, 1) if kind == "full" else None, mobile=name == "白三",
    )  # fmt: skip
    return await enter(everything(), county.units["东街支部"].id, draft, date(2026, 1, 2))


@pytest.fixture
async def deciding(app: Litestar, county: Seeded) -> AsyncIterator[Browser]:
    """A browser of the committee's secretary."""
    async with browser(app) as made:
        await made.sign_in(county, "committee-secretary")
        yield made


async def subjects(county: Seeded, scheme: str) -> dict[str, UUID]:
    """Name → id of those in the rounds of a scheme."""
    async with county_session(county.id):
        rows = await fetch(
            """select p.name, s.id from rating_subject s join person p on p.id = s.person_id
               join rating_round r on r.id = s.round_id where r.scheme = $1""",
            scheme,
        )
    return {row["name"]: row["id"] for row in rows}


async def act(browser: Browser, of: UUID, what: str, day: str, **fields: object) -> tuple[int, str]:
    """Fill in the form of an act as it is shown: the status, and the page to which it leads."""
    path = f"/ratings/people/{of}/{what}"
    page = (await browser.open(path)).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version, page
    answer = await browser.submit(path, version=version[1], day=day, **fields)
    shown = await browser.open(answer.headers["location"]) if answer.status_code == 303 else answer
    return answer.status_code, shown.text


async def _spread(browser: Browser) -> None:
    """The practice's own table in the statistics, made by its code in a process that begins now."""
    page = (await browser.open("/statistics/reports")).text
    assert "<h2>党员星级分布</h2>" in page
    shown = re.sub(r"\s*(<[^>]+>)\s*", r"\1", page)
    assert re.search(r"<th>一星</th><td[^>]*>1</td><td[^>]*>100.0%</td>", shown)
    assert re.search(r"<th>五星</th><td[^>]*>0</td><td[^>]*>0.0%</td>", shown)


async def test_a_half_year_of_stars(
    secretary: Browser, committee: Browser, deciding: Browser, county: Seeded, town: dict[str, UUID]
) -> None:
    page = (await committee.open("/ratings/open")).text
    assert "党员五星管理" in page
    assert "本地尚未填写：每颗星的含义和评分标准" in page
    opened = await committee.submit(
        "/ratings/open", unit=str(county.units["城关镇党委"].id), scheme="five-stars 2026-2"
    )
    assert opened.status_code == 303
    at = opened.headers["location"]
    page = (await committee.open(at)).text
    assert "2026 年第 2 期" in page
    assert "待查验 <b>1</b>" in page
    again = await committee.submit(
        "/ratings/open", unit=str(county.units["城关镇党委"].id), scheme="five-stars 2026-2"
    )
    assert again.status_code == 422
    assert "这一期已经开展" in again.text

    ids = await subjects(county, "five-stars")
    one, away = ids["白一"], ids["白三"]
    items = ["mass-contact", "community-service"]
    refused, page = await act(secretary, away, "propose", "2026-11-01", grade="three-star", items=items)
    assert refused == 409
    assert "须先查验流动党员活动证" in page
    assert (await secretary.open(f"/ratings/people/{one}/decide")).status_code == 403
    assert await secretary.restored(f"/ratings/people/{one}/propose", "note")
    done, page = await act(secretary, one, "propose", "2026-11-01", grade="two-star", items=items)
    assert done == 303
    assert "已提出建议" in page
    assert (await committee.open(f"/ratings/people/{one}/decide")).status_code == 403  # he only records
    over = {"committee": {"conclusion": "pass"}, "department": {"conclusion": "pass"}}
    answer = await deciding.post(
        f"/api/v1/ratings/people/{one}/acts",
        json={
            "act": "decide",
            "day": "2026-11-05",
            "version": 1,
            "grade": "two-star",
            "evidence": {"review": over},
        },
        headers={"x-csrftoken": deciding.token},
    )
    assert (answer.status_code, "不需要“县委组织部”的意见" in answer.text) == (422, True)
    review = {"review.committee.conclusion": "pass"}
    for owner, status in ((town["白一"], 403), (None, 200)):
        async with county_session(county.id):
            await execute("update account set person_id = $1 where login = 'committee-secretary'", owner)
        own = await deciding.open(f"/ratings/people/{one}/decide")
        assert (own.status_code, "由您本人回避" in own.text) == (status, owner is not None)
    done, page = await act(deciding, one, "decide", "2026-11-05", grade="two-star", **review)
    assert done == 303
    assert "已评定" in page
    assert "列入教育整转支部，限期整改" in page
    done, page = await act(deciding, one, "announce", "2026-11-06", **{"done:notice": "1"})
    assert done == 303
    assert "2026-11-13" in page
    done, _ = await act(secretary, one, "appeal", "2026-11-10", note="联系群众次数记漏了")
    assert done == 303
    refused, page = await act(deciding, one, "close", "2026-11-20")
    assert refused == 409
    assert "有申诉还没有答复" in page
    refused, page = await act(deciding, one, "answer", "2026-11-15", grade="one-star")
    assert refused == 422
    assert "请写明理由" in page
    done, page = await act(deciding, one, "answer", "2026-11-15", grade="one-star", note="核实后次数不足")
    assert done == 303
    assert "第 2 次结果" in page
    done, page = await act(deciding, one, "close", "2026-11-20")
    assert done == 303
    await _spread(deciding)
    assert "已办结" in page

    proposals = (await deciding.open("/ratings/proposals")).text
    assert "白一" in proposals
    assert "列入教育整转支部，限期整改" in proposals
    early, page = await act(deciding, one, "consider", "2026-11-19", note="早于评定")
    assert early == 422
    assert "早于前一项的日期 2026-11-20" in page
    seen = (await deciding.get(f"/api/v1/ratings/people/{one}")).json()["person"]["acts"]
    note = {"act": "consider", "day": "2026-11-21", "version": seen, "note": "研究后不列入，由支部谈心谈话"}
    strange = {"grade": "five-star", "evidence": {"nobody": {"asked": 1}}, "papers": [], "own": True}
    answer = await deciding.post(
        f"/api/v1/ratings/people/{one}/acts",
        json={**note, **strange},
        headers={"x-csrftoken": deciding.token},
    )
    last = answer.json()["acts"][-1]
    assert (last["act"], last["grade"], last["evidence"]) == ("consider", "", {}), "it takes its note alone"
    assert "白一" not in (await deciding.open("/ratings/proposals")).text
    async with county_session(county.id):
        assert await fetchval("select membership from person where id = $1", town["白一"]) == "full"
        assert await fetchval("select edition from rating_subject where id = $1", one) == 2
    assert "白三" in (await secretary.open("/ratings/waiting")).text
    assert "党员五星管理 2026 年第 2 期" in (await secretary.open("/ratings")).text


async def test_an_exemption_is_applied_for_by_oneself_and_decided(
    secretary: Browser, deciding: Browser, county: Seeded, town: dict[str, UUID]
) -> None:
    two = (await subjects(county, "five-stars"))["白二"]
    refused, page = await act(secretary, two, "apply", "2026-11-01")
    assert refused == 409
    assert "须由本人书面提出" in page
    done, page = await act(secretary, two, "apply", "2026-11-01", own="1")
    assert done == 303
    assert "已申请不参加评定，还没有研究" in page
    assert (await secretary.open(f"/ratings/people/{two}/excuse")).status_code == 403
    done, page = await act(deciding, two, "excuse", "2026-11-03")
    assert done == 303
    assert "经同意不评" in page


async def test_four_grades_one_third_and_no_grade_for_the_probationary(
    organizer: Browser, secretary: Browser, county: Seeded, town: dict[str, UUID]
) -> None:
    body: dict[str, Any] = {
        "unit_id": str(county.units["东街支部"].id), "scheme": "democratic-appraisal", "name": "2026-1",
    }  # fmt: skip
    opened = await organizer.post("/api/v1/ratings", json=body, headers={"x-csrftoken": organizer.token})
    assert opened.status_code == 201, opened.text
    for name, status in (("9" * 5000, 422), ("1901-1", 422), ("2190-1", 422)):
        odd = await organizer.post(
            "/api/v1/ratings",
            json={**body, "unit_id": str(county.units["城关镇党委"].id), "name": name},
            headers={"x-csrftoken": organizer.token},
        )
        assert odd.status_code == status, name
    ids = await subjects(county, "democratic-appraisal")

    async def record(name: str, **fields: object) -> tuple[int, dict[str, Any]]:
        seen = (await secretary.get(f"/api/v1/ratings/people/{ids[name]}")).json()
        answer = await secretary.post(
            f"/api/v1/ratings/people/{ids[name]}/acts",
            json={"version": seen["person"]["acts"], "day": "2026-11-20", **fields},
            headers={"x-csrftoken": secretary.token},
        )
        return answer.status_code, answer.json()

    poll = {"poll": {"members": {"invited": 4, "present": 4, "for": 4}}}
    for name in ("白一", "白二"):
        status, seen = await record(name, act="propose", grade="excellent", evidence=poll)
        assert status == 201, seen
    status, seen = await record("白一", act="decide", grade="excellent")
    assert (status, seen["person"]["state"]) == (201, "decided")
    status, problem = await record("白二", act="decide", grade="excellent")
    assert status == 409
    assert "3 人中最多 1/3，即 1 人" in problem["sentence"]
    status, problem = await record("白四", act="propose", grade="qualified", evidence=poll)
    assert status == 409
    assert "参加、不定等次" in problem["sentence"]
    assert (await record("白二", act="dance"))[0] == 422
    for groups in (["ghosts"], [f"ghosts-{number}" for number in range(5000)]):
        crowd = {"poll": dict.fromkeys(groups, poll["poll"]["members"])}
        assert (await record("白三", act="propose", grade="qualified", evidence=crowd))[0] == 422
    assert (await record("白二", act="certify", papers=["anything"]))[0] == 422
    stale = await secretary.post(
        f"/api/v1/ratings/people/{ids['白二']}/acts",
        json={"version": 0, "day": "2026-11-20", "act": "propose", "grade": "qualified", "evidence": poll},
        headers={"x-csrftoken": secretary.token},
    )
    assert stale.status_code == 409
    first = (await secretary.get("/api/v1/ratings/waiting")).json()
    assert {one["name"] for one in first["items"]} >= {"白一", "白二", "白三"}
    assert "白四" not in {one["name"] for one in first["items"] if one["title"].startswith("民主评议")}


async def test_a_list_goes_on_where_its_page_ended(
    secretary: Browser, county: Seeded, town: dict[str, UUID]
) -> None:
    assert (await secretary.get("/ratings/waiting?after=nonsense")).status_code == 422
    whole = (await secretary.get("/api/v1/ratings/waiting")).json()["items"]
    rest = (await secretary.get(f"/api/v1/ratings/waiting?after={encode_key([whole[0]['id']])}")).json()
    assert [one["id"] for one in rest["items"]] == [one["id"] for one in whole[1:]]


async def test_nothing_waits_for_who_has_left(
    secretary: Browser, county: Seeded, town: dict[str, UUID]
) -> None:
    waits = (await secretary.get("/api/v1/ratings/waiting")).json()["items"]
    assert str(town["白三"]) in {one["person_id"] for one in waits}
    async with county_session(county.id):
        version = await fetchval("select version from person where id = $1", town["白三"])
        await leave(everything(), town["白三"], LeavingDraft("died", TODAY, "病故", "证明"), version, TODAY)
    waits = (await secretary.get("/api/v1/ratings/waiting")).json()["items"]
    assert str(town["白三"]) not in {one["person_id"] for one in waits}


async def test_activists_are_sorted_into_tiers(
    committee: Browser, county: Seeded, town: dict[str, UUID]
) -> None:
    """A scheme of activists takes in the activists of a branch, and none of its members."""
    unit = county.units["城关镇党委"].id
    async with county_session(county.id):
        await apply(everything(), unit, Adopt(plugin="sanji-norms", since=date(2026, 1, 1)), TODAY)
        draft = PersonDraft(name="白五", sex="female", born=date(2000, 1, 1), membership="activist")
        await enter(everything(), county.units["东街支部"].id, draft, date(2026, 1, 2))
    assert "积极分子三档" in (await committee.open("/ratings/open")).text
    opened = await committee.submit("/ratings/open", unit=str(unit), scheme="activist-tiers 2026-1")
    assert opened.status_code == 303
    found = await subjects(county, "activist-tiers")
    assert "白五" in found
    assert not found.keys() & MEMBERS.keys()


def subject_of(county: Seeded, found: dict[str, Any], unit: str) -> UUID:
    """The id of a unit in the rounds of a scheme."""
    return UUID(next(one["id"] for one in found["items"] if one["unit_id"] == str(county.units[unit].id)))


async def test_a_committee_rates_its_branches(
    app: Litestar,
    secretary: Browser,
    committee: Browser,
    deciding: Browser,
    county: Seeded,
    town: dict[str, UUID],
) -> None:
    """基层组织“五个好”: the branch proposes, the committee decides by review; the branch appeals, others see nothing of it."""
    unit = county.units["城关镇党委"]
    async with county_session(county.id):
        draft = UnitDraft(kind="branch", name="城关镇西街支部", short_name="西街支部")
        west = await create(everything(), unit.id, draft, date(2026, 1, 2))
        await account_of("west", "branch-secretary", west, date(2026, 1, 2))
        five = {"five-good-items": [{"good-team": "班子好"}, {"good-rules": "制度好"}]}
        change = Adopt(plugin="arong-construction", since=date(2026, 1, 1), choice=Choice(fill=five))
        await apply(everything(), unit.id, change, TODAY)
    page = (await committee.open("/ratings/open")).text
    assert "基层组织“五个好”" in page
    assert "评党支部" in page
    opened = await committee.submit("/ratings/open", unit=str(unit.id), scheme="grassroots-five-good 2026-1")
    assert opened.status_code == 303, opened.text
    at = opened.headers["location"]
    page = (await committee.open(at)).text
    assert "西街支部" in page
    assert "待评 <b>2</b>" in page
    page = (await secretary.open(at)).text
    assert "东街支部" in page
    assert "西街支部" not in page, "a branch sees itself alone"
    assert "待评 <b>1</b>" in page
    east = subject_of(county, (await secretary.get(f"/api/v1{at}")).json()["people"], "东街支部")
    async with browser(app) as other:
        await other.sign_in(county, ELSEWHERE)
        assert (await other.open(at)).status_code == 404
        assert (await other.open(f"/ratings/people/{east}")).status_code == 404
        assert "五个好" not in (await other.open("/ratings")).text
        await other.sign_in(county, "west")
        assert (await other.open(at)).status_code == 200
        assert (await other.open(f"/ratings/people/{east}")).status_code == 404, (
            "of its neighbour it sees nothing"
        )

    assert (await committee.open(f"/ratings/people/{east}/propose")).status_code == 403
    page = (await secretary.open(f"/ratings/people/{east}/propose")).text
    items = re.findall(r'name="items" value="([^"]+)"', page)
    assert len(items) == 2
    done, page = await act(secretary, east, "propose", "2026-11-10", grade="not-achieved", items=items[:1])
    assert (done, "评议的内容还缺：制度好" in page) == (303, True)
    done, page = await act(secretary, east, "propose", "2026-11-10", grade="not-achieved", items=items)
    assert (done, "已提出建议" in page) == (303, True)
    review = {"review.committee.conclusion": "pass"}
    await _recused(app, county, east, review)
    done, page = await act(deciding, east, "decide", "2026-11-12", grade="not-achieved", **review)
    assert (done, "已评定" in page) == (303, True)
    assert (await deciding.open(f"/ratings/people/{east}/appeal")).status_code == 403, (
        "the branch's own to make"
    )
    done, page = await act(secretary, east, "appeal", "2026-11-13", note="制度上墙的材料漏看了")
    assert (done, "有申诉待答复" in page) == (303, True)
    done, page = await act(deciding, east, "answer", "2026-11-15", grade="achieved", note="补看材料后达到")
    assert (done, "第 2 次结果" in page) == (303, True)
    done, page = await act(deciding, east, "close", "2026-11-16")
    assert (done, "已办结" in page) == (303, True)
    waits = (await committee.get("/api/v1/ratings/waiting")).json()["items"]
    left = [one["name"] for one in waits if one["title"].startswith("基层组织")]
    assert left == ["西街支部"]
    async with county_session(county.id):
        await dissolve(everything(), west.id, TODAY, west.version, TODAY)
    waits = (await committee.get("/api/v1/ratings/waiting")).json()["items"]
    assert not [one for one in waits if one["title"].startswith("基层组织")], (
        "nothing waits for what is dissolved"
    )


async def _recused(app: Litestar, county: Seeded, east: UUID, review: dict[str, str]) -> None:
    """A secretary of the committee who is also the branch's does not decide on it; by the register he is that, or by a role."""
    branch, today = county.units["东街支部"], date(2026, 1, 2)
    async with county_session(county.id):
        account = await account_of("both", "committee-secretary", county.units["城关镇党委"], today)
        await execute(
            "insert into holding (account_id, role, unit_id, since, granted_by) values ($1, $2, $3, $4, $1)",
            account, "branch-secretary", branch.id, today,
        )  # fmt: skip
    async with browser(app) as both:
        await both.sign_in(county, "both")
        assert (await both.open(f"/ratings/people/{east}/decide")).status_code == 403
        sent = {"act": "decide", "day": "2026-11-12", "version": 1, "grade": "not-achieved"}
        said = await both.post(
            f"/api/v1/ratings/people/{east}/acts", json=sent, headers={"x-csrftoken": both.token}
        )
        assert (said.status_code, "任职，上级对它的评定由您回避" in said.text) == (403, True), said.text


async def test_the_department_rates_committees(
    organizer: Browser, committee: Browser, county: Seeded, town: dict[str, UUID]
) -> None:
    """“五好”乡镇党委: a round at the department over all its committees; the grades proposed and decided at two levels."""
    async with county_session(county.id):
        five = {"five-good-items": [{"good-team": "班子好"}]}
        change = Adopt(plugin="nanjing-longshan", since=date(2026, 1, 1), choice=Choice(fill=five))
        await apply(everything(), county.units["组织部"].id, change, TODAY)
    below = {"unit_id": str(county.units["城关镇党委"].id), "scheme": "five-good-committee", "name": "2026-1"}
    sent = {"x-csrftoken": committee.token}
    refused = await committee.post("/api/v1/ratings", json=below, headers=sent)
    assert (refused.status_code, "没有可以开展" in refused.text) == (422, True)
    body = {**below, "unit_id": str(county.units["组织部"].id)}
    opened = await organizer.post("/api/v1/ratings", json=body, headers={"x-csrftoken": organizer.token})
    assert opened.status_code == 201, opened.text
    [round_id] = opened.json()["rounds"]
    shown = (await organizer.get(f"/api/v1/ratings/{round_id}")).json()
    assert [one["name"] for one in shown["people"]["items"]] == ["城关镇党委", "河西乡党委"]
    shown = (await committee.get(f"/api/v1/ratings/{round_id}")).json()
    assert [one["name"] for one in shown["people"]["items"]] == ["城关镇党委"]
    assert "评基层党委" in (await committee.open(f"/ratings/{round_id}")).text.replace(
        "<dt>评定</dt><dd>", "评"
    )


async def test_a_scheme_of_group_leaders_takes_in_nobody_else(
    organizer: Browser, secretary: Browser, county: Seeded, town: dict[str, UUID]
) -> None:
    """Its items stand as the document has them and are ticked by whoever has gone through them; nothing is asked for in vain."""
    async with county_session(county.id):
        if not await fetchval("select exists (select from activation where plugin = 'nanjing-longshan')"):
            await apply(
                everything(),
                county.units["组织部"].id,
                Adopt(plugin="nanjing-longshan", since=date(2026, 1, 1)),
                TODAY,
            )
        await fetchval(
            "insert into person_tag (person_id, tag, since) values ($1, 'group-leader', '2026-01-02') returning id",
            town["白一"],
        )
        group = UnitDraft(kind="group", name="不开展评定的党小组")
        await create(everything(), county.units["东街支部"].id, group, TODAY)
    unit = str(county.units["东街支部"].id)
    page = (await organizer.open(f"/ratings/open?unit={unit}")).text
    assert "不开展评定的党小组" not in page
    assert "评党员中的党小组长" in page
    opened = await organizer.submit("/ratings/open", unit=unit, scheme="five-good-posts 2026-1")
    assert opened.status_code == 303, opened.text
    found = await subjects(county, "five-good-posts")
    assert set(found) == {"白一"}
    shown = (await secretary.open(f"/ratings/people/{found['白一']}")).text
    assert "提出等次建议" in shown
    assert "查验证明" not in shown
    form = (await secretary.open(f"/ratings/people/{found['白一']}/propose")).text
    items = re.findall(r'name="items" value="([^"]+)" ?(checked)?', form)
    assert items == [
        (one, "")
        for one in (
            "thought-style-good", "task-completion-good", "mass-service-good", "dedication-good", "exemplary-lead-good"
        )
    ]  # fmt: skip
    legend = form.partition("评议过的内容")[2][:80]
    assert "选填" not in legend


async def _worked_out(county: Seeded) -> None:
    """What the worker does after a change of policies."""
    while await work(county, recompute_below):
        pass


async def test_policies_that_come_and_go_leave_a_round_as_it_was_opened(
    organizer: Browser, secretary: Browser, county: Seeded, town: dict[str, UUID]
) -> None:
    """It is finished by the rules of its day; where these count as never in force it is kept as it reads, and waits for nobody;
    adopted again it goes on where it was."""
    one = (await subjects(county, "five-good-posts"))["白一"]
    unit, sent = county.units["组织部"], {"x-csrftoken": secretary.token}

    async def change(made: Adopt | End) -> UUID:
        async with county_session(county.id):
            added = await apply(everything(), unit.id, made, TODAY)
        await _worked_out(county)
        return added[0].id

    async def seen() -> dict[str, Any]:
        answer = await secretary.get(f"/api/v1/ratings/people/{one}")
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    async with county_session(county.id):
        adopted = await fetchval(
            """select id from activation a where plugin = 'nanjing-longshan'
               and not exists (select from activation n where n.supersedes = a.id)"""
        )
    ended = await change(End(activation_id=adopted, day=TODAY + timedelta(days=1), basis="停用"))
    items = [
        "thought-style-good",
        "task-completion-good",
        "mass-service-good",
        "dedication-good",
        "exemplary-lead-good",
    ]
    grade = re.findall(
        r'name="grade" value="([^"]+)"', (await secretary.open(f"/ratings/people/{one}/propose")).text
    )[0]
    done, page = await act(secretary, one, "propose", str(TODAY), grade=grade, items=items)
    assert (done, "已提出建议" in page) == (303, True), page
    assert ((await seen())["person"]["state"], len((await seen())["next"])) == ("proposed", 2)

    withdrawn = await change(End(activation_id=ended, day=date(2026, 1, 1), basis="启用有误"))
    found = await seen()
    assert (found["person"]["state"], found["next"], found["acts"][0]["grade"]) == ("withdrawn", [], grade)
    body = {"act": "propose", "day": str(TODAY), "version": 1, "grade": grade}
    refused = await secretary.post(f"/api/v1/ratings/people/{one}/acts", json=body, headers=sent)
    assert (refused.status_code, refused.json()["code"]) == (409, "withdrawn")
    at = f"/ratings/{found['round']['id']}"
    assert (await secretary.get(f"/api/v1{at}")).json()["round"]["withdrawn"] == str(TODAY)
    for address in (at, f"/ratings/people/{one}"):
        page = (await secretary.open(address)).text
        assert "依据的政策已经撤销，视同没有启用过" in page
        assert "党小组长" in page or "五好" in page
        assert grade not in re.sub(r"<[^>]*>", "", page), "words keep their titles"
    assert str(one) not in {
        line["id"] for line in (await secretary.get("/api/v1/ratings/waiting")).json()["items"]
    }
    assert at in (await secretary.open("/ratings?closed=true")).text

    assert withdrawn
    await change(Adopt(plugin="nanjing-longshan", since=date(2026, 1, 1)))
    assert ((await seen())["person"]["state"], len((await seen())["next"])) == ("proposed", 2)
    assert at in (await secretary.open("/ratings")).text


async def test_rounds_stand_as_the_tree_has_their_units(
    organizer: Browser, county: Seeded, town: dict[str, UUID]
) -> None:
    """Whenever each was opened."""
    body = {"unit_id": str(county.units["组织部"].id), "scheme": "democratic-appraisal", "name": "2026-1"}
    async with county_session(county.id):
        west = UnitDraft(kind="branch", name="城关镇阿木支部", short_name="阿木支部")
        made = await create(everything(), county.units["城关镇党委"].id, west, date(2026, 1, 2))
        await enter(everything(), made.id, PersonDraft(
            name="白六", sex="male", born=date(1980, 1, 1), membership="full", joined=date(2010, 7, 1),
            converted=date(2011, 7, 1)), date(2026, 1, 2))  # fmt: skip
    opened = await organizer.post("/api/v1/ratings", json=body, headers={"x-csrftoken": organizer.token})
    assert opened.status_code == 201, opened.text
    items = (await organizer.get("/api/v1/ratings")).json()["items"]
    rounds = [one for one in items if one["scheme"] == "democratic-appraisal"]
    assert [one["unit_name"] for one in rounds].index("阿木支部") < [
        one["unit_name"] for one in rounds
    ].index("东街支部")
    assert [one["place"] for one in rounds] == sorted(one["place"] for one in rounds)
