"""A calendar by a secret link: one's own deadlines without names, as they may be seen now; revoked, it is gone."""

from __future__ import annotations

import re
from datetime import date

from icalendar import Calendar
from litestar import Litestar

from tenants.database.session import county_session, current_session
from tests.web.cases.seed import walked
from tests.web.conftest import Browser, Seeded, browser
from web.notices.feed import MOST_OF_ONE

LINK = re.compile(r"http://dangwu\.test(/calendar/[\w.-]+\.ics)")


async def made(owner: Browser) -> str:
    """A new link's path."""
    await owner.open("/notices/feeds")
    found = LINK.search((await owner.submit("/notices/feeds")).text)
    assert found
    return found[1]


async def test_a_calendar_from_its_link_to_its_end(
    app: Litestar, county: Seeded, other_county: Seeded, secretary: Browser, client: Browser
) -> None:
    async with county_session(county.id):
        case = await walked(county, "日历甲", "cultivation")
        await current_session().execute(
            "update case_file set next_due = $2 where id = $1", case, date(2026, 12, 30)
        )
    path = await made(secretary)
    answer = await client.get(path)
    assert answer.headers["content-type"].startswith("text/calendar")
    events = [
        one
        for one in Calendar.from_ical(answer.content).walk("VEVENT")
        if one.decoded("dtstart") == date(2026, 12, 30)
    ]
    assert len(events) == 1
    assert "东街支部" in str(events[0]["summary"])
    assert "日历甲" not in answer.text
    again = await client.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    county_hex = path.split("/")[2].partition(".")[0]
    for wrong in (
        path[:-6] + "xx.ics",
        path.replace(county_hex, other_county.id.hex),
        "/calendar/x",
        "/calendar/a.b.c",
    ):
        assert (await client.get(wrong)).status_code == 404, wrong
    async with browser(app) as stranger:
        await stranger.sign_in(county, "inspector")
        [revoke] = re.findall(
            r"/notices/feeds/[0-9a-f-]{36}/revoke", (await secretary.open("/notices/feeds")).text
        )
        await stranger.open("/notices/feeds")
        assert (await stranger.submit(revoke)).status_code == 404, "it is the other's"
    async with county_session(county.id) as session:
        account = county.accounts["branch-secretary"]
        await session.execute("update account set active = false where id = $1", account)
    assert (await client.get(path)).status_code == 404, "its owner has no account any more"
    async with county_session(county.id) as session:
        await session.execute("update account set active = true where id = $1", account)
    await secretary.sign_in(county, "branch-secretary")
    await secretary.open("/notices/feeds")
    assert (await secretary.submit(revoke)).status_code == 303
    assert (await client.get(path)).status_code == 404
    answers = [(await client.get("/calendar/often")).status_code for _ in range(MOST_OF_ONE + 1)]
    assert answers[-1] == 429
