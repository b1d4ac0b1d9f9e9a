"""组织: the tree, a unit's page, and what can be done to a unit."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from uuid import UUID

from litestar import Litestar

from core.organisation.service import UnitDraft, create
from core.register.carry import people_of_unit
from core.register.guests import guests as guest_list
from core.register.guests import taking_part
from core.register.leaving import LeavingDraft, leave, take_back
from core.register.model import PersonDraft
from core.register.service import enter
from tenants.database.session import county_session
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything
from tests.web.other_county import PDF


async def test_the_tree_shows_what_he_sees_and_nothing_else(
    admin: Browser, secretary: Browser, county: Seeded
) -> None:
    page = (await admin.open("/units")).text
    for unit in county.units.values():
        assert unit.name in page
    page = (await secretary.open("/units")).text
    assert "城关镇东街支部" in page
    assert "河西乡" not in page


async def test_a_unit_is_found_by_pinyin_without_scripts(admin: Browser, county: Seeded) -> None:
    page = (await admin.open("/units?q=hxx")).text
    assert "找到 2 个党组织" in page
    assert "河西乡党委" in page
    assert "没有叫这个名称的党组织" in (await admin.open("/units?q=没有的")).text


async def test_a_unit_page_says_who_is_there_who_may_look_and_which_policies_hold(
    admin: Browser, county: Seeded
) -> None:
    page = (await admin.open(f"/units/{county.units['东街支部'].id}")).text
    assert re.search(r"群众</dt><dd><a href=[^>]+>3 人", page)
    assert "全国统一" in page
    assert "党支部书记" in page
    assert "建库 记于" in page


async def test_only_who_may_edit_gets_the_buttons(admin: Browser, secretary: Browser, county: Seeded) -> None:
    address = f"/units/{county.units['东街支部'].id}"
    assert f"{address}/dissolve" in (await admin.open(address)).text
    assert f"{address}/dissolve" not in (await secretary.open(address)).text
    assert (await secretary.open(f"{address}/edit")).status_code == 403


async def test_a_unit_is_made_renamed_moved_merged_and_dissolved(admin: Browser, county: Seeded) -> None:
    above, other = county.units["城关镇党委"].id, county.units["河西乡党委"]
    await admin.open(f"/units/{above}/new")
    made = await admin.submit(f"/units/{above}/new", kind="branch", name="西街支部", flags=["rural"])
    assert made.status_code == 303
    address = made.headers["location"]
    page = (await admin.open(address)).text
    assert "已新建“西街支部”。" in page
    assert "农村" in page

    await admin.open(f"{address}/edit")
    answer = await admin.submit(f"{address}/edit", name="西街第一支部", version="0")
    assert answer.status_code == 303, answer.text
    page = (await admin.open(address)).text
    assert "名称由“西街支部”改为“西街第一支部”" in page
    assert "特征由“农村”改为“无”" in page

    moved = {"parent": str(other.id), "day": "2026-11-20", "version": "1"}
    said = (await admin.submit(f"{address}/move", **moved)).text
    assert "这样办会怎样，尚未保存" in said
    assert "人员 0 名、下级党组织 0 个" in said
    answer = await admin.submit(f"{address}/move", **moved, seen=f"{other.id} 2026-11-20")
    assert answer.status_code == 303, answer.text
    page = (await admin.open(address)).text
    assert "由“城关镇党委”调整到“河西乡党委”之下" in page
    assert "建立，设在“城关镇党委”之下" in page
    assert f"/policies/national?unit={address.rsplit('/', 1)[1]}" in page

    into = county.units["上河支部"].id
    merged = {"into": str(into), "day": "2026-11-20", "version": "2"}
    other_day = await admin.submit(f"{address}/merge", **merged, seen=f"{into} 2026-11-19")
    assert (other_day.status_code, "尚未保存" in other_day.text) == (200, True)
    answer = await admin.submit(f"{address}/merge", **merged, seen=f"{into} 2026-11-20")
    assert answer.headers["location"] == f"/units/{into}"
    page = (await admin.open(address)).text
    assert "该党组织已于 2026-11-20 撤销。" in page
    assert "并入“河西乡上河支部”：人员 0 名、办理档案 0 份、下级党组织 0 个" in page
    assert "“西街第一支部”并入" in (await admin.open(f"/units/{into}")).text


async def test_an_empty_unit_is_dissolved_and_a_full_one_is_not(admin: Browser, county: Seeded) -> None:
    above = county.units["河西乡党委"].id
    await admin.open(f"/units/{above}/new")
    address = (await admin.submit(f"/units/{above}/new", kind="branch", name="临时支部")).headers["location"]
    answer = await admin.submit(f"{address}/dissolve", day="2026-11-21", version="0", seen=" 2026-11-21")
    assert answer.status_code == 303, answer.text
    full = f"/units/{county.units['东街支部'].id}"
    answer = await admin.submit(f"{full}/dissolve", day="2026-11-21", version="0", seen=" 2026-11-21")
    assert answer.status_code == 409
    assert "还有 3 名人员" in answer.text


async def test_a_committee_is_elected_for_its_term_and_the_paper_is_kept(
    admin: Browser, secretary: Browser, county: Seeded
) -> None:
    address = f"/units/{county.units['东街支部'].id}"
    assert "没有登记" in (await admin.open("/units/terms")).text
    page = (await admin.open(f"{address}/terms")).text
    assert "3 年（《关于党的基层组织任期的意见》任期）" in page
    early = await admin.submit(f"{address}/terms", since="2023-12-20", basis="批复", until="2028-01-01")
    assert (early.status_code, "延期一般不超过 12 个月" in early.text) == (422, True)
    assert (await admin.submit(f"{address}/terms", since="2023-12-20", basis="批复")).status_code == 303
    assert "2026-12-20" in (await admin.open(address)).text
    assert "将满" in (await admin.open("/units/terms")).text
    before = await admin.submit(f"{address}/terms", since="2022-01-10", basis="批复")
    assert "上一届是 2023-12-20 产生的" in before.text
    assert (await secretary.submit(f"{address}/terms", since="2026-01-10", basis="批复")).status_code == 403
    [strike] = re.findall(r'action="([^"]+/strike)"', (await admin.open(f"{address}/terms")).text)
    await admin.submit(strike)
    assert "未登记" in (await admin.open(address)).text
    csrf = {"x-csrftoken": admin.token}
    api = f"/api/v1{address}"
    made = await admin.post(f"{api}/terms", json={"since": "2026-01-10", "basis": "批复"}, headers=csrf)
    assert made.json()["until"] == "2029-01-10"
    sent = await admin.post(f"{api}/papers", files={"file": ("批复.pdf", PDF)}, headers=csrf)
    assert [one["name"] for one in sent.json()["items"]] == ["批复.pdf"]
    [shown] = re.findall(
        rf'href="({address}/papers/[^"]+)"', (await secretary.open(f"{address}/papers")).text
    )
    assert (await secretary.open(shown)).content == PDF
    assert (await secretary.submit(f"{shown}/remove")).status_code == 403
    assert (await admin.submit(f"{shown}/remove")).status_code == 303
    assert (await secretary.open(shown)).status_code == 404
    other = county.units["河西乡党委"].id
    found = (await admin.get(f"{api}/foreseen?act=move&other={other}")).json()
    assert (found["people"], found["roles"], found["loses"]) == (3, 0, [])


async def test_mistakes_are_named_at_their_field_and_what_was_typed_stays(
    admin: Browser, county: Seeded
) -> None:
    above = county.units["城关镇党委"].id
    await admin.open(f"/units/{above}/new")
    answer = await admin.submit(
        f"/units/{above}/new", kind="", name="", founded="2026-13-40", short_name="西街"
    )
    assert answer.status_code == 422
    for sentence in ("请选择类别。", "成立日期“2026-13-40”不是一个日期。请写成 2026-06-16 这样。"):
        assert answer.text.count(sentence) == 2, "in the summary and at the field"
    assert 'href="#f-founded"' in answer.text
    assert 'value="西街"' in answer.text


async def test_a_unit_that_somebody_else_changed_is_not_overwritten(admin: Browser, county: Seeded) -> None:
    address = f"/units/{county.units['上河支部'].id}"
    await admin.open(f"{address}/edit")
    answer = await admin.submit(f"{address}/edit", name="上河村支部", version="99")
    assert answer.status_code == 409
    assert "刚刚被别人修改过" in answer.text
    assert 'value="上河村支部"' in answer.text


async def test_a_name_is_text_and_never_markup(admin: Browser, county: Seeded) -> None:
    above = county.units["河西乡党委"].id
    await admin.open(f"/units/{above}/new")
    answer = await admin.submit(f"/units/{above}/new", kind="branch", name="<b>支部</b>")
    assert answer.status_code == 422
    assert "<b>支部</b>" not in answer.text
    assert "名称“&lt;b&gt;支部&lt;/b&gt;”里的“&lt;”不是文字" in answer.text


async def test_a_unit_is_found_by_letters_inside_its_official_name(admin: Browser, county: Seeded) -> None:
    """Official names all begin with the county's."""
    page = (await admin.open("/units?q=djzb")).text
    assert "城关镇东街支部" in page
    assert "上河支部" not in page


async def test_roles_end_with_the_unit_at_which_they_are_held(admin: Browser, county: Seeded) -> None:
    """Whoever held one there reaches nothing any more."""
    above, into = county.units["河西乡党委"].id, county.units["上河支部"].id
    await admin.open(f"/units/{above}/new")
    made = await admin.submit(f"/units/{above}/new", kind="branch", name="并掉的支部")
    address = made.headers["location"]
    csrf = {"x-csrftoken": admin.token}
    grant = {"role": "branch-secretary", "unit_id": address.rsplit("/", 1)[1], "since": "2026-11-21"}
    account = county.accounts["inspector"]
    given = await admin.post(f"/api/v1/accounts/{account}/grants", json=grant, headers=csrf)
    assert given.status_code == 201, given.text
    answer = await admin.submit(
        f"{address}/merge", into=str(into), day="2026-11-21", version="0", seen=f"{into} 2026-11-21"
    )
    assert answer.status_code == 303, answer.text
    assert "原设在该组织的 1 项职务权限已经终止。" in (await admin.open(f"/units/{into}")).text
    held = (await admin.get(f"/api/v1/accounts/{account}")).json()["grants"]
    assert [one["holds"] for one in held if one["unit_id"] == grant["unit_id"]] == [False]
    again = await admin.post(f"/api/v1/accounts/{account}/grants", json=grant, headers=csrf)
    assert again.status_code == 409, "nobody holds a role at a unit that is gone"


async def test_nobody_ends_the_unit_at_which_he_holds_his_own_role(
    app: Litestar, admin: Browser, county: Seeded
) -> None:
    top = county.units["组织部"].id
    await admin.open(f"/units/{top}/new")
    address = (await admin.submit(f"/units/{top}/new", kind="committee", name="临时党委")).headers["location"]
    grant = {"role": "committee-organizer", "unit_id": address.rsplit("/", 1)[1], "since": "2026-11-21"}
    account = county.accounts["committee-organizer"]
    given = await admin.post(
        f"/api/v1/accounts/{account}/grants", json=grant, headers={"x-csrftoken": admin.token}
    )
    assert given.status_code == 201, given.text
    async with browser(app) as made:
        await made.sign_in(county, "committee-organizer")
        await made.open(f"{address}/dissolve")
        answer = await made.submit(f"{address}/dissolve", day="2026-11-21", version="0", seen=" 2026-11-21")
        assert answer.status_code == 403
        assert "不能由您自己撤销或合并它" in answer.text
        assert "已撤销" not in (await made.open(address)).text, "nothing was written"
    done = await admin.submit(f"{address}/dissolve", day="2026-11-21", version="0", seen=" 2026-11-21")
    assert done.status_code == 303


async def test_a_branch_is_divided_after_it_is_shown_who_goes_where(
    admin: Browser, secretary: Browser, county: Seeded
) -> None:
    """By a list, then one by one; what is shown is what is done; who may not is not shown it."""
    async with county_session(county.id):
        draft = UnitDraft(
            kind="branch", name="城关镇南街支部", short_name="南街支部", founded=date(2020, 1, 1)
        )
        unit = await create(everything(), county.units["城关镇党委"].id, draft, TODAY)
        for name in ("拆一", "拆二", "拆三"):
            await enter(everything(), unit.id, PersonDraft(name=name), TODAY)
    address = f"/units/{unit.id}"
    assert f"{address}/split" in (await admin.open(address)).text
    assert (await secretary.open(f"{address}/split")).status_code in (403, 404)
    page = (await admin.open(f"{address}/split")).text
    assert "第 1 个新组织" in page
    typed = {
        "version": "0", "parts": "1", "name-0": "城关镇南街第二支部", "kind-0": "branch", "list-0": "拆一\n拆九",
        "rest": "stays", "day": "2026-11-20", "paper": "城党发〔2026〕3 号",
    }  # fmt: skip
    more = (await admin.submit(f"{address}/split", **typed, more="1")).text
    assert "第 2 个新组织" in more
    wrong = await admin.submit(f"{address}/split", **typed)
    assert (wrong.status_code, "这里没有直接登记拆九" in wrong.text) == (422, True)
    typed["list-0"] = "拆一、拆二"
    shown = (await admin.submit(f"{address}/split", **typed)).text
    assert "这样办会怎样，尚未保存" in shown
    assert "新设党支部：人员 2 名（正式党员 0 名）" in shown
    again = _typed(shown) | {"rest": "stays"}
    [third] = re.findall(r'for="f-(to-[^"]+)">拆三的去向', shown)
    again[third] = "0"
    other = (await admin.submit(f"{address}/split", **again)).text
    assert "人员 3 名（正式党员 0 名）" in other, "whoever was picked besides is shown first"
    done = await admin.submit(f"{address}/split", **(_typed(other) | {"rest": "stays"}))
    assert (done.status_code, done.headers["location"]) == (303, address)
    page = (await admin.open(address)).text
    assert "拆分，划出“城关镇南街第二支部”：人员 3 名、下级党组织 0 个（城党发〔2026〕3 号）" in page
    gone = await admin.submit(f"{address}/split", **typed)
    assert (gone.status_code, "没有直接登记拆一" in gone.text) == (422, True)
    api = f"/api/v1{address}/split"
    plan = {"day": "2026-11-21", "paper": "x", "parts": [{"draft": {"kind": "branch", "name": "又一支部"}}]}
    answer = await admin.post(api, json={"version": 1, "plan": plan}, headers={"x-csrftoken": admin.token})
    assert (answer.status_code, "没有人员" in answer.json()["sentence"]) == (422, True)
    seen = {"version": 1, "plan": plan | {"rest": 0}}
    told = await admin.post(f"{api}/foreseen", json=seen, headers={"x-csrftoken": admin.token})
    assert (told.json()["rest"], told.json()["left"]["people"]) == ("又一支部", 0)
    assert "又一支部" not in (await admin.open("/units")).text


async def test_a_temporary_branch_has_guests_an_end_and_nobody_of_its_own(
    admin: Browser, organizer: Browser, secretary: Browser, county: Seeded
) -> None:
    """Whoever takes part stays registered and counted where he is; nobody takes part in two; it ends with its task."""
    above, east = county.units["城关镇党委"].id, county.units["东街支部"].id
    async with county_session(county.id):
        member = PersonDraft(
            name="临编一", membership="full", joined=date(2010, 7, 1), converted=date(2011, 7, 1)
        )
        person = await enter(everything(), east, member, TODAY)
        people = await people_of_unit(east)
    page = (await admin.open(f"/units/{above}/new")).text
    assert "一般不发展党员、不处分和处置党员、不收缴党费" in page
    typed = {"kind": "temporary-branch", "name": "城关镇防汛临时党支部", "task": "防汛抢险"}
    assert "请填写任务结束的日期" in (await admin.submit(f"/units/{above}/new", **typed)).text
    lone = await admin.submit(f"/units/{above}/new", kind="branch", name="某支部", task="防汛")
    assert "只有临时党支部登记任务" in lone.text
    made = await admin.submit(f"/units/{above}/new", **typed, founded="2026-11-01", until="2026-12-10")
    address = made.headers["location"]
    assert "城关镇防汛临时党支部" in (await admin.open("/units/terms")).text
    assert f"{address}/merge" not in (await admin.open(address)).text
    assert (await admin.open(f"{address}/split")).status_code == 409
    unit = address.rsplit("/", 1)[1]
    entered = await organizer.post(
        "/api/v1/people",
        json={"unit_id": unit, "draft": {"name": "某人"}},
        headers={"x-csrftoken": organizer.token},
    )
    assert (entered.status_code, "不是党支部" in entered.json()["sentence"]) == (422, True)
    guests = f"{address}/guests"
    await admin.open(guests)
    asked = await admin.submit(guests, name="临编一", day="2026-11-02")
    assert (asked.status_code, "请在下面选择是哪一位" in asked.text) == (422, True)
    [at] = re.findall(r'hx-get="(/people/pick[^"]+)"', asked.text)
    offered = (await admin.open(f"{unescape(at)}&name=临编一")).text + asked.text
    assert ("临编一" in offered, "名册以外的人" in offered) == (True, False)
    outsider = await admin.submit(guests, name="临编一", person="-", day="2026-11-02")
    assert (outsider.status_code, "选择是名册中的哪一位" in outsider.text) == (422, True)
    nobody = await admin.submit(guests, name="名册里没有的人", day="2026-11-02")
    assert (nobody.status_code, "选择是名册中的哪一位" in nobody.text) == (422, True)
    added = await admin.submit(guests, name="临编一", person=str(person), day="2026-11-02")
    assert added.status_code == 303, added.text
    assert (await secretary.submit(guests, name="临编一", day="2026-11-02")).status_code in (403, 404)
    assert "组织关系在东街支部" in (await admin.open(address)).text
    twice = await admin.submit(guests, name="临编一", person=str(person), day="2026-11-02")
    assert (twice.status_code, "一个人同时只编入一个" in twice.text) == (409, True)
    masses = str(next(one.id for one in people if not one.member))
    asked = await admin.post(
        f"/api/v1{guests}",
        json={"people": [masses], "day": "2026-11-02"},
        headers={"x-csrftoken": admin.token},
    )
    assert (asked.status_code, "不是党员" in asked.json()["sentence"]) == (422, True)
    assert "同时编入" in (await organizer.open(f"/people/{person}")).text
    async with county_session(county.id):
        assert len(await people_of_unit(east)) == len(people)
        assert await people_of_unit(UUID(unit)) == []
    [end] = re.findall(r'action="([^"]+/end)"', (await admin.open(guests)).text)
    early = await admin.submit(end, day="2026-11-01")
    assert "早于编入日期" in early.text
    assert re.findall(r'name="day" value="([^"]+)"', early.text) == ["2026-11-01"], (
        "what was typed, and no other form"
    )
    assert "请填写退出日期。" in (await admin.submit(end, day="")).text
    assert (await admin.submit(end, day="2026-11-20")).status_code == 303
    again = await admin.submit(guests, name="临编一", person=str(person), day="2026-11-20")
    assert again.status_code == 303
    async with county_session(county.id):
        left = LeavingDraft("transferred-out", TODAY, "迁居", "批复")
        await leave(everything(), person, left, 0, TODAY)
        assert [one.ended for one in await guest_list(everything(), UUID(unit))] == [
            date(2026, 11, 20),
            TODAY,
        ]
        await take_back(everything(), person, "登记错了")
        taking = await taking_part(person)
        assert taking is not None, "as before"
    gone = await admin.submit(f"{address}/dissolve", day="2026-11-21", version="0", seen=" 2026-11-21")
    assert gone.status_code == 303, gone.text
    async with county_session(county.id):
        assert await taking_part(person) is None


async def test_a_joint_branch_says_which_workplaces_it_covers(admin: Browser, county: Seeded) -> None:
    above = county.units["城关镇党委"].id
    typed = {"kind": "branch", "name": "城关镇联合支部", "covers": "甲厂\n乙厂\n丙厂\n丁厂\n戊厂\n己厂"}
    await admin.open(f"/units/{above}/new")
    assert "只有联合党支部登记覆盖的单位" in (await admin.submit(f"/units/{above}/new", **typed)).text
    made = await admin.submit(f"/units/{above}/new", **typed, flags=["joint"])
    page = (await admin.open(made.headers["location"])).text
    assert "甲厂、乙厂、丙厂、丁厂、戊厂、己厂" in page
    assert "覆盖 6 个单位，一般不超过 5 个（《中国共产党支部工作条例（试行）》第五条，转引" in page


def _typed(page: str) -> dict[str, str]:
    """What the first large form of a page says, as a browser sends it."""
    form = page.split('class="form"', 1)[1].split("</form>", 1)[0]
    fields = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form))
    fields |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)', form))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        fields[name] = next(iter(re.findall(r'value="([^"]*)" selected', options)), "")
    return {name: value for name, value in fields.items() if name != "more"}
