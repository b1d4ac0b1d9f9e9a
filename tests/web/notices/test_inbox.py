"""An inbox through the front door: what is told to whom, once; one's own alone; names for who may see them now."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from uuid import UUID

from litestar import Litestar

from core.notices.inbox import tell, unread
from core.notices.model import Found
from tenants.accounts.access import actor_for
from tenants.database.session import county_session, current_session
from tenants.notices.produce import notify, remind, remind_these
from tenants.worker.tasks import enqueue_reminders
from tests.web.cases.seed import walked
from tests.web.conftest import TODAY, Browser, Seeded, account_of, browser
from tests.web.working import work

MORNING = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)


async def all_done(county: Seeded) -> None:
    """What waits for the worker, of notices."""
    for task in (notify, remind, remind_these):
        while await work(county, task):
            pass


async def count(county: Seeded, login: str) -> int:
    """How many notices an account has not read."""
    async with county_session(county.id):
        return await unread((await actor_for(county.accounts[login], TODAY)).actor)


async def test_who_has_to_review_is_told_once_and_reads_it(
    app: Litestar, county: Seeded, secretary: Browser
) -> None:
    async with county_session(county.id):
        case = await walked(county, "待审甲", "prospect-selection")
    await all_done(county)
    async with browser(app) as reviewer:
        await reviewer.sign_in(county, "committee-secretary")
        page = (await reviewer.open("/notices?which=unread")).text
        assert re.search(r"等您审查</a> <b>待审甲</b>", page), page
        assert re.search(
            r'href="/notices"[^>]*>.*?<span class="badge" title="有 \d 条消息未读"', page, re.DOTALL
        )
        [link] = re.findall(r'<a href="(/notices/[0-9a-f-]{36})">等您审查', page)
        assert (await secretary.open(link)).status_code == 404, "another account's"
        opened = await reviewer.open(link)
        assert opened.headers["location"] == f"/cases/{case}"
        before = await count(county, "committee-secretary")
        await _again(county, case)
        assert await count(county, "committee-secretary") == before, "an occasion is told once"
        await _unseen(county, case, reviewer)


async def _again(county: Seeded, case: UUID) -> None:
    async with county_session(county.id):
        await current_session().execute(
            "insert into outbox (message) select message from outbox where message ->> 'actor_name' = 'notify'"
            " order by id desc limit 1"
        )
    await all_done(county)


async def _unseen(county: Seeded, case: UUID, reviewer: Browser) -> None:
    """Somebody who may no longer see the case reads no name of it."""
    async with county_session(county.id) as session:
        await session.execute(
            "update holding set until = $2, ended_by = account_id, ended_at = now() where account_id = $1",
            county.accounts["committee-secretary"], TODAY,
        )  # fmt: skip
    page = (await reviewer.open("/notices")).text
    assert "待审甲" not in page
    assert "您现在不能查看它所说的事" in page


async def test_reminders_of_a_day_are_made_once_from_six_o_clock(county: Seeded, secretary: Browser) -> None:
    async with county_session(county.id):
        await walked(county, "到期乙", "prospect-consent")
        case = await walked(county, "到期丙", "cultivation")
        await current_session().execute(
            "update case_file set next_due = $2 where id = $1", case, date(2026, 11, 26)
        )
    assert await enqueue_reminders(datetime(2026, 11, 20, 21, 30, tzinfo=UTC)) == 0, "half past five in China"
    assert await enqueue_reminders(MORNING) >= 1
    assert await enqueue_reminders(MORNING) == 0
    await all_done(county)
    page = (await secretary.open("/notices")).text
    assert re.search(r"临近最迟日期</a> <b>到期丙</b>.*?2026-11-26<br>还有 5 天", page, re.DOTALL), page
    answer = await secretary.submit("/notices/settings", days="91")
    assert "0 至 90" in answer.text
    assert (await secretary.submit("/notices/settings", days="3")).status_code == 303
    assert 'value="3"' in (await secretary.open("/notices/settings")).text
    until = re.search(r'name="until" value="([^"]+)"', (await secretary.open("/notices")).text)
    assert until
    assert (await secretary.submit("/notices/read", until=until[1])).status_code == 303
    assert "没有未读的消息" in (await secretary.open("/notices?which=unread")).text


async def test_a_long_inbox_is_paged(app: Litestar, county: Seeded) -> None:
    async with county_session(county.id):
        account = await account_of("paged", "inspector", county.units["组织部"], TODAY)
        await tell(
            account, [Found(kind="export", occasion=f"x{n:03}", what=f"done:第{n:03}份") for n in range(120)]
        )
    async with browser(app) as reader:
        await reader.sign_in(county, "paged")
        seen, path = [], "/notices"
        while path:
            page = (await reader.open(path)).text
            seen += re.findall(r"第(\d{3})份", page)
            more = re.search(r'rel="next" href="([^"]+)"', page)
            path = more[1].replace("&amp;", "&") if more else ""
        assert "99+" in page
    assert len(seen) == len({*seen}) == 120
