"""One's own file: by an account, and by a link that opens once, for one person, for a short while."""

from __future__ import annotations

import re

import pytest
from litestar import Litestar

from tenants.accounts.capabilities import CAPABILITIES
from tenants.counties import resume_county, suspend_county
from tenants.database.session import county_session, current_session
from tests.web.conftest import Browser, Seeded, browser
from web.own.pages import MOST


async def _link(secretary: Browser, person: str) -> str:
    """The path of a new link."""
    await secretary.open(f"/people/{person}/own-links")
    answer = await secretary.submit(f"/people/{person}/own-links")
    found = re.search(r"http://dangwu\.test(/own/[^<]+)<", answer.text)
    assert found, answer.text
    assert "<svg" in answer.text
    return found[1]


async def test_a_link_opens_once_for_its_person_and_shows_who_has_looked(
    app: Litestar, secretary: Browser, admin: Browser, county: Seeded, other_county: Seeded
) -> None:
    person = str(county.people["张三"])
    await secretary.open(f"/people/{person}")
    path = await _link(secretary, person)
    secret = path.rsplit(".", 1)[1]
    elsewhere = f"/own/{other_county.id.hex}.{secret}"
    async with browser(app) as himself, browser(app) as other:
        assert (await himself.open(elsewhere)).status_code == 404, "the same secret in another county"
        assert (await himself.open("/own")).status_code == 404
        asked = await himself.open(path)
        assert "张三" not in asked.text, "before it is opened it does not say whose it is"
        assert (await himself.open(path)).status_code == 200, "reading the address does not use it up"
        opened = await himself.submit(path)
        assert (opened.status_code, opened.headers["location"]) == (303, "/own")
        cookie = opened.headers["set-cookie"].lower()
        assert "path=/own" in cookie
        assert "httponly" in cookie
        shown = (await himself.open("/own")).text
        assert "张三" in shown
        assert "谁看过我的档案" in shown
        assert "查看档案" in shown
        assert "区分同名的人" in shown, "what is held of him, and why"
        assert "登记到" in shown
        assert (await himself.open("/people")).status_code == 303, "it opens nothing else"
        assert (await himself.submit(path)).status_code == 404, "once"
        await other.open("/sign-in")
        assert (await other.press(path, path)).status_code == 404
        await himself.submit("/own")
        assert (await himself.open("/own")).status_code == 404, "closed"
    assert CAPABILITIES["identity.reveal"] in (await admin.open("/accounts/kept")).text
    assert (await secretary.get("/accounts/kept")).status_code == 403
    log = (await admin.open("/accounts/log")).text
    assert "给本人开查阅档案的链接" in log
    assert "本人打开链接查阅档案" in log
    assert secret not in log
    async with county_session(county.id):
        kept = await current_session().fetchval("select string_agg(l::text, '') from own_link l")
    assert secret not in kept


async def test_a_link_is_revoked_runs_out_and_is_counted(
    app: Litestar, secretary: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = str(county.people["㛃丽"])
    paths = [await _link(secretary, person) for _ in range(3)]
    refused = await secretary.submit(f"/people/{person}/own-links")
    assert refused.status_code == 409
    assert "已有 3 个链接还没有打开" in refused.text
    listed = (await secretary.get(f"/api/v1/people/{person}/own-links")).json()["items"]
    async with browser(app) as himself:
        await himself.open(paths[1])
        await himself.submit(paths[1])
        assert "㛃丽" in (await himself.open("/own")).text
        for one in listed[:2]:
            await secretary.submit(f"/people/{person}/own-links/{one['id']}/revoke")
        assert (await himself.open("/own")).status_code == 404, "a look ends with its link"
        assert (await himself.open(paths[2])).status_code == 404
        assert (await himself.open(paths[0])).status_code == 200
        await suspend_county(county.slug, "合同到期")
        assert (await himself.open(paths[0])).status_code == 404, "a suspended county is shut"
        await resume_county(county.slug)
        assert (await himself.open(paths[0])).status_code == 200
        async with browser(app) as organizer:
            await organizer.sign_in(county, "branch-organizer")
            assert "own-links" not in (await organizer.open(f"/people/{person}")).text
            refused = await organizer.open(f"/people/{person}/own-links")
            assert refused.status_code == 403, "it would show him sanctions"
        monkeypatch.setattr("tenants.own.DAYS", 1e-9)
        assert (await himself.open(await _link(secretary, person))).status_code == 404, "it has run out"
        for _ in range(MOST):
            last = await himself.open("/own")
        assert last.status_code == 429


async def test_an_account_that_says_whose_it_is_leads_to_ones_own_file(
    secretary: Browser, county: Seeded
) -> None:
    assert (await secretary.open("/me/file")).status_code == 404
    belongs = "update account set person_id = $1 where id = $2"
    async with county_session(county.id):
        await current_session().execute(belongs, county.people["单雄信"], county.accounts["branch-secretary"])
    assert "/me/file" in (await secretary.open("/me")).text
    shown = (await secretary.open("/me/file")).text
    async with county_session(county.id):
        await current_session().execute(belongs, None, county.accounts["branch-secretary"])
    assert "单雄信" in shown
    assert "11010519491231002X" not in shown
    assert "经过" in shown
