"""A member with whom contact is lost: searched for, suspended, removed by decisions, found, restored; the register follows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
from litestar import Litestar

from core.register.rights.day import known_people, rights_of
from tenants.database.session import county_session, current_session
from tenants.policies.changes import Adopt, Choice
from tenants.policies.service import apply
from tests.floor import STEPS
from tests.web.cases.test_transfers import done, member, recorded
from tests.web.conftest import ELSEWHERE, TODAY, Browser, Seeded, browser, everything
from tests.web.policies.forms import forms, send

LOST = "?procedure=lost-contact"
MEETING = {"vote.eligible": "5", "vote.present": "5", "vote.for": "5", "vote.difference": "其余党员流动在外"}


@pytest.fixture
async def chief(app: Litestar, county: Seeded) -> AsyncIterator[Browser]:
    """The committee's secretary, who decides."""
    async with browser(app) as found:
        await found.sign_in(county, "committee-secretary")
        yield found


async def lost(secretary: Browser, person: UUID, last: str = "2023-01-10", **more: str) -> str:
    """The case that the branch opens."""
    sent = await secretary.submit(
        f"/cases/new/{person}{LOST}",
        **{"day": "2023-02-20", "date.last-contact": last, "documents.*": "search-file", **more},
    )
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"])


async def in_register(county: Seeded, person: UUID) -> tuple[object, ...]:
    """Lost since, standing, left on and as."""
    async with county_session(county.id):
        row = await current_session().fetchrow(
            "select lost_since, standing, left_on, left_as from person where id = $1", person
        )
    assert row is not None
    return tuple(row)


async def votes(county: Seeded, person: UUID, *days: date) -> list[bool]:
    """Whether he has a vote on these days."""
    async with county_session(county.id):
        known = await known_people([person])
        return [(await rights_of(known, day))[person].votes for day in days]


async def searched(secretary: Browser, case: str, day: str, ways: str, result: str = "none") -> None:
    """One attempt."""
    said = {
        "tracing.*.0.name": "李红",
        "tracing.*.0.day": day,
        "tracing.*.0.ways": ways,
        "tracing.*.0.result": result,
    }
    await done(secretary, case, "lost-search", day, **said)


async def suspended(secretary: Browser, chief: Browser, case: str) -> None:
    """As far as the suspension, on 2023-07-20."""
    await searched(secretary, case, "2023-03-01", "phone")
    await searched(secretary, case, "2023-03-05", "on-site")
    papers = {**MEETING, "documents.*": "search-report"}
    await done(secretary, case, "suspension-proposal", "2023-07-10", **papers)
    await done(chief, case, "suspension-decision", "2023-07-20", **{"consent.committee": "granted"})


async def test_a_search_leads_to_suspension_and_removal_by_decisions_alone(
    county: Seeded, secretary: Browser, chief: Browser, organizer: Browser
) -> None:
    person = await member(county, "失联人")
    page = (await secretary.open(f"/cases/new/{person}{LOST}")).text
    assert "最后一次取得联系日期" in page
    bare = await secretary.submit(
        f"/cases/new/{person}{LOST}", day="2023-02-20", **{"documents.*": "search-file"}
    )
    assert bare.status_code == 422, bare.text
    assert "没有登记“最后一次取得联系”的日期" in bare.text
    ancient = {"day": "2023-02-20", "date.last-contact": "0001-01-01", "documents.*": "search-file"}
    ages = await secretary.submit(f"/cases/new/{person}{LOST}", **ancient)
    assert (ages.status_code, "太早或太晚" in ages.text) == (422, True)
    case = await lost(secretary, person)
    assert await in_register(county, person) == (date(2023, 1, 10), "normal", None, None)
    for act, said in (
        (f"{case}/facts", {"day": "2026-11-20", "date.last-contact": "2027-01-10"}),
        (
            f"/people/{person}/edit",
            {"standing": "suspended", "lost_contact": "1", "lost_since": "2023-01-10"},
        ),
    ):
        [fields] = [one for action, one in forms(await secretary.open(act)).items() if action in ("", act)]
        wrong = await send(secretary, act, {**fields, **{name: [value] for name, value in said.items()}})
        assert wrong.status_code in (403, 422), f"{act}: to come, and by hand"
    tried = {
        "tracing.*.0.name": "李红",
        "tracing.*.0.day": "2027-03-01",
        "tracing.*.0.ways": "phone",
        "rows:tracing.*": "9" * 5000,
    }
    assert (await recorded(secretary, case, "lost-search", "2023-03-01", **tried)).status_code == 422
    assert "失联人" in (await secretary.open(f"/cases{LOST}")).text
    await searched(secretary, case, "2023-03-01", "kin")
    early = await recorded(secretary, case, "suspension-proposal", "2023-07-09", **MEETING)
    assert early.status_code == 422
    await suspended(secretary, chief, case)
    assert await in_register(county, person) == (date(2023, 1, 10), "suspended", None, None)
    assert await votes(county, person, date(2023, 7, 19), date(2023, 7, 20)) == [True, False]
    await done(organizer, case, "suspension-filing", "2023-08-01", **{"filing.*": "department"})
    refused = await secretary.submit(
        f"/cases/new/{person}?procedure=transfer", day="2026-11-02",
        to=str(county.units["上河支部"].id), **{"documents.*": "transfer-request"},
    )  # fmt: skip
    assert refused.status_code == 409
    assert "党籍状态是“停止党籍”" in refused.text
    again = {**MEETING, "tracing.*.0.name": "李红", "tracing.*.0.ways": "kin"}
    await done(secretary, case, "removal-proposal", "2025-09-01", **again)
    await done(chief, case, "removal-decision", "2025-09-10", **{"consent.committee": "granted"})
    assert await in_register(county, person) == (date(2023, 1, 10), "suspended", date(2025, 9, 10), "removed")
    file = (await organizer.open(f"/people/{person}")).text
    assert "党籍状态由“正常”改为“停止党籍”，自 2023-07-20 起" in file
    assert "除名（含劝退、自行脱党），自 2025-09-10 起不在册" in file


async def test_who_is_found_is_followed_up_and_restored(
    county: Seeded, secretary: Browser, chief: Browser, organizer: Browser
) -> None:
    person = await member(county, "找回人")
    back = f"/cases/new/{person}?procedure=lost-return"
    found = {"day": "2026-10-02", "documents.*": "found-account"}
    assert back not in (await secretary.open(f"/people/{person}")).text, "who is not lost is not found"
    early = await secretary.submit(back, **found)
    assert (early.status_code, "查找和处置档案里，以“已经取得联系”终止" in early.text) == (409, True)
    assert "以“已经取得联系”终止" in (await secretary.open("/cases/new?procedure=lost-return&q=找回人")).text
    case = await lost(secretary, person, "2025-01-10", day="2025-02-20")
    assert "正在办理的失联党员查找和处置档案" in (await secretary.submit(back, **found)).text
    await searched(secretary, case, "2025-03-01", "phone")
    await searched(secretary, case, "2025-03-05", "on-site")
    await done(
        secretary, case, "suspension-proposal", "2025-07-10", **{**MEETING, "documents.*": "search-report"}
    )
    await done(chief, case, "suspension-decision", "2025-07-20", **{"consent.committee": "granted"})
    await searched(secretary, case, "2026-10-01", "kin", "reached")
    assert "不再是失联" in (await secretary.open(case)).text
    asked = await secretary.open(f"{case}/end")
    assert "名册随之变动：取得联系，不再是失联党员" in asked.text
    [fields] = [one for action, one in forms(asked).items() if action.endswith("/end")]
    ended = await send(
        secretary, f"{case}/end", {**fields, "reason": ["found"], "day": ["2026-10-02"], "note": ["本人来电"]}
    )
    assert ended.status_code == 303, ended.text
    assert await in_register(county, person) == (None, "suspended", None, None)
    shown = (await secretary.open(case)).text
    assert back in shown
    assert back in (await secretary.open(f"/people/{person}")).text
    opened = await secretary.submit(back, **found)
    assert opened.status_code == 303, opened.text
    return_case = str(opened.headers["location"])
    for aspect in ("whereabouts", "life-and-work", "lost-reasons"):
        visit = {"visit.aspects": aspect, "talk.with": "applicant"}
        await done(secretary, return_case, "lost-follow-up", "2026-10-05", **visit)
    settled = {"documents.*": "settlement-record"}
    await done(chief, return_case, "lost-settlement", "2026-10-06", **settled)
    assert back not in (await secretary.open(case)).text, "once each time"
    assert (await secretary.submit(back, **found)).status_code == 409
    opened = await secretary.submit(
        f"/cases/new/{person}?procedure=restoration",
        day="2026-10-08",
        **{"documents.*": "restoration-application"},
    )
    assert opened.status_code == 303, opened.text
    way = str(opened.headers["location"])
    examined = {"talk.with": "applicant", "review.branch.conclusion": "pass", "documents.*": "conduct-report"}
    await done(secretary, way, "restoration-meeting", "2026-10-10", **examined)
    await done(chief, way, "restoration-examination", "2026-10-20", **{"review.committee.conclusion": "pass"})
    await done(organizer, way, "restoration-approval", "2026-11-01", **{"consent.department": "granted"})
    assert await in_register(county, person) == (None, "normal", None, None)
    days = date(2025, 7, 19), date(2025, 7, 20), date(2026, 10, 31), date(2026, 11, 1)
    assert await votes(county, person, *days) == [True, False, False, True]


async def test_a_withdrawal_leaves_the_register_from_the_day_of_the_meeting(
    county: Seeded, secretary: Browser, chief: Browser, organizer: Browser
) -> None:
    person = await member(county, "退党人")
    opened = await secretary.submit(
        f"/cases/new/{person}?procedure=withdrawal",
        day="2026-10-08",
        **{"documents.*": "withdrawal-application"},
    )
    case = str(opened.headers["location"])
    beside = await secretary.submit(
        f"/cases/new/{person}{LOST}",
        **{"day": "2026-10-09", "date.last-contact": "2026-10-08", "documents.*": "search-file"},
    )
    assert beside.status_code == 409
    assert "正在办理的党员退党档案" in beside.text
    said = {"talk.with": "applicant", "documents.*": "meeting-minutes"}
    await done(secretary, case, "withdrawal-meeting", "2026-10-20", **said)
    assert (await in_register(county, person))[2] is None
    await done(chief, case, "withdrawal-filing", "2026-10-28", **{"filing.*": "committee"})
    assert (await in_register(county, person))[2:] == (date(2026, 10, 20), "withdrawn")
    await organizer.open(f"/people/{person}/return")
    taken = await organizer.submit(f"/people/{person}/return/mistaken", mistake="记错了")
    assert (taken.status_code, "请在那份档案中更正或者退回" in taken.text) == (409, True)


async def test_a_disposal_removes_whom_the_meeting_and_the_committee_remove(
    county: Seeded, secretary: Browser, chief: Browser, organizer: Browser
) -> None:
    """Of several outcomes the one that is approved follows in the register; put right, it is taken back."""
    person = await member(county, "处置人")
    opened = await secretary.submit(
        f"/cases/new/{person}?procedure=disposal", day="2026-10-08", **{"documents.*": "disposal-opinion"}
    )
    case = str(opened.headers["location"])
    await done(chief, case, "disposal-filing", "2026-10-09", **{"filing.*": "committee"})
    await done(
        secretary, case, "disposal-investigation", "2026-10-12", **{"documents.*": "investigation-report"}
    )
    await done(secretary, case, "disposal-talk", "2026-10-13", **{"talk.with": "applicant"})
    vote = {**MEETING, "vote.motion": "remove", "vote.secret": "1", "vote.one_by_one": "1"}
    await done(secretary, case, "disposal-meeting", "2026-10-20", **vote)
    assert (await in_register(county, person))[2] is None
    await done(chief, case, "disposal-approval", "2026-10-28", **{"consent.committee": "granted"})
    assert (await in_register(county, person))[2:] == (date(2026, 10, 28), "removed")
    assert "已决定除名" in (await organizer.open(f"/people/{person}")).text
    back = await chief.open(f"{case}/return")
    [fields] = [one for action, one in forms(back).items() if action.endswith("/return") or not action]
    sent = await send(
        chief, f"{case}/return",
        {**fields, "step": ["disposal-meeting"], "day": ["2026-11-01"], "reason": ["表决时漏了一名党员"]},
    )  # fmt: skip
    assert sent.status_code == 303, sent.text
    assert (await in_register(county, person))[2:] == (None, None)


async def test_a_member_who_is_away_is_registered_on_both_sides(
    app: Litestar, county: Seeded, secretary: Browser, chief: Browser, organizer: Browser
) -> None:
    person = await member(county, "流动人", "probationary")
    upto = STEPS[: STEPS.index("oath") + 1]
    days = {f"given.{one}": f"2026-0{1 + place // 28}-{1 + place % 28:02}" for place, one in enumerate(upto)}
    admission = (await organizer.submit(f"/cases/paper/{person}", **days)).headers["location"]
    page = await secretary.open(f"/cases/new/{person}?procedure=mobile-member")
    assert "流入地的党支部" in page.text
    opened = await secretary.submit(
        f"/cases/new/{person}?procedure=mobile-member",
        **{"day": "2026-10-08", "date.went-out": "2026-10-01", "date.expected-return": "2026-11-10",
           "to": str(county.units["上河支部"].id), "documents.*": "mobile-register"},
    )  # fmt: skip
    assert opened.status_code == 303, opened.text
    case = str(opened.headers["location"])
    async with browser(app) as there:
        await there.sign_in(county, ELSEWHERE)
        assert "流动人" in (await there.open("/cases?procedure=mobile-member")).text
        given = {"documents.*": "activity-certificate"}
        await done(chief, case, "mobile-certificate-given", "2026-10-09", **given)
        await done(there, case, "mobile-reception", "2026-10-12", **{"documents.*": "inflow-register"})
        assert (await there.open(f"/people/{person}")).status_code == 404, "he stays where he is"
    assert "2026-11-11" in (await secretary.open(case)).text
    assert "流动人" in (await secretary.open("/people?mobile=true")).text
    assert (await secretary.get(f"/api/v1{admission}")).json()["tags"] == ["mobile"]
    assert await owed_since_he_left(county, secretary) == ["2026-10-18"]
    await done(secretary, case, "mobile-return", "2026-11-12", **{"documents.*": "mobile-account"})
    assert "流动人" not in (await secretary.open("/people?mobile=true")).text
    assert (await secretary.get(f"/api/v1{admission}")).json()["tags"] == []


async def owed_since_he_left(county: Seeded, secretary: Browser) -> list[str]:
    """By when the branch has to do what a practice asks ten days after somebody was registered."""
    async with county_session(county.id):
        fill = {"certificate-days": 10}
        adopted = Adopt(
            plugin="wuhai-five-ones", since=date(2026, 9, 1), choice=Choice(fill=fill, basis="会议纪要")
        )
        await apply(everything(), county.units["组织部"].id, adopted, TODAY)
    branch = county.units["东街支部"].id
    held = {
        "unit": str(branch),
        "kind": "party-day",
        "day": "2026-09-01",
        "rest": "1",
        "eligible": "5",
        "present": "4",
        "why": "名册没有补全",
    }
    assert (sent := await secretary.submit("/cases/meeting", **held)).status_code == 303, sent.text
    found = (await secretary.get(f"/api/v1/duties/{branch}")).json()["items"]
    return [one["due"] for one in found if one["duty"] == "mobile-contact"]
