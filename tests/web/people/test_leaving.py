"""Who has died, left the Party or gone elsewhere: out of every count from that day, kept with day, reason and paper."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
from litestar import Litestar

from core.casework.access import take_up
from core.casework.acts.end import end_case
from core.database import fetchval
from core.register.carry import FollowedMembership, follow_membership
from core.register.leaving import LEAVINGS
from core.register.model import PersonDraft
from core.register.service import enter
from tenants.database.session import county_session
from tenants.policies.regimes import regime_of_path
from tenants.queue.outbox import enqueue
from tenants.worker.tasks import clear_files, minimise
from tests.web.cases.seed import applicant, crew, opened
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything
from tests.web.forms import Read
from tests.web.working import work

DIED = {"kind": "died", "day": "2026-11-02", "reason": "因病去世", "paper": "死亡医学证明"}


@pytest.fixture
async def committee(app: Litestar, county: Seeded) -> AsyncIterator[Browser]:
    """A browser in which the committee's organizer is signed in."""
    async with browser(app) as made:
        await made.sign_in(county, "committee-organizer")
        yield made


async def member(county: Seeded, name: str, unit: str = "东街支部", **more: object) -> UUID:
    """A full member at a branch."""
    draft = PersonDraft(name=name, membership="full", **more)  # type: ignore[arg-type]
    async with county_session(county.id):
        return await enter(everything(), county.units[unit].id, draft, TODAY)


async def leave(browser: Browser, person: UUID, **said: str) -> str:
    """Fill the form in; where it leads, or what the page says."""
    page = (await browser.open(f"/people/{person}/leave")).text
    version = page.split('name="version" value="')[1].split('"')[0]
    answer = await browser.submit(f"/people/{person}/leave", version=version, **{**DIED, **said})
    return answer.headers["location"] if answer.status_code == 303 else f"{answer.status_code} {answer.text}"


async def full_members(browser: Browser) -> int:
    """How many the county counts."""
    counts = (await browser.get("/api/v1/people/counts")).json()["counts"]
    return int(counts.get("full", 0))


async def test_who_has_died_is_in_no_count_and_stays_in_history(organizer: Browser, county: Seeded) -> None:
    person = await member(county, "离世人")
    unit = f"/units/{county.units['东街支部'].id}"
    tree = "/api/v1/units"
    before = await full_members(organizer), (await organizer.get(tree)).json()["items"][0]["all_people"]
    assert await leave(organizer, person) == f"/people/{person}"
    page = (await organizer.open(f"/people/{person}")).text
    assert "去世，自 2026-11-02 起不在册。事由：因病去世。依据：死亡医学证明。" in page
    assert "修改信息" not in page
    after = await full_members(organizer), (await organizer.get(tree)).json()["items"][0]["all_people"]
    assert after == (before[0] - 1, before[1] - 1)
    for address in ("/people?q=离世人", unit):
        assert f"/people/{person}" not in (await organizer.open(address)).text
    former = (await organizer.open("/people/former")).text
    assert f"/people/{person}" in former
    assert "因病去世" in former


async def test_nothing_begins_with_who_has_left(
    organizer: Browser, secretary: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        person = await enter(
            everything(), county.units["东街支部"].id, PersonDraft(name="走了的申请人"), TODAY
        )
    assert await leave(organizer, person, kind="transferred-out", paper="介绍信")
    refused = await secretary.open(f"/people/{person}/edit")
    assert refused.status_code == 409
    assert "自 2026-11-02 起不在册" in refused.text
    await secretary.open("/people")
    opening = await secretary.open(f"/cases/new/{person}")
    assert opening.status_code == 409 or "开始办理" not in opening.text
    answer = await secretary.post(
        "/api/v1/cases",
        json={
            "person_id": str(person),
            "day": "2026-11-03",
            "evidence": {"documents": ["application-letter"]},
        },
        headers={"x-csrftoken": secretary.cookies["csrftoken"]},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "left")


async def test_a_running_case_is_ended_first(organizer: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        person = await applicant(county, "在办的人")
        await opened(county, person)
    said = await leave(organizer, person)
    assert said.startswith("409")
    assert "还有正在办理的档案" in said


@pytest.mark.parametrize("kind", [kind for kind, way in LEAVINGS.items() if way.member])
async def test_only_the_department_ends_a_membership(
    organizer: Browser, committee: Browser, county: Seeded, kind: str
) -> None:
    person = await member(county, f"被{kind}")
    page = (await committee.open(f"/people/{person}/leave")).text
    assert f'value="{kind}"' not in page
    headers = {"x-csrftoken": committee.cookies["csrftoken"]}
    body = {"version": 0, "draft": {**DIED, "kind": kind}}
    answer = await committee.post(f"/api/v1/people/{person}/leave", json=body, headers=headers)
    assert answer.status_code == 403
    assert "办理。" in answer.json()["sentence"]
    headers = {"x-csrftoken": organizer.cookies["csrftoken"]}
    answer = await organizer.post(f"/api/v1/people/{person}/leave", json=body, headers=headers)
    assert answer.status_code == 204, answer.text
    back = {
        "unit_id": str(county.units["东街支部"].id), "day": "2026-11-10", "reason": "重新申请", "paper": "批复",
    }  # fmt: skip
    answer = await organizer.post(f"/api/v1/people/{person}/return", json=back, headers=headers)
    assert answer.status_code == 204, answer.text
    file = (await organizer.get(f"/api/v1/people/{person}")).json()
    assert (file["membership"], file["removed"], file["left_on"]) == ("none", "2026-11-02", None)


async def test_the_branch_writes_nobody_off(secretary: Browser, county: Seeded) -> None:
    person = await member(county, "支部里的人")
    assert "登记离开" not in (await secretary.open(f"/people/{person}")).text
    assert (await secretary.open(f"/people/{person}/leave")).status_code == 403


async def test_what_was_written_by_mistake_is_taken_back(organizer: Browser, county: Seeded) -> None:
    person = await member(county, "没走的人")
    before = await full_members(organizer)
    await leave(organizer, person)
    await organizer.open(f"/people/{person}/return")
    answer = await organizer.submit(f"/people/{person}/return", unit=str(county.units["东街支部"].id),
                                    day="2026-11-05", reason="误报", paper="说明")  # fmt: skip
    assert answer.status_code == 409, "the dead do not come back"
    assert "撤销这次登记" in answer.text
    answer = await organizer.submit(f"/people/{person}/return/mistaken", mistake="同名同姓，报错了人")
    assert answer.status_code == 303, answer.text
    assert await full_members(organizer) == before
    page = (await organizer.open(f"/people/{person}")).text
    assert "撤销“去世”的登记（同名同姓，报错了人）" in page
    assert "去世，自 2026-11-02 起不在册（因病去世，依据：死亡医学证明）" in page


async def test_whoever_was_entered_in_error_does_not_keep_the_number(
    organizer: Browser, county: Seeded
) -> None:
    number = "110101199003071110"
    person = await member(county, "登错的人", national_id=number)
    assert (
        await leave(organizer, person, kind="in-error", reason="登记了两次", paper="") == f"/people/{person}"
    )
    again = await member(county, "登对的人", national_id=number)
    assert again != person
    headers = {"x-csrftoken": organizer.cookies["csrftoken"]}
    answer = await organizer.post(
        f"/api/v1/people/{person}/return/mistaken", json={"reason": "没有登错"}, headers=headers
    )
    assert answer.status_code == 409
    assert "已经登记在本县的名册中" in answer.json()["sentence"]


async def test_the_list_is_narrowed(organizer: Browser, county: Seeded) -> None:
    people = {
        kind: await member(county, f"历史{place}号")
        for place, kind in enumerate(("died", "transferred-out"), 1)
    }
    for kind, person in people.items():
        await leave(organizer, person, kind=kind, day="2026-11-04", paper="证明")
    list_, counts = "/api/v1/people/former", "/api/v1/people/former/counts"
    for query, found in (
        ("kind=died&q=历史", {"died"}), ("q=历史1号", {"died"}), ("q=历史&since=2026-11-05", set()),
        ("q=历史&until=2026-11-04", set(people)),
        (f"q=历史&unit={county.units['上河支部'].id}", set()), (f"q=历史&unit={county.units['东街支部'].id}", set(people)),
    ):  # fmt: skip
        items = (await organizer.get(f"{list_}?{query}")).json()["items"]
        assert {one["left_as"] for one in items} == found, query
    assert (await organizer.get(f"{counts}?q=历史")).json()["counts"] == {"died": 1, "transferred-out": 1}
    assert (await organizer.get(f"{list_}?since=昨天")).status_code == 422


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"day": "2026-12-01"}, "2026-12-01"), ({"reason": ""}, "请填写事由"), ({"paper": ""}, "请填写依据"),
        ({"day": "2001-01-01"}, "早于"), ({"version": "7"}, "刚刚被别人修改过"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused(
    organizer: Browser, county: Seeded, said: dict[str, str], sentence: str
) -> None:
    person = await member(county, "还在的人", joined=date(2005, 1, 1), converted=date(2006, 1, 1))
    await organizer.open(f"/people/{person}/leave")
    answer = await organizer.submit(f"/people/{person}/leave", **{"version": "0", **DIED, **said})
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    assert (await organizer.get(f"/api/v1/people/{person}")).json()["left_on"] is None


async def test_contact_data_go_when_two_people_have_signed(
    organizer: Browser, admin: Browser, committee: Browser, county: Seeded
) -> None:
    """Of whoever left long ago, and of whoever applied and did not become a member; with the papers of that case."""
    place = "/people/minimise"
    gone = await member(county, "早已离世", phone="13900002222", address="东街 9 号")
    assert await leave(organizer, gone, day="2020-03-01") == f"/people/{gone}"
    async with county_session(county.id):
        ended = await applicant(county, "没有入党")
        case = await opened(county, ended, date(2023, 3, 3))
        matter = await take_up(crew(county)["branch"], case, regime_of_path)
        day = date(2023, 4, 1)
        await end_case(
            crew(county)["branch"],
            matter,
            "withdrawn",
            day,
            "不办了",
            seen_version=matter.case.version,
            today=day,
        )
        once = await applicant(county, "曾是预备党员")
        second = await take_up(
            crew(county)["branch"], await opened(county, once, date(2023, 3, 3)), regime_of_path
        )
        await follow_membership([FollowedMembership(once, "probationary", day)])
        await end_case(
            crew(county)["branch"],
            second,
            "withdrawn",
            day,
            "不办了",
            seen_version=second.case.version,
            today=day,
        )
        file = await fetchval(
            """insert into attachment (case_id, sha256, size, name, extension, mime, by_id, by_name)
               values ($1, repeat('a', 64), 1, '申请书.pdf', 'pdf', 'application/pdf', $1, '某') returning id""",
            case,
        )
    assert (await committee.get(place)).status_code == 403
    assert "还没有定年限" in (await organizer.open(place)).text
    refused = await organizer.submit(f"{place}/rule", gone="4", ended="2")
    assert refused.status_code == 422
    assert "五年内不得重新入党" in refused.text
    assert (await organizer.submit(f"{place}/rule", gone="5", ended="2")).status_code == 303
    page = (await organizer.open(place)).text
    assert "早已离世" in page
    assert "没有入党" in page
    assert "曾是预备党员" not in page
    assert "抹去以后不能恢复" in page
    told = (await organizer.get(f"/api/v1{place}")).json()
    assert (told["total"], told["rule"]) == (2, {"gone": 5, "ended": 2})
    assert (await organizer.submit(f"{place}/ask", mark=told["mark"])).status_code == 303
    run = (await organizer.get(f"/api/v1{place}")).json()["runs"][0]["id"]
    own = await organizer.submit(f"{place}/{run}/agree")
    assert (own.status_code, "须由另一位同志签字" in own.text) == (403, True)
    assert "精简名单等您签字" in (await admin.open("/notices")).text
    assert "精简名单等您签字" not in (await organizer.open("/notices")).text, "he has asked for it himself"
    assert "13900002222" not in (await admin.open(place)).text
    assert (await admin.submit(f"{place}/{run}/agree")).status_code == 303
    assert "撤回" in (await organizer.open(place)).text, "until it is done"
    assert (await organizer.submit(f"{place}/{run}/decline", reason="签错了名单")).status_code == 303
    assert (await organizer.get(f"/api/v1{place}")).json()["runs"][0]["state"] == "withdrawn"
    half = await organizer.put(
        f"/api/v1{place}/rule", json={"gone": 5}, headers={"x-csrftoken": organizer.token}
    )
    assert half.status_code == 400, "the other years are not taken for none"
    assert (await organizer.submit(f"{place}/ask", mark=told["mark"])).status_code == 303
    run = (await organizer.get(f"/api/v1{place}")).json()["runs"][0]["id"]
    await admin.open(place)
    assert (await admin.submit(f"{place}/{run}/agree")).status_code == 303
    async with county_session(county.id):
        await enqueue(clear_files, today=TODAY.isoformat())
    assert await work(county, clear_files)
    while await work(county, minimise):
        pass
    page = (await organizer.open(f"/people/{gone}")).text
    assert "东街 9 号" not in page
    assert "按本县规定的年限抹去了手机号" in page
    lost = await organizer.get(f"/cases/{case}/attachments/{file}")
    assert (lost.status_code, "已于 2026-11-21 按本县规定的年限精简" in lost.text) == (404, True)
    done = (await organizer.get(f"/api/v1{place}")).json()
    assert (done["total"], done["runs"][0]["state"], done["runs"][0]["done"]) == (0, "done", 2)


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"unit": ""}, "unit", "请选择党支部。"),
        ({"unit": "城关镇党委"}, "unit", "请选择党支部。"),
        ({"day": ""}, "day", "请填写回来的日期。"),
        ({"day": "2026-11-22"}, "day", "不能晚于今天"),
        ({"day": "2026-09-30"}, "day", "早于离开的日期。"),
        ({"day": "昨天"}, "day", "不是一个日期"),
        ({"reason": ""}, "reason", "请填写事由。"),
        ({"reason": "事" * 201}, "reason", "最多 200 个字"),
        ({"paper": ""}, "paper", "请填写依据。"),
        ({"paper": "据" * 121}, "paper", "最多 120 个字"),
    ],
)
async def test_nobody_comes_back_as_cannot_be_and_the_other_form_of_the_page_stays_itself(
    organizer: Browser, county: Seeded, wrong: dict[str, str], field: str, said: str
) -> None:
    person = await member(county, "外出又回")
    assert await leave(organizer, person, kind="transferred-out", day="2026-10-01") == f"/people/{person}"
    at = f"/people/{person}/return"
    page = (await organizer.open(at)).text
    assert "转出本县，2026-10-01 起不在册" in page
    mistaken = await organizer.submit(f"{at}/mistaken", mistake="")
    assert (mistaken.status_code, "请填写事由。" in mistaken.text) == (422, True)
    assert {at, f"{at}/mistaken"} <= {one.action for one in Read(mistaken.text).forms}
    typed = {"unit": "上河支部", "day": "2026-11-02", "reason": "回乡", "paper": "介绍信 7 号", **wrong}
    typed["unit"] = str(county.units[typed["unit"]].id) if typed["unit"] else ""
    answer = await organizer.submit(at, **typed)
    assert answer.status_code == 422
    assert said in re.findall(rf'id="e-{field}">([^<]+)', answer.text)[0]
    form = Read(answer.text).form(at)
    assert form is not None
    for name in ("day", "reason", "paper"):
        assert form.fields[name].value == typed[name], name
    assert (await organizer.get(f"/api/v1/people/{person}")).json()["left_on"] == "2026-10-01"
