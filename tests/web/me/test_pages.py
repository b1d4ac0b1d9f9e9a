"""我的账号: where one is signed in, the second factor given up and renewed by page, and whom one acts for."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from litestar import Litestar

from tenants.accounts.throttle import FAILURES_PER_ACCOUNT
from tests.web.conftest import TODAY, Seeded, browser, seed
from tests.web.me.test_deputies import appointed
from tests.web.sign_in.test_code import set_up


@pytest.fixture(scope="module")
async def county(app: Litestar) -> Seeded:
    """A county of its own."""
    slug = f"m{uuid4().hex[:10]}"
    return await seed(slug, f"{slug}县", TODAY)


async def test_recovery_codes_are_renewed_and_the_factor_given_up_by_page(
    app: Litestar, county: Seeded
) -> None:
    async with browser(app) as owner:
        await owner.sign_in(county, "branch-organizer")
        assert "未启用" in (await owner.open("/me")).text
        phone, codes = await set_up(owner)
        page = (await owner.open("/me")).text
        assert "还有 10 个备用恢复码" in page
        for at in ("/me/second-factor/codes", "/me/second-factor/end"):
            assert f'href="{at}"' in page
            await owner.open(at)
            empty = await owner.submit(at, code="")
            assert (empty.status_code, "请填写动态口令。" in empty.text) == (422, True)
            wrong = await owner.submit(at, code=phone.wrong())
            assert (wrong.status_code, "动态口令不正确" in wrong.text) == (422, True)
            assert 'name="code" type="text" maxlength="20"' in wrong.text
            assert phone.wrong() not in wrong.text, "a code that was typed is not shown again"
        await owner.open("/me/second-factor/codes")
        renewed = await owner.submit("/me/second-factor/codes", code=codes[0])
        assert "备用恢复码已更换" in renewed.text
        fresh = re.findall(r"<li>(\w{4}-\w{4}-\w{4})</li>", renewed.text)
        assert len(fresh) == 10
        assert {*fresh}.isdisjoint(codes)
        assert fresh[0] not in (await owner.open("/me/second-factor/codes")).text, "shown once"
        old = await owner.submit("/me/second-factor/codes", code=codes[1])
        assert old.status_code == 422, "the old ones are void"
        await owner.open("/me/second-factor/end")
        gone = await owner.submit("/me/second-factor/end", code=fresh[0])
        assert gone.headers["location"] == "/me"
        page = (await owner.open("/me")).text
        assert "动态口令已停用，登录时不再要求。" in page
        assert "启用动态口令" in page


async def test_a_computer_left_open_gives_few_guesses(app: Litestar, county: Seeded) -> None:
    async with browser(app) as owner:
        await owner.sign_in(county, "inspector")
        phone, codes = await set_up(owner)
        said = []
        for number in range(FAILURES_PER_ACCOUNT + 1):
            at = "/me/second-factor/" + ("end" if number % 2 else "codes")
            await owner.open(at)
            said.append("尝试次数过多" in (await owner.submit(at, code=phone.wrong())).text)
        assert said == [False] * FAILURES_PER_ACCOUNT + [True]
        await owner.open("/me/second-factor/end")
        assert "尝试次数过多" in (await owner.submit("/me/second-factor/end", code=codes[0])).text
        assert "已启用" in (await owner.open("/me")).text


async def test_other_sign_ins_are_listed_and_ended_one_by_one_or_all(app: Litestar, county: Seeded) -> None:
    async with browser(app) as here, browser(app) as there, browser(app) as third:
        for one in (here, there, third):
            await one.sign_in(county, "committee-organizer")
        page = (await here.open("/me")).text
        assert page.count("本次登录") == 1
        assert page.count("正在使用") == 1
        ends = re.findall(r'action="(/me/sign-ins/[^"/]+/end)"', page)
        assert len(ends) == 2
        done = await here.submit(ends[0])
        assert done.headers["location"] == "/me"
        page = (await here.open("/me")).text
        assert "那一处登录已经结束" in page
        assert len(re.findall(r'action="(/me/sign-ins/[^"/]+/end)"', page)) == 1
        assert (await here.submit(ends[0])).status_code == 404, "it has ended"
        assert sorted([(await one.open("/units")).status_code for one in (there, third)]) == [200, 303]
        await here.open("/me")
        assert (await here.submit("/me/sign-ins/end")).status_code == 303
        page = (await here.open("/me")).text
        assert "其他各处的登录都已结束。" in page
        assert "结束其他各处的登录" not in page, "there is none"
        assert [(await one.open("/units")).status_code for one in (there, third)] == [303, 303]
        assert (await here.open("/units")).status_code == 200


async def test_while_one_acts_for_another_the_page_says_so_and_offers_the_way_back(
    app: Litestar, county: Seeded
) -> None:
    async with browser(app) as owner, browser(app) as deputy:
        await owner.sign_in(county, "branch-secretary")
        await deputy.sign_in(county, "elsewhere")
        await appointed(owner, "elsewhere")
        given = (await owner.open("/me/deputies")).text
        assert "我委托的" in given
        assert "委托我的" not in given
        page = (await deputy.open("/me/deputies")).text
        assert "委托我的" in page
        assert "原因：外出学习" in page
        [act] = re.findall(r"/me/deputies/[0-9a-f-]{36}/act", page)
        begun = await deputy.submit(act)
        assert "现在代党支部书记办理" in (await deputy.open(begun.headers["location"])).text
        acting = (await deputy.open("/me/deputies")).text
        assert "您正在代别人办理" in acting
        assert act not in acting, "he acts already"
        assert "委托一位同志" not in acting, "nobody hands on what was handed to him"
        assert "东街" in (await deputy.open("/people")).text
        rested = await deputy.submit("/me/deputies/rest")
        assert "已结束代办，现在以您自己的身份办理。" in (await deputy.open(rested.headers["location"])).text
        assert "委托一位同志" in (await deputy.open("/me/deputies")).text
        assert act in (await deputy.open("/me/deputies")).text
        kept = await owner.submit(
            "/me/deputies", login="inspector", since=TODAY.isoformat(), last="2026-11-20", reason="倒着写的"
        )
        assert (kept.status_code, 'value="倒着写的"' in kept.text) == (422, True)


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"kind": "key"}, "kind", "请选择种类。"),
        ({"days": ""}, "days", "请填写有效天数。"),
        ({"days": "0"}, "days", "不能小于 1"),
        ({"days": "3.5"}, "days", "不是一个整数"),
        ({"days": "９９９９９９"}, "days", ""),
        ({"name": ""}, "name", ""),
        ({"scopes": []}, "scopes", ""),
        ({"scopes": ["policy.activate"]}, "scopes", ""),
    ],
)
async def test_a_token_that_cannot_be_is_not_made_and_keeps_what_was_typed(
    app: Litestar, county: Seeded, wrong: dict[str, object], field: str, said: str
) -> None:
    async with browser(app) as made:
        await made.sign_in(county, "department-organizer")
        await made.open("/me/tokens")
        typed = {
            "kind": "token",
            "name": "每周取一次",
            "days": "90",
            "scopes": ["person.view"],
            "read_only": "1",
            **wrong,
        }
        answer = await made.submit("/me/tokens", **typed)
        assert answer.status_code in (403, 422), answer.status_code
        if answer.status_code == 422:
            assert said in re.findall(rf'id="e-{field}">([^<]+)', answer.text)[0]
            assert f'value="{typed["name"]}"' in answer.text
            assert 'name="read_only" value="1" checked' in answer.text
        assert "每周取一次" not in "".join(
            re.findall(r"<th>([^<]+)</th>", (await made.open("/me/tokens")).text)
        )
