"""Mail by a real server: nothing before the mailbox is confirmed; kinds and a link, no names; quiet hours; trouble is seen."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email import message_from_string
from uuid import UUID

import pytest
from litestar import Litestar

from core.notices.inbox import tell
from core.notices.model import Found
from core.notices.settings import Setting
from tenants.counties import county_by_slug
from tenants.database.session import county_session
from tenants.notices.address import send_code
from tenants.notices.hourly import send_waiting
from tenants.notices.mail import send_mail
from tenants.queue.run import MOST_ATTEMPTS, TaskFailed
from tenants.quotas import set_quotas
from tests.web.conftest import TODAY, Browser, Seeded, account_of, browser
from tests.web.notices.post import Post, post_office
from tests.web.working import work

NOON, NIGHT = datetime(2026, 11, 21, 4, tzinfo=UTC), datetime(2026, 11, 21, 15, tzinfo=UTC)


def text_of(mail: str) -> str:
    """Subject and body as they are read."""
    read = message_from_string(mail.replace("\r\n", "\n"))
    body = read.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()


async def confirmed(reader: Browser, county: Seeded, post: Post) -> None:
    """The way to a confirmed mailbox."""
    await reader.open("/notices/settings")
    assert (
        "邮箱地址不正确"
        in (await reader.submit("/notices/settings/address", address="a@b\r\nBcc: c@d.cn")).text
    )
    assert (
        await reader.submit("/notices/settings/address", address="wang@example.gov.cn")
    ).status_code == 303
    assert await work(county, send_code)
    code = re.search(r"\d{6}", text_of(post.mails.pop()))
    assert code
    assert "验证码不对" in (await reader.submit("/notices/settings/code", code="x")).text
    assert (await reader.submit("/notices/settings/code", code=code[0])).status_code == 303
    assert "已确认" in (await reader.open("/notices/settings")).text


async def test_mail_from_the_mailbox_to_its_end(
    app: Litestar, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with county_session(county.id):
        account = await account_of("mailed", "inspector", county.units["组织部"], TODAY)
    async with browser(app) as reader, post_office() as post:
        await reader.sign_in(county, "mailed")
        assert "还没有设置发信服务器" in (await reader.open("/notices/settings")).text
        monkeypatch.setenv("DANGWU_SMTP", f"smtp://127.0.0.1:{post.port}")
        monkeypatch.setenv("DANGWU_MAIL_FROM", "dangwu@example.gov.cn")
        monkeypatch.setenv("DANGWU_HOME", "https://dangwu.example.gov.cn/")
        async with county_session(county.id):
            await tell(account, [Found(kind="reset", occasion="before")])
        await confirmed(reader, county, post)
        chosen = {"mail": "once", "mail_hour": "8", "quiet_from": "22", "quiet_until": "7"}
        assert (await reader.submit("/notices/settings", **chosen)).status_code == 303
        assert await send_waiting(NOON) == 0, "what had come before is not mailed"
        async with county_session(county.id):
            told = [Found(kind="review", occasion=f"r{n}", what="x", by_name="李桂兰") for n in range(2)]
            await tell(account, [*told, Found(kind="plan", occasion="p", what="approve:计划")])
        assert await send_waiting(NIGHT) == 0, "eleven at night in China"
        assert await send_waiting(NOON) == await send_waiting(NOON) == 1
        post.busy = True
        with pytest.raises(TaskFailed):
            await work(county, send_mail)
        assert not post.mails
        post.busy = False
        await work(county, send_mail)
        [mail] = post.mails
        said = text_of(mail)
        assert "等您审查 2 条" in said
        assert "年度计划已有结论 1 条" in said
        assert "https://dangwu.example.gov.cn/notices" in said
        assert "李桂兰" not in said
        await _held_back(county, account, post)
        await _given_up(county, account, reader, post)
        await reader.submit("/notices/settings/address/remove")
        assert "wang@example" not in (await reader.open("/notices/settings")).text


async def _held_back(county: Seeded, account: UUID, post: Post) -> None:
    """Beyond what goes out on a day, to him or in the county, a mail waits; nothing of it is lost."""
    place, sent = await county_by_slug(county.slug), len(post.mails)
    async with county_session(county.id):
        await tell(account, [Found(kind="plan", occasion="q", what="approve:计划")])
    assert await send_waiting(NOON) == 1
    for quota in ("mails_of_one", "mails"):
        await set_quotas(place, {quota: 1})
        assert await send_waiting(NOON) == 0, quota
        await work(county, send_mail)
        assert len(post.mails) == sent, "called for before, and held back all the same"
        await set_quotas(place, {quota: None})
        assert await send_waiting(NOON) == 1
    await work(county, send_mail)
    assert "年度计划已有结论 1 条" in text_of(post.mails[-1])


async def _given_up(county: Seeded, account: object, reader: Browser, post: Post) -> None:
    """What can never be delivered is set aside, and its owner reads so."""
    async with county_session(county.id) as session:
        await session.execute(
            "update outbox set sent_at = now() where message ->> 'actor_name' = 'send_mail'"
        )
        await tell(account, [Found(kind="reset", occasion="later")])  # type: ignore[arg-type]
    post.busy = True
    assert await send_waiting(NOON) == 1
    for _ in range(MOST_ATTEMPTS):
        async with county_session(county.id) as session:
            await session.execute(
                "update outbox set sent_at = null where id = (select id from outbox"
                " where message ->> 'actor_name' = 'send_mail' order by id desc limit 1)"
            )
        with pytest.raises(TaskFailed):
            await work(county, send_mail)
    assert "没有送到您的邮箱" in (await reader.open("/notices/settings")).text


@pytest.mark.parametrize(
    ("hour", "mailed_on", "sends"),
    [
        (7, None, False),
        (8, None, True),
        (12, date(2026, 11, 20), True),
        (12, TODAY, False),
        (23, None, False),
        (3, None, False),
    ],
)
def test_a_digest_goes_once_a_day_out_of_quiet_hours(hour: int, mailed_on: date | None, sends: bool) -> None:
    wanted = Setting(mail="daily", mail_hour=8, quiet_from=22, quiet_until=6)
    assert wanted.sends(hour, TODAY, mailed_on) is sends
