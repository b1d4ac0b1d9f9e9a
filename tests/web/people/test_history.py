"""What changed in a person's file: on his page, by whom, which particulars, and no number."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from litestar import Litestar

from core.organisation.service import UnitDraft, create
from core.register.carry import FollowedMembership, carry_people, follow_membership
from core.register.model import PersonDraft
from core.register.rights.spans import SpanDraft, add_span
from core.register.service import enter
from tenants.database.session import county_session
from tests.web.conftest import TODAY, Browser, Seeded, everything

PHONE, ANOTHER = "13912345678", "13887654321"


async def test_the_page_says_who_changed_what_and_shows_no_number(organizer: Browser, county: Seeded) -> None:
    unit = str(county.units["东街支部"].id)
    fields = {"unit": unit, "name": "何二一", "membership": "none", "standing": "normal", "ethnicity": "汉族"}
    await organizer.open("/people/new")
    answer = await organizer.submit("/people/new", **fields, education="普通高中", phone=PHONE)
    address = answer.headers["location"]
    changed = {**fields, "phone": ANOTHER, "education": "大专", "address": "东街 7 号", "mobile": "1"}
    assert (await organizer.submit(f"{address}/edit", **changed, version="0")).status_code == 303
    await organizer.submit(f"{address}/tags", tags=["rural"], day="2026-11-01")
    page = (await organizer.open(address)).text
    history = page[page.index("变更记录") :]
    assert "登记到东街支部" in history
    assert "学历由“普通高中”改为“大专”" in history
    assert "是否为流动党员由“否”改为“是”" in history
    assert "修改了手机号" in history
    assert "修改了家庭住址" in history
    assert "特征由“无”改为“农村" in history
    assert "自 2026-11-01 起" in history
    assert "组织部组织员" in history, "who did it"
    assert "东街 7 号" not in history
    assert PHONE not in page
    assert ANOTHER not in page


async def test_merging_and_the_course_of_a_case_are_told_too(organizer: Browser, county: Seeded) -> None:
    actor, other = everything(), county.units["上河支部"]
    async with county_session(county.id):
        draft = UnitDraft(kind="branch", name="北街支部")
        branch = await create(actor, county.units["城关镇党委"].id, draft, TODAY)
        person = await enter(actor, branch.id, PersonDraft(name="吕二二"), TODAY)
        await carry_people(actor, branch.id, other, date(2026, 11, 20))
        await follow_membership([FollowedMembership(person, "activist", None)])
    page = (await organizer.open(f"/people/{person}")).text
    assert "随办理进程，人员类别变更为“入党积极分子”" in page
    assert "党组织合并，随之转入上河支部，自 2026-11-20 起" in page


async def test_whoever_is_in_a_group_is_shown_with_his_branch(organizer: Browser, county: Seeded) -> None:
    actor = everything()
    async with county_session(county.id):
        draft = UnitDraft(kind="group", name="东街支部第二党小组", short_name="第二党小组")
        group = await create(actor, county.units["东街支部"].id, draft, TODAY)
        person = await enter(actor, group.id, PersonDraft(name="施二三"), TODAY)
    for address in ("/people?q=施二三", f"/people/{person}", "/find?q=施二三"):
        assert "东街支部 · 第二党小组" in (await organizer.open(address)).text


async def test_a_day_can_be_chosen_and_what_cannot_be_is_said(
    organizer: Browser, county: Seeded, app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """History is written on the real day: the calendar stands there meanwhile."""
    real = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    monkeypatch.setattr(app.state, "today", lambda: real)
    async with county_session(county.id):
        person = await enter(
            everything(), county.units["东街支部"].id, PersonDraft(name="施二四", job="教师"), real
        )
        await add_span(everything(), person, "limit", SpanDraft(word="warning", since=date(2026, 3, 1)), real)
        await carry_people(everything(), county.units["东街支部"].id, county.units["上河支部"], real)
    page = (await organizer.open(f"/people/{person}/past?day={real}")).text
    assert "教师" in page
    assert "上河支部" in page
    assert "警告" in page
    before = await organizer.open(f"/people/{person}/past?day={real - timedelta(days=1)}")
    assert before.status_code == 422
    assert f"施二四于 {real} 登记到本县名册，以前的情况没有记录" in before.text
    assert "还没有到" in (await organizer.open(f"/people/{person}/past?day={real + timedelta(days=1)}")).text
