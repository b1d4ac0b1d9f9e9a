"""Quotas: held to wherever more would come; nothing that was typed is lost, and another county feels nothing."""

from __future__ import annotations

import asyncio
from contextvars import Context
from datetime import UTC, datetime, timedelta

import pytest
from litestar import Litestar

from core.notices.model import KINDS
from core.quotas.catalogue import QUOTAS
from core.quotas.room import Full, _plenty, make_room
from tenants import calls
from tenants.counties import county_by_slug
from tenants.database.session import county_session
from tenants.quotas import county_usages, set_quotas, warn_everywhere
from tests.web.conftest import TODAY, Browser, Seeded, account_of, browser
from tests.web.me.test_tokens import made, program
from tests.web.people.rosters.test_imports import GOOD, workbook
from tests.web.test_attacks import call

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
PDF = b"%PDF-1.4 a paper"


async def allow(county: Seeded, **numbers: int | None) -> None:
    """As the operator does it; known here at once."""
    await set_quotas(await county_by_slug(county.slug), numbers)
    calls._allowed.clear()


async def used(county: Seeded, name: str) -> int:
    """How much there is of it, as the operator sees it."""
    found = await county_usages(await county_by_slug(county.slug))
    return next(one.used or 0 for one in found if one.quota.name == name)


async def test_nobody_is_entered_and_nothing_lost_where_it_is_full(
    app: Litestar, organizer: Browser, admin: Browser, county: Seeded, other_county: Seeded
) -> None:
    await allow(county, people=await used(county, "people"), accounts=await used(county, "accounts"))
    unit = str(county.units["东街支部"].id)
    await organizer.open("/people/new")
    answer = await organizer.submit("/people/new", unit=unit, name="程咬金")
    assert answer.status_code == 409
    assert (
        "登记过的人员已有 3 人，平台运维单位定的上限是 3 人：人员没有登记；离开的、登记有误移出的"
        in answer.text
    )
    assert 'value="程咬金"' in answer.text, "it is still on the form"
    refused = await call(organizer, "POST", "/people", {"unit_id": unit, "draft": {"name": "程咬金"}})
    assert (refused.status_code, refused.json()["code"]) == (409, "quota")
    await admin.open("/accounts/new")
    fresh = {
        "login": "newcomer",
        "name": "新来的",
        "role": "inspector",
        "unit_id": str(county.units["组织部"].id),
    }
    answer = await admin.submit("/accounts/new", **fresh, since="2026-11-21")
    assert (answer.status_code, "使用中的账号" in answer.text) == (409, True)
    async with browser(app) as elsewhere:
        await elsewhere.sign_in(other_county, "department-organizer")
        there = {"unit_id": str(other_county.units["东街支部"].id), "draft": {"name": "程咬金"}}
        assert (await call(elsewhere, "POST", "/people", there)).status_code == 201
    await allow(county, people=None, accounts=None)
    assert (
        await call(organizer, "POST", "/people", {"unit_id": unit, "draft": {"name": "程咬金"}})
    ).status_code == 201


async def test_where_there_was_plenty_of_room_nobody_counts(county: Seeded) -> None:
    """Until two hours have passed, or what is brought is much."""
    await allow(county, people=1000)
    planted = "insert into quota_counted (name, used, at) values ('people', $1, now() - $2::interval)"
    for there, ago, more, room in [(0, 1, 9, True), (999, 1, 9, False), (0, 3, 9, False), (0, 1, 11, False)]:
        with pytest.raises(KeyError):
            async with county_session(county.id) as session:
                await session.execute(planted, there, timedelta(hours=ago))
                assert await _plenty("people", more) is room, (there, ago, more)
                raise KeyError("nothing of it stays")


async def test_what_many_bring_little_by_little_is_added_up(county: Seeded) -> None:
    """Else one who brings little, again and again, has no limit until the next hour."""
    await allow(county, people=1000)

    async def beside() -> bool:
        async with county_session(county.id):
            return await _plenty("people", 9)

    async with county_session(county.id) as session:
        await session.execute("insert into quota_counted (name, used, at) values ('people', 780, now())")
    async with county_session(county.id):
        assert await _plenty("people", 9)
        assert not await asyncio.create_task(beside(), context=Context()), "counted, not waited for"
    assert [await beside(), await beside()] == [True, False]
    async with county_session(county.id) as session:
        await session.execute("update quota_counted set at = now() - interval '1 day'")


async def test_two_who_bring_much_at_once_do_not_pass_the_limit_together(county: Seeded) -> None:
    most = await used(county, "accounts") + 3
    await allow(county, accounts=most)

    async def bring(who: str) -> None:
        async with county_session(county.id):
            await make_room("accounts", 2)
            for number in range(2):
                await account_of(f"{who}{number}", "inspector", county.units["组织部"], TODAY)

    both = [asyncio.create_task(bring(who), context=Context()) for who in ("first", "second")]
    came = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one) for one in came if one] == [Full]
    assert await used(county, "accounts") == most - 1
    await allow(county, accounts=None)


async def test_files_exports_and_jobs_are_held_to_it(
    organizer: Browser, admin: Browser, county: Seeded
) -> None:
    await allow(county, files=0, exports=0, jobs=0)
    papers = f"/api/v1/units/{county.units['东街支部'].id}/papers"
    sent = await admin.post(papers, files={"file": ("批复.pdf", PDF)}, headers={"x-csrftoken": admin.token})
    assert (sent.status_code, sent.json()["code"]) == (409, "quota")
    await organizer.open("/people/export")
    answer = await organizer.submit("/people/export", purpose="核对上报")
    assert (answer.status_code, "每天导出的文件" in answer.text) == (409, True)
    await organizer.open("/people/import")
    answer = await organizer.post(
        "/people/import",
        data={"_csrf_token": organizer.token, "unit": str(county.units["组织部"].id)},
        files={"file": ("名册.xlsx", workbook(GOOD))},
    )
    assert (answer.status_code, "正在办的后台任务" in answer.text) == (409, True)
    await allow(county, files=1, exports=None, jobs=None)
    sent = await admin.post(papers, files={"file": ("批复.pdf", PDF)}, headers={"x-csrftoken": admin.token})
    assert sent.status_code == 201
    assert await used(county, "files") == len(PDF)
    await allow(county, files=None)


async def test_calls_are_counted_by_token_account_and_county(
    app: Litestar, organizer: Browser, county: Seeded, other_county: Seeded
) -> None:
    token = (await made(organizer, scopes=["person.view"]))["secret"]
    await allow(county, calls_of_token=3)
    async with program(app, token) as reads:
        answers = [await reads.get("/api/v1/people") for _ in range(9)]
    refused = [one for one in answers if one.status_code == 429]
    assert {one.status_code for one in answers} == {200, 429}
    assert 3 <= len(refused) <= 6, "a new minute may have begun"
    assert 1 <= int(refused[0].headers["retry-after"]) <= 60
    assert refused[0].json()["code"] == "too-many-calls"
    assert "同一令牌的接口请求每分钟最多 3 次" in refused[0].json()["sentence"]
    assert refused[0].headers["content-type"] == "application/problem+json"
    assert (await organizer.get("/api/v1/people")).status_code == 200, "its owner goes on"
    await allow(county, calls_of_token=None, calls_of_account=0)
    assert (await organizer.get("/api/v1/people")).status_code in (200, 429), (
        "which is known from the first call on"
    )
    assert (await organizer.get("/api/v1/people")).status_code == 429
    assert (await organizer.open("/people")).status_code == 200, "pages are no calls"
    async with browser(app) as elsewhere:
        await elsewhere.sign_in(other_county, "department-organizer")
        assert (await elsewhere.get("/api/v1/people")).status_code == 200
    await allow(county, calls_of_account=None)


async def test_what_is_nearly_full_is_seen_and_said_once(
    admin: Browser, organizer: Browser, county: Seeded
) -> None:
    await allow(county, people=4)
    assert (await organizer.open("/jobs/usage")).status_code == 403
    said = (await admin.open("/jobs/usage")).text
    assert all(one.called in said for one in QUOTAS.values())
    [people] = [one for one in (await admin.get("/api/v1/usage")).json() if one["name"] == "people"]
    assert (people["used"], people["most"], people["near"]) == (4, 4, True)
    assert await warn_everywhere(NOON) == 2, "the department's administrator and the system's"
    assert await warn_everywhere(NOON) == 0
    async with county_session(county.id) as session:
        counted = dict(await session.fetch("select name, used from quota_counted"))
    assert counted["people"] == await used(county, "people")
    said = (await admin.open("/notices")).text
    assert KINDS["quota"] in said
    assert "登记过的人员已到上限" in said
    async with county_session(county.id) as session:
        notice = await session.fetchval("select id from notice where kind = 'quota' limit 1")
    assert (await admin.open(f"/notices/{notice}")).status_code in (303, 404)
    await allow(county, people=None)
