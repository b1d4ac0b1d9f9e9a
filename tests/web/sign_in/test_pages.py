"""Signing in: what works, what is refused and in which words."""

from __future__ import annotations

import pytest
from litestar import Litestar

from tenants.accounts.throttle import FAILURES_PER_ACCOUNT
from tenants.database.session import county_session, current_session
from tenants.ground.redis import redis_client
from tests.web.conftest import PASSWORD, Browser, Seeded, browser
from web.sign_in.pages import safe_next

WRONG = "登录名或密码不正确，或账号已停用。"


async def test_who_has_not_signed_in_is_sent_to_the_gate_and_back(client: Browser, county: Seeded) -> None:
    answer = await client.open("/units?q=城关")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2Funits%3Fq%3D")
    answer = await client.sign_in(county, "department-admin")
    assert (answer.status_code, answer.headers["location"]) == (303, "/units")
    answer = await client.open("/units")
    assert answer.status_code == 200
    assert "东河县" in answer.text


async def test_the_county_is_remembered_on_this_machine(
    client: Browser, county: Seeded, other_county: Seeded
) -> None:
    await client.sign_in(other_county, "inspector")
    await client.submit("/sign-out")
    page = await client.open("/sign-in")
    assert '<option value="xishan" selected>' in page.text


@pytest.mark.parametrize(
    ("login", "password"),
    [("committee-organizer", "Wrong-2026-xx"), ("nobody", PASSWORD), ("committee-organizer", "x" * 5000)],
)
async def test_a_wrong_login_and_a_wrong_password_get_the_same_words(
    client: Browser, county: Seeded, login: str, password: str
) -> None:
    answer = await client.sign_in(county, login, password)
    assert answer.status_code == 401
    assert WRONG in answer.text
    assert password not in answer.text, "a password is never shown again"
    assert f'value="{login}"' in answer.text, "the login stays as it was typed"
    assert "dangwu-session" not in client.cookies


async def test_a_refused_sign_in_can_be_gone_back_to_and_says_no_more(app: Litestar, county: Seeded) -> None:
    """A browser keeps no page that answers a POST; who there is stays untold, and what was typed for a password is nowhere."""
    async with browser(app) as made, browser(app) as other:
        await made.open(gate := "/sign-in?next=%2Funits")
        wrong = {"county": county.slug, "password": "Wrong-2026-xx", "next": "/units"}
        for login in ("committee-organizer", "nobody"):
            first = await made.press("/sign-in", gate, **wrong, login=login)
            address = str(first.url).removeprefix("http://dangwu.test")
            assert address.startswith(f"{gate}&answer=")
            for answer in (first, await made.open(address)):
                assert (answer.status_code, WRONG in answer.text) == (401, True)
                assert f'value="{login}"' in answer.text
                assert wrong["password"] not in answer.text
        await other.open("/sign-in")
        gone = await other.open(address)
        assert (gone.status_code, gone.headers["location"]) == (303, gate), "another browser finds the form"
        lying = [key async for key in redis_client().scan_iter("answer:gate:*")]
        kept = str([await redis_client().get(key) for key in lying])
        assert lying
        assert not any(said in kept for said in (wrong["password"], "nobody"))
        typed = {**wrong, "login": "committee-organizer", "password": PASSWORD}
        assert (await made.press("/sign-in", address, **typed)).url.path == "/units"


async def test_an_account_that_is_off_gets_the_same_words_too(client: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        await current_session().execute(
            "update account set active = false where login = 'committee-secretary'"
        )
    answer = await client.sign_in(county, "committee-secretary")
    assert answer.status_code == 401
    assert WRONG in answer.text


async def test_what_was_left_empty_is_named(client: Browser, county: Seeded) -> None:
    await client.open("/sign-in")
    answer = await client.submit("/sign-in", county="", login=" ", password="")
    assert answer.status_code == 422
    for sentence in ("请填写您所在的县（市、区）。", "请填写登录名。", "请填写密码。"):
        assert sentence in answer.text


async def test_an_unknown_county_is_a_sentence(client: Browser, county: Seeded) -> None:
    await client.open("/sign-in")
    answer = await client.submit("/sign-in", county="nowhere", login="a.b", password="x")
    assert answer.status_code == 422
    assert "没有找到这个县" in answer.text


async def test_guessing_is_slowed_down(app: Litestar, county: Seeded) -> None:
    async with browser(app) as made:
        for _ in range(FAILURES_PER_ACCOUNT):
            assert (await made.sign_in(county, "branch-organizer", "Wrong-2026-xx")).status_code == 401
        answer = await made.sign_in(county, "branch-organizer")
        assert answer.status_code == 429
        assert "登录尝试次数过多，已暂停受理。" in answer.text


async def test_signing_out_ends_it(client: Browser, county: Seeded) -> None:
    await client.sign_in(county, "inspector")
    kept = client.cookies["dangwu-session"]
    await client.open("/units")
    answer = await client.submit("/sign-out")
    assert answer.headers["location"] == "/sign-in"
    client.cookies.set("dangwu-session", kept, domain="dangwu.test")
    answer = await client.open("/units")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Funits&expired=1")


async def test_a_password_set_by_others_must_be_changed_first(client: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        await current_session().execute(
            "update account set must_change_password = true where login = 'inspector'"
        )
    await client.sign_in(county, "inspector")
    answer = await client.open("/units")
    assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    assert (await client.get("/api/v1/units")).json()["code"] == "own-password-first"
    await client.open("/password")
    answer = await client.submit("/password", old=PASSWORD, password="short", again="other")
    assert answer.status_code == 422
    assert "两次输入的新密码不一致。" in answer.text
    answer = await client.submit("/password", old=PASSWORD, password="short", again="short")
    assert "密码不符合要求" in answer.text
    answer = await client.submit("/password", old=PASSWORD, password="Qingshan#9182", again="Qingshan#9182")
    assert answer.status_code == 303
    page = await client.open("/units")
    assert page.status_code == 200
    assert "密码已修改。" in page.text
    assert "密码已修改。" not in (await client.open("/units")).text, "a notice is shown once"
    for old, new, says in (
        ("Qingshan#9182", PASSWORD, "最近用过的密码"),
        ("Qingshan#9182", "P@ssw0rd-1990", "与常见密码相近"),
    ):
        answer = await client.submit("/password", old=old, password=new, again=new)
        assert (answer.status_code, says in answer.text) == (422, True)


async def test_sign_ins_are_listed_and_ended_one_by_one_or_all(app: Litestar, county: Seeded) -> None:
    async with browser(app) as here, browser(app) as phone, browser(app) as old:
        for made, agent in (
            (here, "Chrome/120 Windows NT 10"),
            (phone, "MicroMessenger Android"),
            (old, "x"),
        ):
            made.headers["user-agent"] = agent
            assert (await made.sign_in(county, "committee-organizer")).status_code == 303
        listed = (await here.get("/api/v1/session/sign-ins")).json()["items"]
        devices = {one["device"]: one for one in listed}
        assert set(devices) == {"Chrome，Windows", "微信，安卓", "其他程序"}
        assert [one["device"] for one in listed if one["here"]] == ["Chrome，Windows"]
        page = (await here.open("/me")).text
        assert all(device in page for device in devices)
        ended = await here.submit(f"/me/sign-ins/{devices['微信，安卓']['id']}/end")
        assert ended.status_code == 303
        assert (await phone.open("/units")).status_code == 303
        assert (await old.open("/units")).status_code == 200
        assert (await here.submit(f"/me/sign-ins/{devices['Chrome，Windows']['id']}/end")).status_code == 404
        await here.submit("/me/sign-ins/end")
        assert (await old.open("/units")).status_code == 303
        assert len((await here.get("/api/v1/session/sign-ins")).json()["items"]) == 1
        async with browser(app) as admin:
            await admin.sign_in(county, "department-admin")
            await admin.open("/accounts")
            await admin.submit(f"/accounts/{county.accounts['committee-organizer']}/sign-outs")
        assert (await here.open("/units")).headers["location"].endswith("expired=1")


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/people?q=x", "/people?q=x"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/sign-in?next=/", "/"),
        ("/api/v1/units", "/"),
        ("/units\r\nset-cookie: a=b", "/"),
        ("", "/"),
    ],
)
async def test_the_way_back_stays_inside(wanted: str, given: str) -> None:
    assert safe_next(wanted) == given
