"""Signing in through a provider: what a token must say, who enters a provider and a link, and who confirms it."""

from __future__ import annotations

import time
from uuid import UUID, uuid4

import pytest

from core.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from tenants.accounts.errors import SignInFailed
from tenants.accounts.oidc.flow import LEEWAY, begin, check, taken
from tenants.accounts.oidc.links import confirm, link, link_of, links_of, unlink
from tenants.accounts.oidc.providers import Provider, add, provider, providers, secret_of, switch
from tenants.accounts.service import change_password, create_account, set_active
from tenants.database import vault
from tenants.database.session import county_session
from tests.tenants.conftest import TODAY, Tree, acting

pytestmark = pytest.mark.anyio
ISSUER, CLIENT, NONCE = "https://sso.example.gov.cn", "dangwu", "n-0S6_WzA2Mj"
PLAIN = {
    "name": "统一认证",
    "issuer": ISSUER,
    "client_id": CLIENT,
    "secret": "s3cret",
    "home": "https://dangwu.example.gov.cn/",
}
Said = dict[str, object]


@pytest.fixture(autouse=True)
async def _sealed(one_connection: None) -> None:
    vault.install()


@pytest.fixture
async def admin(tree: Tree) -> Actor:
    return await acting(tree, "department-admin", tree.department)


async def made(tree: Tree, admin: Actor) -> Provider:
    async with county_session(tree.county):
        return await provider(await add(admin, **PLAIN))


def good(now: float) -> dict[str, object]:
    return {"iss": ISSUER, "sub": "1001", "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": NONCE}


@pytest.mark.parametrize(
    ("other", "good_one"),
    [
        ({}, True),
        ({"aud": [CLIENT]}, True),
        ({"aud": [CLIENT, "other"], "azp": CLIENT}, True),
        ({"aud": [CLIENT, "other"]}, False),
        ({"aud": [CLIENT, "other"], "azp": "other"}, False),
        ({"aud": "other"}, False),
        ({"aud": []}, False),
        ({"iss": f"{ISSUER}/"}, False),
        ({"iss": "https://evil.example.cn"}, False),
        ({"nonce": "another"}, False),
        ({"exp": -LEEWAY - 30}, False),
        ({"exp": -LEEWAY + 30}, True),
        ({"iat": LEEWAY + 30}, False),
        *(({missing: None}, False) for missing in ("iss", "sub", "aud", "exp", "iat", "nonce")),
    ],
)  # fmt: skip
async def test_a_token_is_of_this_provider_for_us_now_and_for_what_we_asked(
    other: Said, good_one: bool, tree: Tree, admin: Actor
) -> None:
    one, now = await made(tree, admin), time.time()
    moved = {
        name: now + value
        for name, value in other.items()
        if name in ("exp", "iat") and isinstance(value, int)
    }
    said = {name: value for name, value in (good(now) | other | moved).items() if value is not None}
    if good_one:
        check(one, said, nonce=NONCE)
    else:
        with pytest.raises(SignInFailed) as refused:
            check(one, said, nonce=NONCE)
        assert refused.value.code == "oidc-failed"


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"name": " \u200b"}, ["name"]),
        ({"client_id": ""}, ["client_id"]),
        ({"secret": ""}, ["secret"]),
        ({"issuer": "sso.example.gov.cn"}, ["issuer"]),
        ({"issuer": "ftp://sso.example.gov.cn"}, ["issuer"]),
        ({"issuer": f"{ISSUER}?a=1"}, ["issuer"]),
        ({"issuer": f"{ISSUER}#a"}, ["issuer"]),
        ({"issuer": "https://a:b@sso.example.gov.cn"}, ["issuer"]),
        ({"issuer": "https://sso.example.gov.cn:x"}, ["issuer"]),
        ({"issuer": "https://认证.cn"}, ["issuer"]),
        ({"issuer": "https://"}, ["issuer"]),
        ({"home": "https://dangwu example"}, ["home"]),
        ({"home": "", "issuer": ""}, ["issuer", "home"]),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_a_provider_is_said_at_its_field(
    wrong: dict[str, str], fields: list[str], tree: Tree, admin: Actor
) -> None:
    async with county_session(tree.county):
        with pytest.raises(Invalid) as refused:
            await add(admin, **PLAIN | wrong)
        assert [*refused.value.fields] == fields


async def test_who_enters_a_provider_and_what_is_kept_of_its_secret(
    tree: Tree, other_tree: Tree, admin: Actor
) -> None:
    organizer = await acting(tree, "department-organizer", tree.department)
    one = await made(tree, admin)
    async with county_session(tree.county) as session:
        assert (await secret_of(one), one.home) == ("s3cret", "https://dangwu.example.gov.cn")
        kept = await session.fetchval("select secret from oidc_provider where id = $1", one.id)
        assert b"s3cret" not in kept
        for refused in (add(organizer, **PLAIN), switch(organizer, one.id, False)):
            with pytest.raises(Forbidden):
                await refused
        with pytest.raises(NotFound):
            await switch(admin, uuid4(), False)
        await switch(admin, one.id, False)
        with pytest.raises(NotFound):
            await provider(one.id)
        assert one.id not in {each.id for each in await providers()}
        assert one.id in {each.id for each in await providers(active=False)}
        await switch(admin, one.id, True)
        await provider(one.id)
    async with county_session(other_tree.county):
        with pytest.raises(NotFound):
            await provider(one.id)


async def someone(tree: Tree, admin: Actor, login: str) -> tuple[UUID, str]:
    """An account in the branch, with its first password."""
    async with county_session(tree.county):
        new = await create_account(
            admin, login=login, name="李新", role="branch-secretary", unit_id=tree.branch, since=TODAY
        )
    return new.id, new.password


async def test_a_link_is_entered_by_one_and_confirmed_by_another(tree: Tree, admin: Actor) -> None:
    one = await made(tree, admin)
    account, password = await someone(tree, admin, "linked")
    other, given = await someone(tree, admin, "another")
    secretary = await acting(tree, "branch-secretary", tree.second_branch)
    async with county_session(tree.county):
        for subject in ("", "  ", "x" * 256, "a\nb"):
            with pytest.raises(Invalid) as wrong:
                await link(admin, account, one.id, subject, TODAY)
            assert "subject" in wrong.value.fields
        for who, which, error in ((admin, uuid4(), NotFound), (secretary, one.id, NotFound)):
            with pytest.raises(error):
                await link(who, account, which, "1001", TODAY)
        with pytest.raises(Forbidden):
            await link(admin, admin.id, one.id, "1001", TODAY)
        first = await link(admin, account, one.id, " 1001 ", TODAY)
        with pytest.raises(Conflict, match="已经关联了本县的一个账号"):
            await link(admin, other, one.id, "1001", TODAY)
        found = await link_of(one.id, "1001")
        assert found is not None
        assert (found.account_id, found.confirmed_at) == (account, None)
        assert await link_of(one.id, "1002") is None
        with pytest.raises(Conflict, match="管理员交给您的初始密码，不能用来确认关联"):
            await confirm(first, account)
        me = Actor(account, "李新")
        await change_password(me, password, "Qiu-Tian_2026")
        await change_password(Actor(other, "李新"), given, "Qiu-Tian_2027")
        with pytest.raises(NotFound):
            await confirm(first, other)
        await confirm(first, account)
        before = (await links_of(account))[0].confirmed_at
        await confirm(first, account)
        assert (await links_of(account))[0].confirmed_at == before is not None
        await set_active(admin, account, False, TODAY)
        assert await link_of(one.id, "1001") is None, "an account that is off is nobody"
        await set_active(admin, account, True, TODAY)
        for who, whose, which in ((admin, other, first), (admin, account, uuid4())):
            with pytest.raises(NotFound):
                await unlink(who, whose, which, TODAY)
        await unlink(admin, account, first, TODAY)
        assert (await link_of(one.id, "1001"), await links_of(account)) == (None, [])
        for gone in (unlink(admin, account, first, TODAY), confirm(first, account)):
            with pytest.raises(NotFound):
                await gone
        await link(admin, other, one.id, "1001", TODAY)


async def test_what_was_begun_in_one_browser_ends_in_no_other_and_once(
    tree: Tree, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenants.accounts.oidc import flow
    from tenants.accounts.oidc.discovery import Metadata

    async def said(one: Provider) -> Metadata:
        return Metadata(ISSUER, f"{ISSUER}/authorize", f"{ISSUER}/token", f"{ISSUER}/keys")

    monkeypatch.setattr(flow, "metadata", said)
    one = await made(tree, admin)
    asked = [await begin(one, tree.county, "lvyuan", "/people") for _ in range(3)]
    states = [begun.url.partition("state=")[2].partition("&")[0] for begun in asked]
    for part in ("response_type=code", f"client_id={CLIENT}", "code_challenge_method=S256", "nonce="):
        assert part in asked[0].url
    pending = await taken(states[0], asked[0].browser)
    assert (pending.county, pending.next, pending.provider) == (tree.county, "/people", one.id)
    for state, browser in ((states[0], asked[0].browser), ("x", asked[1].browser), ("", "")):
        with pytest.raises(SignInFailed, match="已经用过，或者等得太久"):
            await taken(state, browser)
    with pytest.raises(SignInFailed, match="不是从这个浏览器开始的"):
        await taken(states[1], asked[2].browser)
    with pytest.raises(SignInFailed, match="已经用过"):
        await taken(states[1], asked[1].browser)
