"""Pushed messages: signed as each receiver has it, to allowed hosts alone, never inwards; set by the administrator."""

from __future__ import annotations

import asyncio
import gzip
import hmac
import re
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256

import httpx
import msgspec
import pytest

from tenants.counties import county_by_slug
from tenants.database.session import county_session
from tenants.ground import outgoing
from tenants.notices.hooks.forms import FORMS
from tenants.notices.hooks.push import push, push_daily, push_now
from tenants.queue.run import TaskFailed
from tenants.quotas import set_quotas
from tests.web.conftest import Browser, Seeded
from tests.web.notices.ear import Ear, Heard, listening
from tests.web.working import work

SECRET = "SEC-0123456789"
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)


def hmac64(key: str, text: bytes) -> str:
    """As the receivers reckon it."""
    return b64encode(hmac.new(key.encode(), text, sha256).digest()).decode()


def check(form: str, heard: Heard) -> str:
    """What was said, once its signature is right."""
    body = msgspec.json.decode(heard.body)
    match form:
        case "dingtalk":
            at = heard.query["timestamp"]
            assert len(at) == 13
            assert heard.query["sign"] == hmac64(SECRET, f"{at}\n{SECRET}".encode())
            return str(body["markdown"]["text"])
        case "feishu":
            assert body["sign"] == hmac64(f"{body['timestamp']}\n{SECRET}", b"")
            return str(body["content"]["text"])
        case "generic":
            of = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode() + heard.body
            assert heard.headers["webhook-signature"] == f"v1,{hmac64(SECRET, of)}"
            return str(body["text"])
    return str(body["markdown"]["content"])


async def entered(admin: Browser, form: str, url: str, mode: str = "once") -> httpx.Response:
    """As from the page."""
    await admin.open("/notices/county")
    fields = {"name": form, "form": form, "url": url, "secret": SECRET, "mode": mode}
    return await admin.submit("/notices/county", **fields)


async def test_each_receiver_gets_what_it_understands(
    county: Seeded, admin: Browser, secretary: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await secretary.open("/notices/county")).status_code == 403
    assert "还没有允许推送到任何主机" in (await admin.open("/notices/county")).text
    monkeypatch.setenv("DANGWU_HOOK_HOSTS", "hooks.example.gov.cn, 127.0.0.1")
    monkeypatch.setenv("DANGWU_INTRANET", "127.0.0.1/32")
    for url in (
        "https://evil.example.com/x",
        "https://127.0.0.1@evil.example.com/",
        "file:///etc/passwd",
        "x",
    ):
        assert (await entered(admin, "wecom", url)).status_code == 422, url
    async with listening() as ear:
        for form in FORMS:
            assert (
                await entered(admin, form, f"http://127.0.0.1:{ear.port}/robot/{form}?key=k")
            ).status_code == 303
        listed = (await admin.open("/notices/county")).text
        assert "key=k" not in listed
        assert SECRET not in listed
        async with county_session(county.id) as session:
            await push_now(session, {"a": "review", "b": "review", "c": "due", "mine": "reset"})
        ear.says('{"errcode": 0, "code": 0}')
        while await work(county, push):
            pass
        assert {one.path for one in ear.heard} == {f"/robot/{form}" for form in FORMS}
        for one in ear.heard:
            said = check(one.path.rpartition("/")[2], one)
            assert re.search(r"3 件事.*等您审查：2 件.*临近最迟日期：1 件", said, re.DOTALL), said
            assert one.query["key"] == "k"
        await _no_more_today(county, ear)
        await _refused(county, admin, ear)


async def _no_more_today(county: Seeded, ear: Ear) -> None:
    """What the operator allows in a day has gone out: nothing more does, and it is all in the inbox."""
    place = await county_by_slug(county.slug)
    await set_quotas(place, {"pushes": len(ear.heard)})
    async with county_session(county.id) as session:
        await push_now(session, {"later": "review"})
    heard = len(ear.heard)
    while await work(county, push):
        pass
    assert len(ear.heard) == heard
    await set_quotas(place, {"pushes": None})


async def _refused(county: Seeded, admin: Browser, ear: Ear) -> None:
    """A robot that says no, a redirect, an address that the operator allows no more: none counts as told."""
    links = re.findall(r"/notices/county/[0-9a-f-]{36}/active", (await admin.open("/notices/county")).text)
    for link in links:
        assert (await admin.submit(link)).status_code == 303
    assert (await entered(admin, "wecom", f"http://127.0.0.1:{ear.port}/no", "daily")).status_code == 303
    for content, head in (
        ('{"errcode": 93000}', "200 OK"),
        ("", "302 Found\r\nlocation: /elsewhere"),
        ("x" * 600_000, "200 OK"),
        (gzip.compress(b'{"errcode": 0}'), "200 OK\r\ncontent-encoding: gzip"),
    ):
        ear.heard.clear()
        ear.says(content, head)
        async with county_session(county.id) as session:
            await session.execute("update notice_hook set told_on = null where active")
            await session.execute(
                "insert into notice (account_id, kind, occasion, what, by_name, at)"
                " values ($1, 'due', uuidv7()::text, '', '', $2)",
                county.accounts["inspector"], NOON,
            )  # fmt: skip
            assert await push_daily(session, NOON) == 1
            assert await push_daily(session, NOON) == 0, "once a day"
        with pytest.raises(TaskFailed):
            await work(county, push)
        assert [one.path for one in ear.heard] == ["/no"]


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fe80::1",
     "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "224.0.0.1", "fec0::1", "::10.0.0.1"],
)  # fmt: skip
async def test_nothing_goes_inwards(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an allowed name is answered with: the address is looked at, and it alone is connected to."""
    monkeypatch.delenv("DANGWU_INTRANET", raising=False)

    async def answered(host: str, port: int, **_: object) -> list[object]:
        return [(0, 0, 0, "", (address, port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answered, raising=False)
    with pytest.raises(outgoing.OutgoingRefused, match="在内网"):
        await outgoing.fetch(
            "POST", "https://hooks.example.gov.cn/x", host="hooks.example.gov.cn", content=b"{}"
        )
