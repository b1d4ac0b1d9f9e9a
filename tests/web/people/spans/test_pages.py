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
from tests.web.forms import Read

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


async def test_a_page_with_two_forms_sends_each_where_it_belongs_when_one_was_refused(
    committee: Browser, county: Seeded, member: UUID
) -> None:
    """Whoever has forgotten why he withdraws a post can still put it right instead."""
    unit = str(county.units["东街支部"].id)
    new = f"/people/{member}/spans/new?kind=post"
    await committee.open(new)
    await committee.submit(
        new, word="branch-secretary", unit=unit, since="2024-03-01", note="组字〔2024〕1 号"
    )
    [at] = re.findall(
        rf"/people/{member}/spans/[0-9a-f-]{{36}}", (await committee.open(f"/people/{member}")).text
    )
    await committee.open(at)
    for reason, said in (("", "请填写登记有误的原因。"), ("错" * 201, "最多 200 个字。")):
        refused = await committee.submit(f"{at}/void", reason=reason)
        assert refused.status_code == 422
        assert re.findall(r'id="e-reason">([^<]+)', refused.text) == [said]
        assert '<details class="confirm no-print" open>' in refused.text
        form = Read(refused.text).form(at)
        assert form is not None
        sent = {name: one[0] for name, one in form.sent().items() if one}
        assert (sent["word"], sent["unit"], sent["since"], sent["note"]) == (
            "branch-secretary", unit, "2024-03-01", "组字〔2024〕1 号",
        )  # fmt: skip
        assert Read(refused.text).form(f"{at}/void") is not None
    done = await committee.submit(at, **{**sent, "ended": "2026-05-01"})
    assert done.status_code == 303, done.text
    assert "2026-05-01 起不再担任" in (await committee.open(f"/people/{member}")).text


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"word": ""}, "word", "请选择职务。"),
        ({"word": "warning"}, "word", "请选择职务。"),
        ({"unit": ""}, "unit", "请选择任职的党组织。"),
        ({"unit": "城关镇党委"}, "unit", "请选择党支部。"),
        ({"since": ""}, "since", "请填写任职日期。"),
        ({"since": "2026-11-22"}, "since", "不能晚于今天"),
        ({"since": "三月"}, "since", "任职日期“三月”不是一个日期"),
        ({"ended": "2024-03-01"}, "ended", "须晚于开始的日期。"),
        ({"ended": "明年"}, "ended", "不是一个日期"),
        ({"note": "说" * 1001}, "note", "说明最多 1000 个字"),
    ],
)
async def test_a_post_that_cannot_be_is_not_entered(
    committee: Browser, county: Seeded, member: UUID, wrong: dict[str, str], field: str, said: str
) -> None:
    """At its field, what was typed stays, nothing is on the file; what stands there already is refused too."""
    at = f"/people/{member}/spans/new?kind=post"
    good = {
        "word": "branch-secretary",
        "unit": str(county.units["东街支部"].id),
        "since": "2024-03-01",
        "note": "批复",
    }
    typed = {**good, **wrong}
    typed["unit"] = str(county.units[typed["unit"]].id) if typed["unit"] in county.units else typed["unit"]
    await committee.open(at)
    answer = await committee.submit(at, **typed)
    assert answer.status_code == 422
    assert said in re.findall(rf'id="e-{field}">([^<]+)', answer.text)[0]
    form = Read(answer.text).form(at)
    assert form is not None
    for name in ("since", "ended", "note"):
        assert form.fields[name].value == typed.get(name, ""), name
    assert typed["word"] not in form.fields["word"].offered or form.fields["word"].chosen == [typed["word"]]
    page = (await committee.open(f"/people/{member}")).text
    assert "没有登记党内职务。" in page
    if field == "ended":
        assert (await committee.submit(at, **good)).status_code == 303
        twice = await committee.submit(at, **{**good, "since": "2025-01-01"})
        assert (twice.status_code, "与已登记的时间重叠。" in twice.text) == (409, True)
