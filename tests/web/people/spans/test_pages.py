"""Posts, sanctions and other limits on a person's file: entered, ended, put right, withdrawn; who may; what follows on a day."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from core.register.model import PersonDraft
from core.register.service import enter
from tenants.database.session import county_session
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything

NUMBERS = count()


@pytest.fixture
async def member(county: Seeded) -> UUID:
    """A full member of 东街支部, new for each test."""
    async with county_session(county.id):
        draft = PersonDraft(
            name="周正", membership="full", joined=date(2010, 7, 1), converted=date(2011, 7, 1),
            born=date(1980, 1, 1 + next(NUMBERS)),
        )  # fmt: skip
        return await enter(everything(), county.units["东街支部"].id, draft, TODAY)


@pytest.fixture
async def inspector(app: Litestar, county: Seeded) -> AsyncIterator[Browser]:
    """Who only looks."""
    async with browser(app) as made:
        await made.sign_in(county, "inspector")
        yield made


async def send(who: Browser, path: str, body: Mapping[str, Any]) -> httpx.Response:
    return await who.post(path, json=body, headers={"x-csrftoken": who.cookies["csrftoken"]})


async def rights(who: Browser, person: UUID, day: str) -> dict[str, Any]:
    answer = await who.open(f"/api/v1/people/{person}/rights?day={day}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_post_is_entered_ended_and_stays_in_the_history(
    committee: Browser, county: Seeded, member: UUID
) -> None:
    unit = str(county.units["东街支部"].id)
    path = f"/people/{member}/spans/new?kind=post"
    await committee.open(path)
    answer = await committee.submit(path, word="branch-secretary", unit=unit, since="2024-03-01")
    assert answer.status_code == 303, answer.text
    page = (await committee.open(f"/people/{member}")).text
    assert "党支部书记（东街支部）" in page
    assert "登记党内职务：党支部书记，自 2024-03-01 起（东街支部）" in page
    [link] = re.findall(rf"/people/{member}/spans/[0-9a-f-]{{36}}", page)

    await committee.open(link)
    answer = await committee.submit(
        link, word="branch-secretary", unit=unit, since="2024-03-01", ended="2026-05-01", version="0"
    )
    assert answer.status_code == 303, answer.text
    page = (await committee.open(f"/people/{member}")).text
    assert "2026-05-01 起不再担任" in page
    assert [one["word"] for one in (await rights(committee, member, "2026-04-30"))["posts"]] == [
        "branch-secretary"
    ]
    assert (await rights(committee, member, "2026-05-01"))["posts"] == []

    stale = await committee.submit(link, word="branch-secretary", unit=unit, since="2024-03-02", version="0")
    assert stale.status_code == 409
    assert "刚刚被别人修改过" in stale.text


async def test_a_probation_within_the_party_takes_the_rights_away_and_says_by_which_clause(
    committee: Browser, inspector: Browser, member: UUID
) -> None:
    path = f"/people/{member}/spans/new?kind=limit"
    await committee.open(path)
    answer = await committee.submit(path, word="probation-within-party", since="2026-03-01")
    assert answer.status_code == 303, answer.text
    before, during = (
        await rights(committee, member, "2026-02-28"),
        await rights(committee, member, "2027-02-28"),
    )
    after = await rights(committee, member, "2027-03-01")
    assert before["votes"] is True
    assert before["qualifications"] == ["full-member", "rights-intact", "no-sanction-in-effect"]
    assert during["votes"] is False
    assert during["qualifications"] == ["full-member"]
    hidden = await rights(inspector, member, "2027-02-28")
    assert (hidden["votes"], hidden["qualifications"], hidden["lacks"]) == (None, None, [])
    assert during["lacks"] == ["留党察看，2027-03-01 期满（《中国共产党纪律处分条例》第十二条）"]
    assert after["votes"] is True
    page = (await committee.open(f"/people/{member}")).text
    assert "没有表决权" in page
    assert "所引条款转引自二手资料，尚未与原文核对" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"word": "probation-within-party", "since": "2026-03-01", "ended": "2028-03-02"},
            "最长 24 个月，自 2026-03-01 起不能超过 2028-03-01",
        ),
        ({"word": "warning", "since": "2026-12-01"}, "还没有到"),
        ({"word": "infirm", "since": "2026-03-01"}, "须经上级党委同意、支部大会通过"),
        ({"word": "warning", "since": "2026-03-01", "ended": "2026-03-01"}, "不晚于开始的日期"),
        ({"word": "nonsense", "since": "2026-03-01"}, "请选择处分或情况"),
    ],
)
async def test_what_cannot_be_is_said(
    committee: Browser, member: UUID, fields: dict[str, str], said: str
) -> None:
    path = f"/people/{member}/spans/new?kind=limit"
    await committee.open(path)
    answer = await committee.submit(path, **fields)
    assert answer.status_code == 422
    assert said in answer.text


async def test_a_post_belongs_to_its_kind_of_unit_and_to_a_full_member(
    committee: Browser, county: Seeded, member: UUID
) -> None:
    wrong = {"word": "branch-secretary", "since": "2026-03-01", "unit_id": str(county.units["城关镇党委"].id)}
    answer = await send(committee, f"/api/v1/people/{member}/spans", {"kind": "post", "draft": wrong})
    assert answer.status_code == 422
    assert "是党支部的职务" in answer.json()["sentence"]
    right = wrong | {"unit_id": str(county.units["东街支部"].id)}
    other = county.people["张三"]
    answer = await send(committee, f"/api/v1/people/{other}/spans", {"kind": "post", "draft": right})
    assert answer.status_code == 422
    assert "《中国共产党章程》第四条" in answer.json()["sentence"]


async def test_the_same_twice_is_refused_and_an_error_is_withdrawn_with_its_reason(
    committee: Browser, member: UUID
) -> None:
    path = f"/api/v1/people/{member}/spans"
    draft = {"word": "warning", "since": "2026-03-01"}
    answer = await send(committee, path, {"kind": "limit", "draft": draft})
    assert answer.status_code == 201, answer.text
    again = await send(committee, path, {"kind": "limit", "draft": draft | {"since": "2026-05-01"}})
    assert again.status_code == 409
    assert "自 2026-03-01 起至 2027-03-01，时间有重叠" in again.json()["sentence"]
    span = answer.json()["id"]
    assert (await send(committee, f"{path}/{span}/void", {"reason": "登记错了人"})).status_code == 204
    assert (await rights(committee, member, "2026-04-01"))["lacks"] == []
    page = (await committee.open(f"/people/{member}")).text
    assert "撤销登记“警告，自 2026-03-01 起，至 2027-03-01 前”：登记错了人" in page


async def test_sanctions_are_seen_and_entered_only_by_who_may(
    committee: Browser, secretary: Browser, inspector: Browser, member: UUID
) -> None:
    path = f"/api/v1/people/{member}/spans"
    draft = {"word": "warning", "since": "2026-03-01"}
    assert (await send(committee, path, {"kind": "limit", "draft": draft})).status_code == 201
    assert "警告" in (await secretary.open(f"/people/{member}")).text
    assert (await send(secretary, path, {"kind": "limit", "draft": draft})).status_code == 403
    page = (await inspector.open(f"/people/{member}")).text
    assert "警告" not in page
    assert (await rights(inspector, member, "2026-04-01"))["lacks"] == []
