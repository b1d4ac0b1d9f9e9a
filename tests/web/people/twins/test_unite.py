"""Two files of one person are made one, with all that goes along, and two again while nobody has changed the person."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from core.changes.dissolve import dissolve
from core.organisation.service import UnitDraft, create
from core.register.leaving import LeavingDraft, leave
from core.register.model import PersonDraft
from core.register.rights.spans import SpanDraft, add_span
from core.register.service import enter, replace_tags
from tenants.database.session import county_session, current_session
from tests.web.cases.seed import applicant, opened
from tests.web.conftest import TODAY, Browser, Seeded, everything
from tests.web.people.twins.test_pages import BORN, entered, offered

NUMBER, PHONE = "110101198005010018", "13912345678"
ROLL = """with a as (insert into activity (kind, unit_id, path, day, place, chair, recorder, minutes, eligible, present, why,
        by_id, by_name)
        select 'branch-meeting', id, path, '2026-11-01', '', '', '', '', 5, 5, '', $2, '某' from unit where id = $1
        returning id)
    insert into attendance (activity_id, person_id, name, state, reason) select a.id, $3, '某', 'present', '' from a"""


async def held_by(county: Seeded, person: UUID) -> dict[str, int]:
    """How many cases, tags, spans and places on rolls somebody has."""
    async with county_session(county.id):
        return {
            table: await current_session().fetchval(
                f"select count(*)::int from {table} where person_id = $1", person
            )
            for table in ("case_file", "person_tag", "person_span", "attendance")
        }


async def unite(browser: Browser, kept: UUID, gone: UUID, **said: Any) -> tuple[int, str]:
    """By the API; the status and the sentence."""
    body = {"taken": [], "versions": [0, 0], "reason": "登记了两次", **said}
    answer = await browser.post(
        f"/api/v1/people/twins/{kept}/{gone}/unite",
        json=body,
        headers={"x-csrftoken": browser.cookies["csrftoken"]},
    )
    return answer.status_code, answer.json()["sentence"] if answer.content else ""


async def pair_with_all(county: Seeded) -> tuple[UUID, UUID, UUID]:
    """One at a branch; the other, at another, with a number, a case, a tag, a warning and a place on a roll."""
    async with county_session(county.id):
        gone = await applicant(county, "重复人", "上河支部", BORN)
        case = await opened(county, gone)
        await add_span(everything(), gone, "limit", SpanDraft(word="warning", since=date(2026, 3, 1)), TODAY)
        await current_session().execute(
            ROLL, county.units["上河支部"].id, county.accounts["branch-secretary"], gone
        )
    kept = await entered(county, "重复人", born=BORN, sex="female", phone=PHONE, membership="applicant")
    return kept, gone, case


async def test_one_file_takes_all_and_the_other_leads_there_until_it_is_undone(
    organizer: Browser, county: Seeded
) -> None:
    kept, gone, case = await pair_with_all(county)
    address = f"/people/twins/{kept}/{gone}"
    page = (await organizer.open(address)).text
    assert f'name="take-job" value="{gone}" checked' in page, "what the one lacks is offered of the other"
    version = page.split('name="version-other" value="')[1].split('"')[0]
    fields = {"keep": str(kept), "take-job": str(gone), "take-phone": str(kept), "take-membership": str(gone)}
    fields |= {"version-one": "0", "version-other": version}
    assert "请填写理由" in (await organizer.submit(f"{address}/unite", **fields, reason="")).text
    answer = await organizer.submit(f"{address}/unite", **{**fields, "version-one": "7"}, reason="登记了两次")
    assert answer.status_code == 409
    assert "刚刚被别人修改过" in answer.text
    answer = await organizer.submit(f"{address}/unite", **fields, reason="登记了两次")
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/people/{kept}"

    file = (await organizer.get(f"/api/v1/people/{kept}")).json()
    assert (file["job"], file["ethnicity"], file["phone_masked"]) == ("教师", None, "139****5678")
    assert set((await held_by(county, gone)).values()) == {0}
    assert await held_by(county, kept) == {"case_file": 1, "person_tag": 0, "person_span": 1, "attendance": 1}
    page = (await organizer.open(f"/people/{kept}")).text
    assert "并入“重复人”的另一份档案（登记了两次）" in page
    assert "工作岗位由“未填”改为“教师”" in page
    assert "（并入的那一份档案）登记到上河支部" in page
    assert f"/cases/{case}" in page
    assert "东街支部" in (await organizer.open(f"/cases/{case}")).text
    page = (await organizer.open(f"/people/{gone}")).text
    assert f'href="/people/{kept}"' in page
    assert f"/people/{gone}/return" not in page
    assert {str(kept), str(gone)} not in [who for who, _ in await offered(organizer)]
    assert f"/people/{gone}" not in (await organizer.open("/people?q=重复人")).text

    answer = await organizer.submit(f"/people/{gone}/sever", reason="核对证件，是两个人")
    assert answer.status_code == 303, answer.text
    assert set((await held_by(county, kept)).values()) == {0}
    assert await held_by(county, gone) == {"case_file": 1, "person_tag": 0, "person_span": 1, "attendance": 1}
    file = (await organizer.get(f"/api/v1/people/{kept}")).json()
    assert (file["job"], file["phone_masked"], file["membership"]) == (None, "139****5678", "applicant")
    file = (await organizer.get(f"/api/v1/people/{gone}")).json()
    assert (file["left_on"], file["merged_into"], file["unit_id"]) == (
        None,
        None,
        str(county.units["上河支部"].id),
    )
    assert "上河支部" in (await organizer.open(f"/cases/{case}")).text
    assert (
        "撤销与“重复人”的另一份档案的合并（核对证件，是两个人）"
        in (await organizer.open(f"/people/{kept}")).text
    )


async def test_who_would_hold_two_of_the_three_separated_roles_stays_two(
    organizer: Browser, county: Seeded
) -> None:
    kept, gone = [await entered(county, "两个账号的", born=BORN) for _ in range(2)]
    async with county_session(county.id):
        for who, login, role in ((kept, "one", "system-admin"), (gone, "other", "audit-admin")):
            await current_session().execute(
                """with a as (insert into account (login, name, password_hash, must_change_password, created_by, person_id)
                     values ($1, '某', '', false, $5, $2) returning id)
                   insert into holding (account_id, unit_id, role, since, granted_by)
                   select a.id, $3, $4, '2026-01-01', $5 from a""",
                f"twin-{login}", who, county.units["组织部"].id, role, county.accounts["department-admin"],
            )  # fmt: skip
    status, sentence = await unite(organizer, kept, gone)
    assert (status, "系统、安全、审计三员须由不同的人担任，不能合并" in sentence) == (409, True), sentence
    assert (await held_by(county, gone))["case_file"] == 0
    async with county_session(county.id):
        assert not await current_session().fetchval("select merged_into from person where id = $1", gone)


async def test_whom_somebody_has_changed_since_stays_one(organizer: Browser, county: Seeded) -> None:
    kept = await entered(county, "改过的", born=BORN)
    gone = await entered(county, "改过的", born=BORN, national_id=NUMBER)
    async with county_session(county.id):
        await replace_tags(everything(), gone, frozenset({"rural"}), TODAY)
    assert await unite(organizer, kept, gone, taken=["national_id", "sex"]) == (204, "")
    assert (await held_by(county, kept))["person_tag"] == 1
    assert f"/people/{kept}" in (await organizer.open(f"/people?q={NUMBER}")).text, "the number is his now"
    await organizer.open(f"/people/{kept}/tags")
    await organizer.submit(f"/people/{kept}/tags", tags=["student"], day="2026-11-20")
    answer = await organizer.submit(f"/people/{gone}/sever", reason="是两个人")
    assert answer.status_code == 409
    assert "合并以后又有变动，不能撤销。组织部组织员修改了特征。" in answer.text
    headers = {"x-csrftoken": organizer.cookies["csrftoken"]}
    answer = await organizer.post(
        f"/api/v1/people/{gone}/return/mistaken", json={"reason": "没有登错"}, headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "merged")


async def test_a_number_that_somebody_else_has_by_now_is_not_taken_back(
    organizer: Browser, county: Seeded
) -> None:
    number = "110101199005010012"
    kept, gone = await entered(county, "证号人"), await entered(county, "证号人", national_id=number)
    assert await unite(organizer, kept, gone) == (204, "")
    await entered(county, "后来人", national_id=number)
    headers = {"x-csrftoken": organizer.cookies["csrftoken"]}
    answer = await organizer.post(f"/api/v1/people/{gone}/sever", json={"reason": "核对"}, headers=headers)
    assert answer.status_code == 409
    assert "身份证号码已经登记" in answer.json()["sentence"]


async def test_what_has_to_be_settled_first_is_said(
    organizer: Browser, secretary: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        one, other = [await applicant(county, "两件事", born=BORN) for _ in range(2)]
        cases = [await opened(county, who) for who in (one, other)]
    assert (await unite(secretary, one, other))[0] == 403
    versions = [(await organizer.get(f"/api/v1/people/{who}")).json()["version"] for who in (one, other)]
    status, sentence = await unite(organizer, one, other, versions=versions)
    assert status == 409
    assert "终止办理并写明原因，再来合并" in sentence
    assert cases

    plain = await entered(county, "两件事", born=BORN)
    assert (await unite(organizer, plain, one))[0] == 409, "the version was not seen"
    status, sentence = await unite(organizer, plain, one, versions=[0, versions[0]])
    assert (status, "人员类别和有关日期由办理档案确定" in sentence) == (409, True)
    async with county_session(county.id):
        await replace_tags(everything(), plain, frozenset({"rural"}), TODAY)
        draft = SpanDraft(word="warning", since=date(2026, 3, 1))
        await add_span(everything(), plain, "limit", draft, TODAY)
    taken = {"taken": ["membership"], "versions": [0, versions[0]]}
    status, sentence = await unite(organizer, plain, one, **taken)
    assert (status, "登记的特征不同" in sentence) == (409, True)
    async with county_session(county.id):
        await replace_tags(everything(), plain, frozenset(), TODAY)
        await add_span(everything(), one, "limit", SpanDraft(word="warning", since=date(2026, 4, 1)), TODAY)
    status, sentence = await unite(organizer, plain, one, **taken)
    assert (status, "时间重叠而又不同" in sentence) == (409, True)
    assert (await unite(organizer, plain, plain))[0] == 422
    assert (await unite(organizer, plain, one, taken=["ghost"], versions=[0, versions[0]]))[0] == 422


async def test_a_file_that_leads_to_another_takes_nothing_and_goes_back_to_no_dissolved_branch(
    organizer: Browser, admin: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        draft = UnitDraft(kind="branch", name="将撤销支部", short_name="将撤销支部")
        unit = await create(everything(), county.units["城关镇党委"].id, draft, TODAY)
        away = PersonDraft(name="登错的", membership="full")
        left = await enter(everything(), unit.id, away, TODAY, distinct=True)
        gone = await enter(everything(), unit.id, PersonDraft(name="并走的", membership="full"), TODAY)
        await leave(everything(), left, LeavingDraft("in-error", TODAY, "登错了"), 0, TODAY)
    kept = await entered(county, "并走的", membership="full")
    assert (await organizer.open(f"/people/{kept}/sever")).status_code == 409, "it has gone into none"
    assert (await unite(organizer, kept, gone))[0] == 204
    headers = {"x-csrftoken": organizer.cookies["csrftoken"]}
    span = {"kind": "limit", "draft": {"word": "warning", "since": "2026-11-01"}}
    answer = await organizer.post(f"/api/v1/people/{gone}/spans", json=span, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "merged")
    for form in ("leave", "return"):
        answer = await organizer.open(f"/people/{gone}/{form}")
        assert answer.status_code == 409, form
        assert "这份档案已经并入另一份，只供查看" in answer.text
    async with county_session(county.id):
        await dissolve(everything(), unit.id, TODAY, 0, TODAY)
    for path in (f"{gone}/sever", f"{left}/return/mistaken"):
        answer = await organizer.post(f"/api/v1/people/{path}", json={"reason": "核对"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "dissolved"), path
        assert "“将撤销支部”已于" in answer.json()["sentence"]
