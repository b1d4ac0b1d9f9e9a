"""By which way somebody is told, when, and what is never sent: mailboxes, digests, addresses of groups, calendars."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from core.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.notices.inbox import tell
from core.notices.model import ALWAYS, KINDS, Found
from core.notices.settings import (
    USUAL_DAYS,
    Setting,
    county_days,
    county_rule,
    save_setting,
    set_county_days,
    setting,
)
from tenants.accounts.errors import TooManyAttempts
from tenants.accounts.service import set_active
from tenants.accounts.throttle import FAILURES_PER_ACCOUNT
from tenants.accounts.tokens import revoke_all
from tenants.counties import county_by_slug, open_county, resume_county, suspend_county
from tenants.database import vault
from tenants.database.session import county_session, current_session, owner_session
from tenants.notices import address, mail
from tenants.notices.address import CODE_MINUTES, box, confirm, enter, send_code
from tenants.notices.feed import MOST as MOST_FEEDS
from tenants.notices.feed import feeds, make_feed, read_feed, revoke_feed
from tenants.notices.hooks.push import OWN, push, push_daily, push_now
from tenants.notices.hooks.service import MOST, add, hooks, opened, switch
from tenants.notices.hourly import send_waiting
from tenants.notices.mail import call_mails, send_mail
from tenants.quotas import set_quotas, warn_everywhere
from tests.tenants.conftest import TODAY, Tree, acting, plant
from tests.tenants.queue.test_outbox import run

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
"""Twelve in China."""
HOST = "hooks.example.gov.cn"
Sent = list[tuple[str, str, str]]
"""To whom, subject, text."""


@pytest.fixture(autouse=True)
async def post(one_connection: None, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What is handed in to the operator's server, which there is."""
    vault.install()
    sent: Sent = []

    async def handed_in(to: str, subject: str, text: str, mark: str) -> None:
        sent.append((to, subject, text))

    for name, value in (("SMTP", "smtp://127.0.0.1:1"), ("MAIL_FROM", "a@b.cn"), ("HOME", "https://d.cn")):
        monkeypatch.setenv(f"DANGWU_{name}", value)
    monkeypatch.setenv("DANGWU_HOOK_HOSTS", f" {HOST.upper()} , other.example.gov.cn")
    for module in (address, mail):
        monkeypatch.setattr(module, "send", handed_in)
    return sent


@pytest.fixture
async def reader(tree: Tree) -> Actor:
    return await acting(tree, "branch-secretary", tree.branch)


async def code_for(tree: Tree, reader: Actor, post: Sent, to: str = "zhang@example.gov.cn") -> str:
    """He enters an address, and the code goes there."""
    async with county_session(tree.county):
        await enter(reader, to, NOON)
    await run(send_code, tree.county, uuid4(), account=str(reader.id))
    assert post[-1][0] == to
    return post[-1][1][-6:]


async def mailed(tree: Tree, reader: Actor, post: Sent, **wanted: object) -> None:
    """He has a confirmed mailbox, and wants mail so."""
    code = await code_for(tree, reader, post)
    async with county_session(tree.county):
        await confirm(reader, code, NOON)
        await save_setting(reader, Setting(**{"mail": "once"} | wanted))  # type: ignore[arg-type]
    post.clear()


async def told(reader: Actor, *kinds: str) -> None:
    await tell(reader.id, [Found(kind=kind, occasion=uuid4().hex) for kind in kinds])


async def calls(tree: Tree, reader: Actor, hour: int = 12, day: int = 21) -> int:
    """How many mails are called for to him in this hour of China."""
    moment = datetime(2026, 11, day, hour, tzinfo=UTC) - timedelta(hours=8)
    async with county_session(tree.county) as session:
        return await call_mails(session, moment, reader.id)


async def test_a_mailbox_is_used_once_its_code_has_come_back(tree: Tree, reader: Actor, post: Sent) -> None:
    code = await code_for(tree, reader, post)
    async with county_session(tree.county) as session:
        known = await box(reader.id)
        assert (known.address, known.confirmed, known.waits) == ("zhang@example.gov.cn", False, True)
        row = await session.fetchrow(
            "select address, code from notice_setting where account_id = $1", reader.id
        )
        assert row is not None
        assert b"zhang" not in row["address"]
        assert code.encode() not in row["code"]
        for wrong in ("", "x", f"{code}0", code[:-1]):
            with pytest.raises(Invalid, match="验证码不对") as refused:
                await confirm(reader, wrong, NOON)
            assert "code" in refused.value.fields
        await confirm(reader, f" {code} ", NOON)
        assert (await box(reader.id)).confirmed
        with pytest.raises(Invalid):
            await confirm(reader, code, NOON)
    await run(send_code, tree.county, uuid4(), account=str(reader.id))
    assert len(post) == 1, "who is confirmed gets no further code"


async def test_a_code_is_good_for_half_an_hour_and_for_its_own_address(
    tree: Tree, reader: Actor, post: Sent
) -> None:
    first = await code_for(tree, reader, post, "wrong@example.gov.cn")
    second = await code_for(tree, reader, post, "right@example.gov.cn")
    async with county_session(tree.county):
        if first != second:
            with pytest.raises(Invalid):
                await confirm(reader, first, NOON)
    async with owner_session(tree.county) as session:
        left = await session.fetchval(
            "select code_until - now() from notice_setting where account_id = $1", reader.id
        )
        assert timedelta(minutes=CODE_MINUTES - 1) < left <= timedelta(minutes=CODE_MINUTES)
        await session.execute("update notice_setting set code_until = now() where account_id = $1", reader.id)
    async with county_session(tree.county):
        assert not (await box(reader.id)).waits
        with pytest.raises(Invalid, match="已经过期"):
            await confirm(reader, second, NOON)
        await address.remove(reader)
        assert (await box(reader.id)).address == ""
    await run(send_code, tree.county, uuid4(), account=str(reader.id))
    assert len(post) == 2, "nobody is left to send one to"


async def test_nobody_fills_a_strangers_mailbox_with_codes_nor_guesses_one(
    tree: Tree, reader: Actor, post: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with county_session(tree.county):
        for wrong in ("", "zhang", "a@b.cn\r\nBcc: c@d.cn"):
            with pytest.raises(Invalid, match="邮箱地址不正确"):
                await enter(reader, wrong, NOON)
        for _ in range(FAILURES_PER_ACCOUNT):
            await enter(reader, "stranger@example.gov.cn", NOON)
        with pytest.raises(TooManyAttempts):
            await enter(reader, "stranger@example.gov.cn", NOON)
        for _ in range(FAILURES_PER_ACCOUNT):
            with pytest.raises(Invalid):
                await confirm(reader, "000000", NOON)
        with pytest.raises(TooManyAttempts):
            await confirm(reader, "000000", NOON)
        monkeypatch.delenv("DANGWU_SMTP")
        with pytest.raises(Conflict, match="还没有设置发信服务器"):
            await enter(reader, "zhang@example.gov.cn", NOON)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"days": -1}, "days"), ({"days": 91}, "days"), ({"mail": "hourly"}, "mail"), ({"mail_hour": 24}, "mail_hour"),
        ({"quiet_from": 24, "quiet_until": 1}, "quiet_from"), ({"quiet_from": 1}, "quiet_until"),
        ({"quiet_until": 1}, "quiet_until"), ({"unmailed": ("plan", "plan")}, "unmailed"),
        ({"unmailed": ("weather",)}, "unmailed"), *(({"unmailed": (kind,)}, "unmailed") for kind in sorted(ALWAYS)),
    ],
)  # fmt: skip
async def test_what_cannot_be_wanted_is_said_at_its_field(
    wrong: dict[str, object], field: str, tree: Tree, reader: Actor
) -> None:
    async with county_session(tree.county):
        with pytest.raises(Invalid) as refused:
            await save_setting(reader, Setting(**wrong))  # type: ignore[arg-type]
        assert [*refused.value.fields] == [field]
        assert await setting(reader.id) == Setting()
        full = Setting(days=90, mail="daily", mail_hour=23, quiet_from=0, quiet_until=23, unmailed=("plan",))
        await save_setting(reader, full)
        assert await setting(reader.id) == full


async def test_only_what_is_new_unread_and_wanted_is_mailed(tree: Tree, reader: Actor, post: Sent) -> None:
    async with county_session(tree.county):
        await told(reader, "plan")
    await mailed(tree, reader, post, unmailed=("export",), quiet_from=22, quiet_until=7)
    assert await calls(tree, reader) == 0, "what had come before is not mailed"
    async with county_session(tree.county):
        await told(reader, "export")
    assert await calls(tree, reader) == 0, "he wants no mail of these"
    async with county_session(tree.county):
        await told(reader, "review", "review", "reset")
    assert (await calls(tree, reader, 22), await calls(tree, reader, 6)) == (0, 0)
    assert await calls(tree, reader, 7) == 1
    async with county_session(tree.county) as session:
        await session.execute(
            "update notice set read_at = now() where account_id = $1 and kind = 'reset'", reader.id
        )
    for _ in range(2):  # called for twice, the second finds nothing
        await run(send_mail, tree.county, uuid4(), account=str(reader.id), today="2026-11-21")
    [(to, subject, text)] = post
    assert (to, subject) == ("zhang@example.gov.cn", "【党务】您有 2 条新消息")
    assert f"  {KINDS['review']} 2 条\n" in text
    assert KINDS["reset"] not in text
    assert KINDS["export"] not in text
    assert "请登录查看：https://d.cn/notices" in text
    assert await calls(tree, reader) == 0


Stops = Callable[[Tree, Actor], Awaitable[None]]


async def _off(tree: Tree, reader: Actor) -> None:
    async with county_session(tree.county):
        await save_setting(reader, Setting(mail="off"))


async def _removed(tree: Tree, reader: Actor) -> None:
    async with county_session(tree.county):
        await address.remove(reader)


async def _other_address(tree: Tree, reader: Actor) -> None:
    async with county_session(tree.county):
        await enter(reader, "new@example.gov.cn", NOON)


async def _switched_off(tree: Tree, reader: Actor) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    async with county_session(tree.county):
        await set_active(admin, reader.id, False, TODAY)


@pytest.mark.parametrize("stops", [_off, _removed, _other_address, _switched_off])
async def test_to_whom_no_mail_goes_any_more(stops: Stops, tree: Tree, reader: Actor, post: Sent) -> None:
    await mailed(tree, reader, post)
    async with county_session(tree.county):
        await told(reader, "review")
    assert await calls(tree, reader) == 1
    await stops(tree, reader)
    assert await calls(tree, reader) == 0
    if stops in (_removed, _other_address):  # called for before, and sent to nobody
        await run(send_mail, tree.county, uuid4(), account=str(reader.id), today="2026-11-21")
        assert post == []


async def test_a_digest_goes_once_a_day(tree: Tree, reader: Actor, post: Sent) -> None:
    await mailed(tree, reader, post, mail="daily", mail_hour=9)
    async with county_session(tree.county):
        await told(reader, "review")
    assert (await calls(tree, reader, 8), await calls(tree, reader, 9)) == (0, 1)
    await run(send_mail, tree.county, uuid4(), account=str(reader.id), today="2026-11-21")
    async with county_session(tree.county):
        await told(reader, "plan")
    assert (await calls(tree, reader, 23), await calls(tree, reader, 9, 22)) == (0, 1)


async def test_while_a_county_is_shut_nothing_piles_up(one_connection: None, post: Sent) -> None:
    """Else the groups would get a digest for each of its days at once, and everybody a mail for each hour."""
    slug = f"c{uuid4().hex[:12]}"
    place = await plant(await open_county(slug, slug, TODAY))
    reader, admin = [
        await acting(place, role, place.department) for role in ("department-organizer", "department-admin")
    ]
    await mailed(place, reader, post)
    async with county_session(place.county) as session:
        await add(admin, **PLAIN | {"mode": "daily"})
        await told(reader, "review")
        at = await session.fetchval("select now()")
        link = await make_feed(reader)
    view = await county_by_slug(slug)
    await set_quotas(view, {"accounts": 1})
    called = "select count(*) from outbox where message ->> 'actor_name' in ('push', 'send_mail')"

    async def hours(*later: int) -> tuple[int, int]:
        """What is called for, and told of quotas, once so many hours have passed."""
        for hour in later:
            moment = at.replace(hour=4) + timedelta(hours=hour)
            await send_waiting(moment)
            await warn_everywhere(moment)
        async with county_session(place.county) as session:
            told_of = await session.fetchval("select count(*) from notice where kind = 'quota'")
            return await session.fetchval(called), told_of

    await suspend_county(slug, "合同到期")
    assert await hours(0, 1, 24, 25, 48) == (0, 0)
    with pytest.raises(NotFound):
        await read_feed(link, TODAY)
    await resume_county(slug)
    assert await hours(2) == (2, 1), "a mail and a digest, once"
    await read_feed(link, TODAY)


async def test_how_long_before_a_deadline_the_county_reminds(tree: Tree) -> None:
    admin = await acting(tree, "department-admin", tree.department, "管理员")
    async with county_session(tree.county):
        for days, up_days, field in (
            (-1, None, "days"),
            (91, None, "days"),
            (7, 0, "up_days"),
            (7, 91, "up_days"),
        ):
            with pytest.raises(Invalid) as refused:
                await set_county_days(admin, days, up_days)
            assert [*refused.value.fields] == [field]
        assert ((await county_rule()).by_name, await county_days()) == (None, USUAL_DAYS)
        await set_county_days(admin, 0, 1)
        found = await county_rule()
        assert (found.days, found.up_days, found.by_name, await county_days()) == (0, 1, "管理员", 0)


URL = f"https://{HOST}/robot?key=1"
PLAIN = {"name": "组织工作群", "form": "wecom", "url": URL, "secret": "", "mode": "once"}


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"name": " \u200b "}, "name", "请填写名称"),
        ({"name": "群" * 31}, "name", "30 个字以内"),
        ({"form": "telegram"}, "form", "请选择种类"),
        ({"form": "dingtalk", "secret": "short"}, "secret", "8 至 200 个字符"),
        ({"form": "dingtalk", "secret": "s" * 201}, "secret", "8 至 200 个字符"),
        ({"mode": "weekly"}, "mode", "请选择什么时候推送"),
        ({"url": "hooks.example.gov.cn/x"}, "url", "以 https:// 开头"),
        ({"url": f"ftp://{HOST}/x"}, "url", "以 https:// 开头"),
        ({"url": f"https://a:b@{HOST}/x"}, "url", "以 https:// 开头"),
        ({"url": f"https://{HOST}:0/x"}, "url", "以 https:// 开头"),
        ({"url": f"https://{HOST}:99999/x"}, "url", "以 https:// 开头"),
        ({"url": f"https://{HOST}/x y"}, "url", "以 https:// 开头"),
        ({"url": f"https://{HOST}/字"}, "url", "以 https:// 开头"),
        ({"url": f"https://{HOST}/{'x' * 500}"}, "url", "以 https:// 开头"),
        ({"url": "https://169.254.169.254/latest"}, "url", "“169.254.169.254”不在平台允许推送的主机之列"),
        ({"url": f"https://{HOST}.evil.cn/x"}, "url", f"现在允许：{HOST}、other.example.gov.cn。"),
        ({"url": f"https://evil.cn/{HOST}"}, "url", "“evil.cn”不在"),
    ],
)  # fmt: skip
async def test_where_nothing_is_pushed_to(
    wrong: dict[str, str], field: str, says: str, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    async with county_session(tree.county):
        before = len(await hooks(admin))
        with pytest.raises(Invalid, match=says) as refused:
            await add(admin, **PLAIN | wrong)
        assert [*refused.value.fields] == [field]
        assert len(await hooks(admin)) == before
        monkeypatch.delenv("DANGWU_HOOK_HOSTS")
        with pytest.raises(Invalid, match="请平台运行维护人员把接收推送的主机列为允许的"):
            await add(admin, **PLAIN)


async def pushes(of: UUID) -> int:
    found: int = await current_session().fetchval(
        "select count(*) from outbox where message ->> 'actor_name' = 'push' and message -> 'kwargs' ->> 'hook' = $1",
        str(of),
    )
    return found


async def test_who_enters_an_address_and_what_goes_there(tree: Tree, reader: Actor) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    async with county_session(tree.county) as session:
        await session.execute("delete from notice")
        made = await add(admin, **PLAIN | {"url": f" {URL.upper().replace('KEY', 'key')} "})
        daily = await add(admin, **PLAIN | {"name": "每日", "mode": "daily"})
        for refused in (add(reader, **PLAIN), hooks(reader)):
            with pytest.raises(Forbidden):
                await refused
        for who, which in ((reader, made), (admin, uuid4())):
            with pytest.raises(NotFound, match="没有找到这个推送地址"):
                await switch(who, which, False)
        row = await session.fetchrow("select host, url from notice_hook where id = $1", made)
        assert row is not None
        assert row["host"] == HOST
        assert b"ROBOT" not in row["url"], "whoever reads the table cannot write into the group"
        await push_now(session, {uuid4().hex: kind for kind in OWN})
        assert await pushes(made) == 0, "what concerns somebody alone is nothing for a group"
        await push_now(session, {"a": "review", "b": "plan"})
        assert (await pushes(made), await pushes(daily)) == (1, 0)
        await switch(admin, made, False)
        assert await opened(made) is None
        await push_now(session, {"c": "review"})
        assert await pushes(made) == 1
        await tell(reader.id, [Found(kind="review", occasion="d")])
        await tell(admin.id, [Found(kind="review", occasion="d"), Found(kind=OWN[0], occasion="own")])
        morning = await session.fetchval("select now()")
        at = [morning.replace(hour=hour, minute=59, second=0) for hour in (23, 0)]
        assert await push_daily(session, at[0] - timedelta(days=1)) == 0, "just before eight in China"
        sent = await push_daily(session, at[1].replace(minute=0) + timedelta(days=1))
        assert (sent, await pushes(daily)) == (1, 1)
        assert await push_daily(session, at[1] + timedelta(days=1, hours=3)) == 0, "once a day"
        counts = await session.fetchval(
            "select message -> 'kwargs' ->> 'counts' from outbox where message -> 'kwargs' ->> 'hook' = $1", str(daily)
        )  # fmt: skip
        assert counts == '{"review": 1}', "told to two, it is one thing"
    await run(push, tree.county, uuid4(), hook=str(made), mark="x", counts={"review": 1})


async def test_so_many_addresses_and_no_more(tree: Tree, other_tree: Tree) -> None:
    admin = await acting(other_tree, "department-admin", other_tree.department)
    async with county_session(other_tree.county):
        for number in range(MOST):
            await add(admin, **PLAIN | {"name": f"群{number}"})
        with pytest.raises(Conflict, match="已经登记了 10 个推送地址"):
            await add(admin, **PLAIN)


async def test_a_calendar_by_its_link_alone_until_it_is_revoked(
    tree: Tree, other_tree: Tree, reader: Actor
) -> None:
    other = await acting(tree, "branch-secretary", tree.second_branch)
    links = []
    for _ in range(MOST_FEEDS):
        async with county_session(tree.county):
            links.append(await make_feed(reader))
    async with county_session(tree.county):
        with pytest.raises(Conflict, match="您已有 5 个日历链接"):
            await make_feed(reader)
        listed = await feeds(reader)
        assert [one.id.hex for one in listed] == [link.split(".")[1] for link in reversed(links)]
        assert (await feeds(other), listed[0].used_at) == ([], None)
        with pytest.raises(NotFound):
            await revoke_feed(other, listed[0].id)
    county, one, secret = links[-1].split(".")
    assert await read_feed(links[-1], TODAY) == []
    for wrong in (
        "", "x", "..", f"{county}.{one}", f"{county}.{one}.", f"{county}.{one}.{secret}x", f"{county}.{uuid4().hex}.{secret}",
        f"{other_tree.county.hex}.{one}.{secret}",
    ):  # fmt: skip
        with pytest.raises(NotFound, match="没有这个日历"):
            await read_feed(wrong, TODAY)
    async with county_session(tree.county):
        assert (await feeds(reader))[0].used_at is not None
        await revoke_feed(reader, listed[0].id)
        with pytest.raises(NotFound):
            await revoke_feed(reader, listed[0].id)
    with pytest.raises(NotFound):
        await read_feed(links[-1], TODAY)
    await read_feed(links[0], TODAY)
    async with county_session(tree.county):
        await revoke_all(reader.id)
    for link in links:
        with pytest.raises(NotFound):
            await read_feed(link, date(2026, 11, 22))
