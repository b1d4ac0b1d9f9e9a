"""A colleague acts for somebody: under both names, with what that one holds, for as long; and the two count as one hand."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from litestar import Litestar

from core.casework.access import access_case
from core.casework.levels import refuse_unfit
from core.errors import Forbidden
from tenants.accounts.access import actor_for
from tenants.accounts.deputies import acting, deputations
from tenants.database.session import county_session, current_session
from tests.web.accounts.test_resets import recorded
from tests.web.cases.seed import walked
from tests.web.conftest import TODAY, Browser, Seeded, browser
from tests.web.test_attacks import call


async def appointed(owner: Browser, login: str, **more: str) -> str:
    """The page's answer to an appointment from today."""
    await owner.open("/me/deputies")
    fields = {"login": login, "since": TODAY.isoformat(), "last": TODAY.isoformat(), "reason": "外出学习"}
    return (await owner.submit("/me/deputies", **fields | more)).text


async def test_a_deputy_acts_under_both_names_and_for_as_long(app: Litestar, county: Seeded) -> None:
    unit = str(county.units["东街支部"].id)
    async with browser(app) as owner, browser(app) as deputy:
        await owner.sign_in(county, "branch-secretary")
        await deputy.sign_in(county, "inspector")
        for login, more, says in (
            ("branch-secretary", {}, "不能是您自己的"),
            ("nobody", {}, "没有找到这位同志"),
            ("inspector", {"last": (TODAY + timedelta(days=92)).isoformat()}, "最长 92 天"),
            ("inspector", {"since": "2026-01-01"}, "不能从过去的日期开始"),
            ("inspector", {"since": "9999-12-31", "last": "9999-12-31"}, "“9999-12-31”太早或太晚"),
        ):
            assert says in await appointed(owner, login, **more), login
        assert not await appointed(owner, "inspector")
        assert "已经是您的代理人" in await appointed(owner, "inspector")
        entered = {"unit_id": unit, "draft": {"name": "代甲"}}
        assert (await call(deputy, "POST", "/people", entered)).status_code == 403, "not before he says so"
        page = (await deputy.open("/me/deputies")).text
        [act] = re.findall(r"/me/deputies/[0-9a-f-]{36}/act", page)
        assert (await owner.submit(act)).status_code == 404, "it is the other's to use"
        assert (await deputy.submit(act)).status_code == 303
        token = {"name": "试", "scopes": ["person.edit"]}
        assert (await call(deputy, "POST", "/session/tokens", token)).json()["code"] == "acting"
        made = await call(deputy, "POST", "/people", entered)
        assert made.status_code == 201, made.text
        async with county_session(county.id) as session:
            signed = await session.fetchrow(
                "select by_id, by_name from person_change order by id desc limit 1"
            )
        assert signed is not None
        assert (signed["by_id"], signed["by_name"]) == (
            county.accounts["inspector"],
            "只读检查员（代党支部书记）",
        )
        assert (await deputy.submit(act.replace("/act", "/end"))).status_code == 403, "as himself only"
        await owner.open("/me/deputies")
        assert (await owner.submit(act.replace("/act", "/end"))).status_code == 303
        assert "代理已经结束" in (await deputy.open("/units")).text
        assert (await call(deputy, "POST", "/people", entered)).status_code == 403
        assert (await deputy.submit(act)).status_code == 404


async def test_somebody_and_his_deputy_are_one_hand(app: Litestar, county: Seeded) -> None:
    """Else the branch's secretary could approve what he has recorded, as the committee's deputy or by another account."""
    async with browser(app) as owner:
        await owner.sign_in(county, "committee-secretary")
        assert not await appointed(owner, "branch-secretary")
    async with county_session(county.id):
        case = await walked(county, "代乙", "applicant-talk")
        await recorded(county, "branch-secretary", case, "activist-decision", date(2025, 5, 20))
        deputy = await actor_for(county.accounts["branch-secretary"], TODAY)
        [held] = await deputations(deputy.actor.id, TODAY)
        both = await acting(deputy, held.id, TODAY)
        assert both is not None
        owner_now = await actor_for(county.accounts["committee-secretary"], TODAY)
        assert both.actor.levels(county.units["东街支部"].path) == {"committee"}
        assert not any("account.edit" in one.capabilities for one in both.actor.holdings)
        for actor in (both.actor, owner_now.actor):
            with pytest.raises(Forbidden, match="记录与审批须由不同的人承担"):
                refuse_unfit(actor, await access_case(actor, case), "committee")
        organizer = county.accounts["committee-organizer"]
        refuse_unfit(
            (await actor_for(organizer, TODAY)).actor, await access_case(both.actor, case), "committee"
        )
        await current_session().execute(
            "update account set person_id = $1 where login in ('branch-secretary', 'committee-organizer')",
            county.people["张三"],
        )
        for login in ("committee-organizer", "committee-secretary"):
            same = (await actor_for(county.accounts[login], TODAY)).actor
            with pytest.raises(Forbidden, match="记录与审批须由不同的人承担"):
                refuse_unfit(same, await access_case(both.actor, case), "committee")
