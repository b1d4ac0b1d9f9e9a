"""An inbox through the front door: what is told to whom, once; one's own alone; names for who may see them now."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from uuid import UUID

from litestar import Litestar

from core.notices.inbox import tell, unread
from core.notices.model import Found
from core.organisation.service import UnitDraft, create
from tenants.accounts.access import actor_for
from tenants.database.session import county_session, current_session
from tenants.notices.produce import notify, remind, remind_one, remind_these
from tenants.worker.tasks import enqueue_reminders
from tests.web.cases.seed import walked
from tests.web.conftest import TODAY, Browser, Seeded, account_of, browser, everything
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


async def test_the_api_lists_reads_and_sets(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        await tell(
            county.accounts["branch-secretary"],
            [
                Found(kind="export", occasion="by-api", what="done:名单"),
                Found(kind="reset", occasion="r", what="password"),
            ],
        )
    headers = {"x-csrftoken": secretary.cookies["csrftoken"]}
    found = (await secretary.get("/api/v1/notices?which=unread")).json()
    [one] = [item for item in found["items"] if item["notice"]["kind"] == "export"]
    assert (one["title"], one["what"], one["href"]) == ("导出的文件已有结果", "名单已生成", "/exports")
    address = f"/api/v1/notices/{one['notice']['id']}/read"
    assert (await secretary.post(address, headers=headers)).json()["read_at"] is not None
    assert (await secretary.get("/api/v1/notices")).json()["unread"] == found["unread"] - 1
    until = {"until": datetime.now(UTC).isoformat()}
    read = (await secretary.post("/api/v1/notices/read", json=until, headers=headers)).json()
    assert read == {"count": found["unread"] - 1}
    wanted = {"mail": "daily", "mail_hour": 9, "unmailed": ["duty", "export"]}
    answer = await secretary.put("/api/v1/notices/settings", json=wanted, headers=headers)
    assert answer.json()["setting"]["unmailed"] == ["duty", "export"]
    refused = await secretary.put("/api/v1/notices/settings", json={"unmailed": ["reset"]}, headers=headers)
    assert (refused.status_code, [*refused.json()["fields"]]) == (422, ["unmailed"])
    assert (await secretary.get("/api/v1/notices/settings")).json()["setting"]["mail"] == "daily"


async def test_what_is_long_overdue_is_told_one_level_up(
    app: Litestar, county: Seeded, admin: Browser
) -> None:
    """Whoever is named right above the branch: once, and only after the county has said after how many days."""
    async with county_session(county.id) as session:
        case = await walked(county, "逾期丁", "cultivation")
        await session.execute("update case_file set next_due = $2 where id = $1", case, date(2026, 11, 1))
    await _reminded(county, "committee-organizer")
    async with browser(app) as above:
        await above.sign_in(county, "committee-organizer")
        assert "下级办理逾期" not in (await above.open("/notices")).text
        await admin.open("/notices/county")
        refused = await admin.submit("/notices/county/days", days="7", up_days="91")
        assert "1 至 90" in refused.text
        assert (await admin.submit("/notices/county/days", days="7", up_days="20")).status_code == 303
        for _ in range(2):
            await _reminded(county, "committee-organizer")
        page = (await above.open("/notices")).text
        assert len(re.findall(r"下级办理逾期</a> <b>逾期丁</b>", page)) == 1
    await _reminded(county, "branch-secretary")
    async with county_session(county.id) as session:
        told = "select count(*) from notice where kind = 'case-behind' and account_id <> $1"
        assert await session.fetchval(told, county.accounts["committee-organizer"]) == 0


async def test_the_end_of_a_temporary_branch_is_told_whoever_keeps_it(
    app: Litestar, county: Seeded, admin: Browser
) -> None:
    """30 days before, a week before, and when it is over; its secretary and right above, and a later day once more."""
    above = county.units["城关镇党委"].id
    draft = UnitDraft(
        kind="temporary-branch",
        name="城关镇抗旱临时党支部",
        task="抗旱",
        founded=TODAY,
        until=date(2026, 12, 25),
    )
    async with county_session(county.id):
        unit = await create(everything(), above, draft, TODAY)
        county.accounts["drought"] = await account_of("drought", "branch-secretary", unit, TODAY)

    async def told(login: str, day: date) -> list[str]:
        async with county_session(county.id) as session:
            before = await session.fetchval("select count(*) from notice")
            await remind_one(session, county.accounts[login], day)
            rows = await session.fetch("select kind, day from notice order by id offset $1", before)
            return [f"{row['kind']} {row['day']}" for row in rows if row["kind"].startswith("branch-")]

    ending = ["branch-ending 2026-12-25"]
    assert await told("drought", date(2026, 11, 24)) == [], "31 days before"
    for login in ("drought", "committee-organizer"):
        assert [await told(login, date(2026, 11, day)) for day in (25, 28)] == [ending, []]
        assert [await told(login, date(2026, 12, day)) for day in (18, 19)] == [ending, []]
    for login in ("branch-secretary", "elsewhere", "inspector", "department-organizer"):
        assert await told(login, date(2026, 12, 18)) == [], login
    async with county_session(county.id) as session:
        await session.execute("update unit set until = $2 where id = $1", unit.id, date(2026, 12, 20))
    assert await told("drought", date(2026, 12, 19)) == ["branch-ending 2026-12-20"]
    assert await told("drought", date(2026, 12, 21)) == ["branch-over 2026-12-20"]
    async with browser(app) as keeps:
        await keeps.sign_in(county, "drought")
        page = (await keeps.open("/notices")).text
        assert (
            len(
                re.findall(
                    r"临时党支部临近到期</a>\s*<span[^>]*>城关镇抗旱临时党支部</span>\s*<div>抗旱</div>", page
                )
            )
            == 3
        )
        assert "临时党支部到期没有撤销" in page
        [link, *_] = re.findall(r'<a href="(/notices/[0-9a-f-]{36})">临时党支部', page)
        assert (await keeps.open(link)).headers["location"] == f"/units/{unit.id}"
        line = rf'<a href="/units/{unit.id}">城关镇抗旱临时党支部</a>（抗旱）2026-12-20任务结束，<b class="">还有 29 天</b>'
        assert re.search(line, (await keeps.open("/")).text)
        await admin.open(f"/units/{unit.id}")
        gone = await admin.submit(
            f"/units/{unit.id}/dissolve", day="2026-11-21", version="0", seen=" 2026-11-21"
        )
        assert gone.status_code == 303, gone.text
        assert "城关镇抗旱临时党支部</a>（抗旱）" not in (await keeps.open("/")).text
    assert await told("committee-organizer", date(2026, 12, 21)) == []


async def _reminded(county: Seeded, login: str) -> None:
    async with county_session(county.id) as session:
        await remind_one(session, county.accounts[login], TODAY)


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
