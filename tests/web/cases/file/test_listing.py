"""A place in the yearly plan as a gate: refused without it, listed by who approves the plan, taken out again."""

from __future__ import annotations

import re
from datetime import date

import httpx
import pytest
from msgspec.structs import replace

from core.casework.access import take_up
from core.casework.acts.send_back import send_back
from core.errors import Forbidden
from core.plans.access import plan_of
from core.plans.decide import ActDraft, decide
from core.plans.draw import draw
from core.plans.model import PlanDraft
from tenants.database.session import county_session
from tenants.policies.changes import Adopt, Choice
from tenants.policies.regimes import regime_of_path
from tenants.policies.service import apply
from tests.web.conftest import TODAY, Browser, Seeded
from tests.web.policies.seed import case_after, clerk

GATE = frozenset({"yakeshi.plan.in-plan-gate.platform"})


async def _gated(county: Seeded) -> None:
    """The county adopts the practice whose plan is drawn up here."""
    async with county_session(county.id):
        change = Adopt(plugin="yakeshi", since=TODAY, choice=Choice(basis="县委会议纪要", also=GATE))
        await apply(clerk(county, "department"), county.units["组织部"].id, change, TODAY)


async def planned(county: Seeded, unit: str, total: int = 5) -> None:
    """A unit's plan of the year, drawn up by the committee and approved by the department, which names nobody yet."""
    draft = PlanDraft(total=total, guidance="年度指导意见")
    async with county_session(county.id):
        drawing, deciding = clerk(county, "committee"), clerk(county, "department")
        plan = await draw(
            drawing, county.units[unit].id, "admission-plan", TODAY.year, draft, regime_for=regime_of_path, today=TODAY
        )  # fmt: skip
        for seen, (who, act) in enumerate(((drawing, "submit"), (deciding, "approve")), start=1):
            file = await plan_of(who, plan, regime_for=regime_of_path, today=TODAY, lock=True)
            await decide(
                who, file, ActDraft(act=act, day=TODAY), seen=seen, regime_for=regime_of_path, today=TODAY
            )


async def _say(browser: Browser, address: str, **changed: str) -> httpx.Response:
    """Send the form, with some fields changed."""
    page = (await browser.open(address)).text
    version = re.search(r'name="version" value="([0-9]*)"', page)
    assert version is not None, page
    said = {"plan": "admission-plan", "year": "2026", "stands": "yes", "day": str(TODAY)}
    return await browser.submit(address, **{**said, "version": version[1], **changed})


async def test_only_who_stands_in_the_plan_goes_on(
    organizer: Browser, secretary: Browser, county: Seeded
) -> None:
    case = await case_after(county, "东街支部", "计划内", "prospect-selection", date(2026, 9, 1))
    address = f"/cases/{case}/plan"
    assert "现行规定没有要求列入年度计划" in (await organizer.open(address)).text
    await _gated(county)
    page = (await organizer.open(f"/cases/{case}")).text
    assert "未列入 2026 年发展党员年度计划，不能办理这一环节" in page
    assert f'href="{address}"' in page
    assert f'href="{address}"' not in (await secretary.open(f"/cases/{case}")).text
    refused = await secretary.open(address)
    assert refused.status_code == 403
    assert "列入年度计划由县委组织部审定" in refused.text

    assert "还没有列入" in (await organizer.open(address)).text
    early = await _say(organizer, address, because="市委组织员会议纪要")
    assert (early.status_code, "还没有批准的“发展党员年度计划”" in early.text) == (409, True)
    await planned(county, "城关镇党委")
    wrong = await _say(organizer, address, year="2031", because="市委组织员会议纪要")
    assert (wrong.status_code, "应为上年、本年或下年。" in wrong.text) == (422, True)
    answer = await _say(organizer, address, because="市委组织员会议纪要")
    assert answer.status_code == 303, answer.text
    page = (await organizer.open(f"/cases/{case}")).text
    assert "计划内已列入 2026 年发展党员年度计划。" in page
    assert "不能办理这一环节" not in page
    twice = await _say(organizer, address, because="市委组织员会议纪要")
    assert (twice.status_code, "不必再登记" in twice.text) == (409, True)

    answer = await _say(organizer, address, stands="no", because="本人要求暂缓")
    assert answer.status_code == 303, answer.text
    assert "未列入 2026 年发展党员年度计划" in (await organizer.open(f"/cases/{case}")).text
    history = (await organizer.open(f"/cases/{case}/history")).text
    assert "列入发展党员年度计划" in history
    assert "本人要求暂缓" in history

    # Who has acted at another level says nothing of it.
    case = await case_after(county, "东街支部", "两级人", "prospect-selection", date(2026, 9, 1))
    branch = replace(clerk(county, "branch"), id=county.accounts["department-organizer"])
    async with county_session(county.id):
        matter = await take_up(branch, case, regime_of_path)
        await send_back(
            branch,
            matter,
            "prospect-selection",
            TODAY,
            "重新推荐",
            seen_version=matter.case.version,
            today=TODAY,
        )
    answer = await _say(organizer, f"/cases/{case}/plan", because="市委组织员会议纪要")
    assert answer.status_code == 403
    assert "记录与审批须由不同的人承担" in answer.text

    # The other way round: who has listed somebody records nothing in his case at another level.
    case = await case_after(county, "东街支部", "先列后记", "prospect-selection", date(2026, 9, 1))
    answer = await _say(organizer, f"/cases/{case}/plan", because="市委组织员会议纪要")
    assert answer.status_code == 303, answer.text
    async with county_session(county.id):
        matter = await take_up(branch, case, regime_of_path)
        with pytest.raises(Forbidden, match="不能再以党支部的身份办理"):
            await send_back(
                branch,
                matter,
                "prospect-selection",
                TODAY,
                "重新推荐",
                seen_version=matter.case.version,
                today=TODAY,
            )
