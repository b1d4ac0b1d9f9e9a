"""账号与权限: accounts, first passwords, roles, and the table of who may do what."""

from __future__ import annotations

import re

import pytest
from litestar import Litestar

from tenants.accounts.capabilities import CAPABILITIES, ROLES
from tenants.database.session import county_session, current_session
from tests.web.conftest import ELSEWHERE, Browser, Seeded, browser


async def new_account(admin: Browser, county: Seeded, login: str) -> tuple[str, str]:
    """(address of its page, first password)."""
    await admin.open("/accounts/new")
    fields = {"login": login, "name": "周九", "role": "branch-secretary", "since": "2026-11-01"}
    answer = await admin.submit("/accounts/new", **fields, unit_id=str(county.units["上河支部"].id))
    assert answer.status_code == 201, answer.text
    password = re.search(r"初始密码</dt><dd><strong>([^<]+)", answer.text)
    address = re.search(r'href="(/accounts/[0-9a-f-]{36})"', answer.text)
    assert password
    assert address
    return address[1], password[1]


async def test_an_account_is_made_and_its_owner_sets_his_own_password(
    app: Litestar, admin: Browser, county: Seeded
) -> None:
    address, password = await new_account(admin, county, "zhou.jiu")
    page = (await admin.open(address)).text
    assert "尚未改成自己的密码" in page
    assert password not in page
    async with browser(app) as made:
        assert (await made.sign_in(county, "zhou.jiu", password)).status_code == 303
        assert (await made.open("/units")).headers["location"] == "/password"


async def test_a_login_that_is_taken_is_said_at_its_field(admin: Browser, county: Seeded) -> None:
    await admin.open("/accounts/new")
    fields = {"login": "inspector", "name": "周九", "role": "inspector", "since": "2026-11-01"}
    answer = await admin.submit("/accounts/new", **fields, unit_id=str(county.units["组织部"].id))
    assert answer.status_code == 409
    assert "登录名“inspector”已被使用" in answer.text
    assert 'value="周九"' in answer.text


async def test_a_role_that_does_not_fit_the_unit_is_refused(admin: Browser, county: Seeded) -> None:
    await admin.open("/accounts/new")
    fields = {"login": "wu.shi", "name": "吴十", "role": "department-admin", "since": "2026-11-01"}
    answer = await admin.submit("/accounts/new", **fields, unit_id=str(county.units["东街支部"].id))
    assert answer.status_code == 422
    assert "职务的层级与党组织的层级不一致" in answer.text


async def test_roles_are_given_and_taken_back(admin: Browser, county: Seeded) -> None:
    address, _ = await new_account(admin, county, "zheng.shiyi")
    fields = {"role": "branch-organizer", "since": "2026-11-01", "unit_id": str(county.units["上河支部"].id)}
    assert (await admin.submit(f"{address}/grants", **fields)).status_code == 303
    answer = await admin.submit(f"{address}/grants", **fields)
    assert answer.status_code == 409
    assert "不必重复授予" in answer.text
    page = (await admin.open(address)).text
    ends = re.findall(r'action="(/accounts/[^"]+/end)"', page)
    assert len(ends) == 2
    assert (await admin.submit(ends[0])).status_code == 303
    page = (await admin.open(address)).text
    assert "职务权限已收回" in page
    assert "已终止" in page


async def test_switching_off_and_on(admin: Browser, county: Seeded) -> None:
    address, _ = await new_account(admin, county, "wang.shier")
    await admin.submit(f"{address}/active", active="")
    assert "已停用" in (await admin.open(address)).text
    await admin.submit(f"{address}/active", active="1")
    assert "重新启用" in (await admin.open(address)).text


async def test_nobody_administers_himself_or_those_above(
    app: Litestar, admin: Browser, county: Seeded
) -> None:
    own = f"/accounts/{county.accounts['department-admin']}"
    assert f"{own}/password" not in (await admin.open(own)).text
    assert (await admin.submit(f"{own}/active", active="")).status_code == 403
    async with browser(app) as committee:
        await committee.sign_in(county, "committee-secretary")
        await committee.open("/accounts")
        assert (await committee.submit(f"{own}/active", active="")).status_code == 404


async def test_the_table_is_printed_from_the_module_that_decides(secretary: Browser) -> None:
    page = (await secretary.open("/accounts/roles")).text
    for word, title in CAPABILITIES.items():
        assert word in page
        assert title in page
    assert page.count("●") == sum(len(role.capabilities) for role in ROLES.values())


async def test_only_who_may_look_sees_the_section(admin: Browser, secretary: Browser) -> None:
    assert 'href="/accounts"' in (await admin.open("/units")).text
    assert 'href="/accounts"' not in (await secretary.open("/units")).text


async def test_the_history_names_the_office_and_the_list_keeps_logins_whole(
    admin: Browser, county: Seeded
) -> None:
    address, _ = await new_account(admin, county, "he.shisan")
    page = (await admin.open(address)).text
    assert "授予党支部书记（上河支部），自 2026-11-01 起" in page
    await admin.submit(re.findall(r'action="(/accounts/[^"]+/end)"', page)[0])
    assert "收回党支部书记（上河支部）" in (await admin.open(address)).text
    assert '<td class="nowrap">he.shisan</td>' in (await admin.open("/accounts")).text


async def test_sign_ins_do_not_bury_what_was_done(admin: Browser, county: Seeded) -> None:
    page = (await admin.open(f"/accounts/{county.accounts['department-admin']}")).text
    assert "最近登录：2026-" in page
    assert "<div>登录</div>" not in page


async def test_a_long_list_of_accounts_goes_on(
    admin: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.accounts.pages.PAGE", 3)
    seen: list[str] = []
    address: str | None = "/accounts"
    while address:
        page = (await admin.open(address)).text
        seen += re.findall(r'<td class="nowrap">([a-z.-]+)</td>', page)
        link = re.search(r'rel="next" href="([^"]+)"', page)
        address = link[1].replace("&amp;", "&") if link else None
    assert seen == sorted(set(seen))
    assert set(county.accounts) <= set(seen)


async def test_the_log_says_who_did_what_to_accounts_roles_and_policies(
    admin: Browser, secretary: Browser, county: Seeded
) -> None:
    csrf = {"x-csrftoken": admin.token}
    unit = str(county.units["河西乡党委"].id)
    account = county.accounts["inspector"]
    grant = {"role": "committee-organizer", "unit_id": unit, "since": "2026-11-21"}
    assert (
        await admin.post(f"/api/v1/accounts/{account}/grants", json=grant, headers=csrf)
    ).status_code == 201
    choice = {"basis": "河西〔2026〕1 号"}
    change = {"type": "adopt", "plugin": "yakeshi", "since": "2026-12-01", "choice": choice}
    saved = await admin.post(
        "/api/v1/policies/changes", json={"unit_id": unit, "change": change}, headers=csrf
    )
    assert saved.status_code == 201, saved.text
    for levels in (["committee"], []):
        await admin.put("/api/v1/policies/allowance", json={"levels": levels}, headers=csrf)
    page = (await admin.open("/accounts/log")).text
    for said in (
        "授予党委组织委员（河西乡党委），自 2026-11-21 起：只读检查员",
        "启用政策（河西乡党委）：牙克石“三级票决”和转正前回访，自 2026-12-01 起，依据：河西〔2026〕1 号",
        "自选动作：开放基层党委自行增加政策",
        "自选动作：各级不能自行增加政策",
    ):
        assert said in page, said
    assert "<td>登录</td>" in page, "his own name stands beside it"
    policies = (await admin.open("/accounts/log?kind=policies")).text
    assert "启用政策" in policies
    assert "授予党委组织委员" not in policies
    listed = (await admin.get("/api/v1/audit", params={"kind": "accounts"})).json()
    assert listed["items"][0]["subject_name"] == "只读检查员"
    assert (await secretary.open("/accounts/log")).status_code == 403
    assert (await secretary.get("/api/v1/audit")).status_code == 403
    end = {"type": "end", "activation_id": saved.json()["items"][0]["id"], "day": "2026-12-01"}
    await admin.post("/api/v1/policies/changes", json={"unit_id": unit, "change": end}, headers=csrf)
    page = (await admin.open("/accounts/log")).text
    assert "撤销尚未生效的政策（河西乡党委）：牙克石“三级票决”和转正前回访，原定自 2026-12-01 起" in page


async def test_a_role_is_taken_back_at_its_own_account_only(admin: Browser, county: Seeded) -> None:
    """An address that names one account and the role of another is that of nothing."""
    other = county.accounts["inspector"]
    async with county_session(county.id):
        grant = await current_session().fetchval(
            "select id from holding where account_id = $1", county.accounts["branch-organizer"]
        )
    await admin.open(f"/accounts/{other}")
    assert (await admin.submit(f"/accounts/{other}/grants/{grant}/end")).status_code == 404
    async with county_session(county.id):
        assert await current_session().fetchval("select until from holding where id = $1", grant) is None


async def test_accounts_are_narrowed_by_what_one_knows_of_them_and_go_on_narrowed(
    admin: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By name, login, role and unit; those in use, out of use or all; the page behind asks for the same."""
    address, _ = await new_account(admin, county, "shi.ting")
    await admin.submit(f"{address}/active", active="")

    async def listed(query: str) -> list[str]:
        page = (await admin.open(f"/accounts{query}")).text
        found = re.findall(r'<td class="nowrap">([a-z0-9.-]+)</td>', page)
        assert f"共 {len(found)} 个账号" in page, query
        return found

    for q, login in (("SHI.TING", "shi.ting"), ("只读检查员", "inspector"), ("上河支部", ELSEWHERE)):
        assert login in await listed(f"?show=all&q={q}"), q
    assert {"shi.ting"} <= {*await listed("?show=inactive")}
    assert "shi.ting" not in await listed("")
    assert await listed("?show=") == await listed("?show=active"), "an empty choice is none"
    assert {*await listed("?show=all")} == {*await listed("?show=active")} | {*await listed("?show=inactive")}
    assert await listed("?q=inspector&show=inactive") == []
    empty = (await admin.open("/accounts?q=没有这个人")).text
    assert "没有符合条件的账号" in empty
    assert 'href="/accounts"' in empty.split("没有符合条件的账号")[1], "the way back to all of them"
    chips = re.findall(r'<a class="chip"[^>]*>', (await admin.open("/accounts?q=组织&show=all")).text)
    assert [("aria-current" in one, "q=%E7%BB%84%E7%BB%87" in one) for one in chips] == [
        (False, True),
        (False, True),
        (True, True),
    ]
    strange = await admin.open("/accounts?show=gone")
    assert (strange.status_code, "可以写：active、inactive、all" in strange.text) == (422, True)
    monkeypatch.setattr("web.accounts.pages.PAGE", 2)
    first = (await admin.open("/accounts?show=all&q=组织")).text
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link
    assert "q=%E7%BB%84%E7%BB%87&amp;show=all&amp;after=" in link[1]
    second = (await admin.open(link[1].replace("&amp;", "&"))).text
    both = [re.findall(r'<td class="nowrap">([a-z0-9.-]+)</td>', one) for one in (first, second)]
    assert len(both[0]) == 2
    assert both[0][-1] < both[1][0]
    assert both[0][0] not in both[1]


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"name": "周"}, "name", "2 至 40 个字"),
        ({"name": "周九@"}, "name", "不是姓名用字"),
        ({"name": "周九（小）"}, "name", "请只写身份证件上的姓名"),
        ({"login": "Zhou Jiu"}, "login", "以字母或数字开头"),
        ({"login": "zj"}, "login", "3 至 40 个"),
        ({"login": "inspector"}, "login", "已被使用，请换一个。"),
        ({"role": "emperor"}, "role", "请选择职务。"),
        ({"unit_id": "上河"}, "unit_id", "请选择党组织。"),
        ({"role": "department-admin"}, "unit_id", "职务的层级与党组织的层级不一致。"),
        ({"since": "昨天"}, "since", "“昨天”不是一个日期。"),
        ({"since": ""}, "since", "请填写起始日期。"),
        ({"until": "2026-11-01"}, "until", "截止日期应晚于起始日期。"),
        ({"until": "2026-02-30"}, "until", "“2026-02-30”不是一个日期。"),
    ],
)
async def test_an_account_that_cannot_be_is_not_made(
    admin: Browser, county: Seeded, wrong: dict[str, str], field: str, said: str
) -> None:
    """The sentence stands at its field, what was typed stays, the API says the same, and there is no account."""
    unit = str(county.units["上河支部"].id)
    good = {
        "login": "cannot.be",
        "name": "不能有",
        "role": "branch-organizer",
        "since": "2026-11-01",
        "unit_id": unit,
    }
    await admin.open("/accounts/new")
    answer = await admin.submit("/accounts/new", **{**good, "until": "", **wrong})
    assert answer.status_code in (409, 422)
    assert said in re.findall(rf'id="e-{field}">([^<]+)', answer.text)[0]
    typed = {**good, **wrong}
    for name in ("login", "name", "since", "until"):
        assert f'name="{name}"' in answer.text
        assert name not in typed or f'value="{typed[name]}"' in answer.text, name
    async with county_session(county.id) as session:
        assert await session.fetchval("select count(*) from account where login = 'cannot.be'") == 0
    csrf = {"x-csrftoken": admin.token}
    api = await admin.post("/api/v1/accounts", json={**good, **wrong}, headers=csrf)
    assert api.status_code in (400, 404, 409, 422)
    if api.status_code in (409, 422) and field != "role":  # which a page offers, and a program spells
        assert api.json()["fields"][field] in answer.text


async def test_a_role_that_has_not_begun_or_is_over_is_shown_as_such_and_none_at_all_is_said(
    admin: Browser, county: Seeded
) -> None:
    address, _ = await new_account(admin, county, "qian.liu")
    branch = {"unit_id": str(county.units["上河支部"].id)}
    for role, since, until in (
        ("branch-organizer", "2026-12-01", ""),
        ("committee-organizer", "2026-01-05", "2026-03-01"),
    ):
        place = branch if role.startswith("branch") else {"unit_id": str(county.units["河西乡党委"].id)}
        await admin.open(address)
        given = await admin.submit(f"{address}/grants", role=role, since=since, until=until, **place)
        assert given.status_code == 303, given.text
    page = (await admin.open(address)).text
    states = re.findall(r"<th>(党[^<（]+)</th>.*?</span>(已终止|未到起始日期|有效)</span>", page, re.S)
    assert [(title, state) for title, state in states] == [
        ("党委组织委员", "已终止"),
        ("党支部组织委员", "未到起始日期"),
        ("党支部书记", "有效"),
    ]
    assert "2026-03-01 前" in page
    ends = re.findall(r'action="(/accounts/[^"]+/end)"', page)
    assert len(ends) == 2, "what is over is not taken back"
    assert "目前没有有效的职务权限" not in page
    for end in ends:
        await admin.submit(end)
    assert "目前没有有效的职务权限，登录后看不到任何内容" in (await admin.open(address)).text
    again = await admin.submit(ends[0])
    assert (again.status_code, "在该日之前已经终止" in again.text) == (409, True)
    told = (await admin.get(f"/api/v1{address}/history")).json()["items"]
    assert [one["verb"] for one in told].count("role.ended") == 2
    assert "account.created" in {one["verb"] for one in told}
    csrf = {"x-csrftoken": admin.token}
    assert (await admin.post(f"/api/v1{address}/sign-outs", headers=csrf)).status_code == 204
    assert "<div>结束登录</div>" in (await admin.open(address)).text
