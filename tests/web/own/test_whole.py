"""One's own file in full: what is held, what has happened, who has looked; what is over is not shown as if it held."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from litestar import Litestar

from core.casework.access import take_up
from core.casework.acts.end import end_case
from core.changes.tags import set_tags
from core.register.leaving import LeavingDraft, leave
from core.register.model import PersonDraft
from core.register.rights.spans import SpanDraft, add_span
from core.register.service import enter
from tenants.database.session import county_session, current_session
from tenants.policies.regimes import regime_of_path
from tests.web.cases.seed import crew, opened
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything

NUMBER = "11010519900307283X"


def facts(page: str) -> dict[str, str]:
    """What stands in the list."""
    pairs = re.findall(r"<dt>([^<]+)</dt>\s*<dd>(.*?)</dd>", page, re.S)
    return {name: re.sub(r"<[^>]+>", "", said).strip() for name, said in pairs}


@pytest.fixture(scope="module")
async def himself(app: Litestar, county: Seeded) -> UUID:
    """Somebody of whom everything is known, whose account is that of the branch's organizer."""
    actor, unit = everything(), county.units["东街支部"].id
    draft = PersonDraft(
        name="本人全", national_id=NUMBER, phone="13800138000", landline="82123456", ethnicity="蒙古族", education="大学",
        job="会计", address="南街 5 号", membership="full", joined=date(2012, 7, 1), converted=date(2013, 7, 1),
        mobile=True, destination="呼和浩特市", lost_contact=True, lost_since=date(2026, 9, 1),
    )  # fmt: skip
    async with county_session(county.id):
        person = await enter(actor, unit, draft, TODAY)
        for word, since, ended in (
            ("branch-secretary", date(2020, 3, 1), date(2023, 3, 1)), ("branch-member", date(2023, 3, 1), None),
        ):  # fmt: skip
            await add_span(
                actor, person, "post", SpanDraft(word=word, since=since, ended=ended, unit_id=unit), TODAY
            )
        await add_span(actor, person, "limit", SpanDraft(word="warning", since=date(2026, 3, 1)), TODAY)
        await set_tags(actor, person, frozenset({"rural", "student"}), date(2026, 5, 1), TODAY)
        await set_tags(actor, person, frozenset({"rural"}), date(2026, 8, 1), TODAY)
        await current_session().execute(
            "update account set person_id = $1 where login = 'branch-organizer'", person
        )
    return person


@pytest.fixture
async def own(app: Litestar, county: Seeded, himself: UUID) -> str:
    """His page."""

    async with browser(app) as made:
        await made.sign_in(county, "branch-organizer")
        answer = await made.open("/me/file")
        assert answer.status_code == 200, answer.text
        return answer.text


async def test_all_that_is_held_of_him_is_there_and_his_numbers_are_masked(own: str) -> None:
    said = facts(own)
    for name, value in {
        "姓名": "本人全", "性别": "男", "出生日期": "1990-03-07", "民族": "蒙古族", "学历": "大学", "工作岗位": "会计",
        "身份证号码": "110*************3X", "手机号": "138****8000", "固定电话": "82123456", "家庭住址": "南街 5 号",
        "人员类别": "正式党员", "入党日期": "2012-07-01", "转正日期": "2013-07-01", "党籍状态": "正常",
        "流动党员": "是，流向 呼和浩特市", "失联党员": "是，2026-09-01 起", "特征": "农村",
    }.items():  # fmt: skip
        assert said[name] == value, name
    assert NUMBER not in own
    assert "13800138000" not in own
    spans = [
        re.sub(r"<[^>]+>|\s", "", one)
        for one in re.findall(r"<li>([^<]*<span class=.quiet small.>自.*?</span>)</li>", own, re.S)
    ]
    assert "党支部书记（东街支部）自2020-03-01，至2023-03-01前" in spans
    assert any(one.startswith("警告") and "2026-03-01" in one for one in spans), (
        "what is decided on him is his to know"
    )
    assert len(spans) == 3


async def test_what_has_happened_is_told_the_latest_first_and_who_looked(
    app: Litestar, organizer: Browser, county: Seeded, himself: UUID
) -> None:

    for _ in range(12):
        await organizer.open(f"/people/{himself}")
    async with browser(app) as made:
        await made.sign_in(county, "branch-organizer")
        page = (await made.open("/me/file")).text
    days = re.findall(r"<time>(\d{4}-\d{2}-\d{2})</time>", page)
    assert days == sorted(days, reverse=True)
    for said in (
        "”改为“农村”",
        "登记党内职务：党支部书记",
        "登记处分和权利：警告",
        "登记到东街支部",
    ):
        assert said in page, said
    looks = page.split("谁看过我的档案")[1].split("</section>")[0]
    assert looks.count("组织部组织员：查看档案") >= 12
    assert "更早的 " in looks, "the latest ten, the others folded"


async def test_a_case_that_was_ended_and_that_he_has_left_are_told(
    app: Litestar, secretary: Browser, county: Seeded
) -> None:
    actor = everything()
    async with county_session(county.id):
        person = await enter(
            actor, county.units["东街支部"].id, PersonDraft(name="申请过", born=date(1999, 1, 2)), TODAY
        )
        case = await opened(county, person, date(2026, 3, 3))
        branch = crew(county)["branch"]
        matter = await take_up(branch, case, regime_of_path)
        await end_case(
            branch,
            matter,
            "withdrawn",
            date(2026, 6, 1),
            "本人申请",
            seen_version=matter.case.version,
            today=TODAY,
        )
        await leave(
            actor,
            person,
            LeavingDraft("transferred-out", date(2026, 10, 1), "迁居外省", "介绍信"),
            await _version(person),
            TODAY,
        )
    await secretary.open(f"/people/{person}")
    await secretary.open(f"/people/{person}/own-links")
    made = await secretary.submit(f"/people/{person}/own-links")

    async with browser(app) as visitor:
        path = re.findall(r"http://dangwu\.test(/own/[^<]+)<", made.text)[0]
        await visitor.open(path)
        await visitor.submit(path)
        page = (await visitor.open("/own")).text
    assert facts(page)["不在册"] == "自 2026-10-01 起：迁居外省"
    assert "发展党员：开始办理" in page
    assert "发展党员：终止" in page
    assert "转出本县，自 2026-10-01 起不在册（迁居外省，依据：介绍信）" in page
    assert "没有登记。" in page.split("党内职务、处分和权利")[1][:300]


async def _version(person: UUID) -> int:
    found: int = await current_session().fetchval("select version from person where id = $1", person)
    return found
