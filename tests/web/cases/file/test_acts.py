"""Taking in an application, sending back, changing facts, remarks."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from litestar import Litestar

from tenants.database.session import county_session, current_session
from tests.web.cases.seed import applicant, opened, walked
from tests.web.conftest import Browser, Seeded, browser
from tests.web.policies.forms import forms, send

APPLY = {"documents.*": "application-letter", "day": "2026-11-12"}


async def version(county: Seeded, case: UUID) -> str:
    """The newest entry's number."""
    async with county_session(county.id):
        return str(await current_session().fetchval("select version from case_file where id = $1", case))


async def test_a_new_person_is_entered_and_his_application_taken_in(
    secretary: Browser, county: Seeded
) -> None:
    page = await secretary.open("/cases/new?q=韩信")
    assert "名册中没有找到“韩信”" in page.text
    branch = str(county.units["东街支部"].id)
    answer = await secretary.submit(
        "/cases/new", unit=branch, name="韩信", born="2001-05-06", ethnicity="汉族"
    )
    assert answer.status_code == 303, answer.text
    apply = answer.headers["location"]
    page = await secretary.open(apply)
    assert "须年满 18 周岁" in page.text
    answer = await secretary.submit(apply, **APPLY)
    assert answer.status_code == 303, answer.text
    shown = await secretary.open(answer.headers["location"])
    assert "已受理韩信的入党申请。" in shown.text
    assert "入党申请人" in shown.text
    assert "最迟 2026-12-12 办理（还有 21 天）" in shown.text
    answer = await secretary.submit(apply, **APPLY)
    assert answer.status_code == 409
    assert "韩信已经有一份正在办理的发展党员档案。请在列表中按姓名查找。" in answer.text


async def test_too_young_says_from_when_and_by_which_article(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        person = await applicant(county, "何小满", born=date(2009, 6, 1))
    answer = await secretary.submit(f"/cases/new/{person}", **APPLY)
    assert answer.status_code == 422
    assert "须年满 18 周岁（2027-06-01 起）。" in answer.text
    assert "第五条" in answer.text
    assert 'value="application-letter" checked' in answer.text


async def test_who_does_not_take_in_applications_is_told(organizer: Browser, county: Seeded) -> None:
    person = county.people["张三"]
    assert (await organizer.open(f"/cases/new/{person}")).status_code == 403
    assert (await organizer.submit(f"/cases/new/{person}", **APPLY)).status_code == 403


async def test_sending_back_shows_what_is_set_aside_and_keeps_it(app: Litestar, county: Seeded) -> None:
    async with county_session(county.id):
        case = await walked(county, "侯亮平", "prospect-notice")
    async with browser(app) as committee:
        await committee.sign_in(county, "committee-secretary")
        await sent_back(committee, county, case)


async def sent_back(committee: Browser, county: Seeded, case: UUID) -> None:
    """By the committee, which had given its consent: with a reason, once."""
    page = await committee.open(f"/cases/{case}/return?step=prospect-selection")
    assert 'value="prospect-selection" checked' in page.text
    [lost] = re.findall(r'value="prospect-selection".*?</details>', page.text, re.DOTALL)
    assert "3 条记录不再计算" in lost
    assert "发展对象公示，2026-06-03，公示于工作（学习）单位" in lost
    seen = await version(county, case)
    form = {"step": "prospect-selection", "day": "2026-11-20", "version": seen}
    answer = await committee.submit(f"/cases/{case}/return", **form)
    assert answer.status_code == 422
    assert "请填写退回的原因。" in answer.text
    answer = await committee.submit(f"/cases/{case}/return", **form, reason="意见没有听全")
    assert answer.status_code == 303, answer.text
    history = await committee.open(f"/cases/{case}/history")
    assert "退回到“确定发展对象人选”" in history.text
    assert "原因：意见没有听全" in history.text
    assert history.text.count("已退回，不再计算") == 3
    answer = await committee.submit(f"/cases/{case}/return", **form, reason="再退一次")
    assert answer.status_code == 409
    assert "再退一次" in answer.text
    # What no longer counts can still be told as it was, and the page says that this is all it does.
    aside = "".join(re.findall(r'class="aside">.*?</li>', history.text, re.DOTALL))
    [mend] = re.findall(rf'href="(/cases/{case}/entries/[^"]+/correct)"', aside)
    [fields] = [one for action, one in forms(await committee.open(mend)).items() if action == mend]
    shown = await send(committee, mend, {**fields, "day": ["2026-06-02"], "reason": ["抄错了日期"]})
    assert "按这样更正，其他环节不变。" in shown.text
    assert "已经不再计算；只在全部记录中写明实际情况" in shown.text
    fields = {**forms(shown)[mend], "reason": ["抄错了日期"]}
    assert (await send(committee, mend, fields)).status_code == 303
    assert "已更正，以更正后的为准" in (await committee.open(f"/cases/{case}/history")).text


async def test_what_a_higher_level_decided_is_not_set_aside_by_a_lower_one(
    secretary: Browser, county: Seeded
) -> None:
    """The branch sends back its own work only; the committee's consent falls by the committee."""
    async with county_session(county.id):
        case = await walked(county, "高育良", "prospect-notice")
    page = await secretary.open(f"/cases/{case}/return")
    assert re.findall(r'name="step" value="([^"]+)"', page.text) == ["prospect-notice"]
    seen = await version(county, case)
    form = {"day": "2026-11-20", "version": seen, "reason": "意见没有听全"}
    answer = await secretary.submit(f"/cases/{case}/return", step="prospect-selection", **form)
    assert answer.status_code == 403
    assert "会使基层党委 2026-06-02 办理的“上级党委同意发展对象人选”不再计算" in answer.text
    assert "上级办理的事项由上级退回，党支部不能退回。请报请基层党委退回。" in answer.text
    assert await version(county, case) == seen
    answer = await secretary.submit(f"/cases/{case}/return", step="prospect-notice", **form)
    assert answer.status_code == 303, answer.text


async def test_a_step_that_has_not_begun_is_no_place_to_go_back_to(
    secretary: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "胡杨"), date(2026, 11, 2))
    form = {"step": "oath", "day": "2026-11-20", "version": "1", "reason": "试试"}
    answer = await secretary.submit(f"/cases/{case}/return", **form)
    assert answer.status_code == 422
    assert "“入党宣誓”还没有开始，不能退回到这一环节。" in answer.text


async def test_facts_change_what_a_step_asks(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await walked(county, "华侨", "prospect-consent")
    page = await secretary.open(f"/cases/{case}/facts")
    assert "离开单位日期" in page.text
    form = {"tags": "mobile", "date.departure": "2027-03-31", "day": "2026-06-10", "note": "外出务工"}
    answer = await secretary.submit(f"/cases/{case}/facts", version=await version(county, case), **form)
    assert answer.status_code == 303, answer.text
    shown = await secretary.open(f"/cases/{case}")
    assert "流动人员" in shown.text
    assert "在流出地公示" in shown.text
    history = await secretary.open(f"/cases/{case}/history")
    assert "离开单位日期" in history.text
    assert "外出务工" in history.text


async def test_a_remark_is_written_and_an_empty_one_is_not(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "黄河"), date(2026, 11, 2))
    await secretary.open(f"/cases/{case}/history")
    answer = await secretary.submit(f"/cases/{case}/notes", note="  ")
    assert (answer.status_code, "请填写备注。" in answer.text) == (422, True)
    assert (await secretary.submit(f"/cases/{case}/notes", note="已电话联系")).status_code == 303
    assert "已电话联系" in (await secretary.open(f"/cases/{case}/history")).text


async def test_who_only_looks_has_nothing_to_press(app: Litestar, county: Seeded) -> None:
    async with county_session(county.id):
        case = await walked(county, "贾宝", "mentor-appointment")
    async with browser(app) as inspector:
        await inspector.sign_in(county, "inspector")
        shown = await inspector.open(f"/cases/{case}")
        assert shown.status_code == 200
        assert "/record" not in shown.text
        assert "更新本人情况" not in shown.text
        assert "退回…" not in shown.text
        assert (await inspector.open(f"/cases/{case}/record/activist-filing")).status_code == 403
        assert (await inspector.open(f"/cases/{case}/return")).status_code == 403
        assert (await inspector.open(f"/cases/{case}/facts")).status_code == 403


async def test_who_has_a_running_case_is_not_offered_another(secretary: Browser, county: Seeded) -> None:
    """The search for an applicant leads to the case instead."""
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "重名人"))
    found = await secretary.open("/cases/new?q=重名人")
    assert f'<a href="/cases/{case}">正在办理</a>' in found.text
    assert 'href="/cases/new/' not in found.text
