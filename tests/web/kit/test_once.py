"""A form is taken once, wherever it is: pressing again, or Back and pressing, leads to what came of it the first time."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from tenants.database.session import county_session, current_session
from tests.web.cases.seed import applicant, opened
from tests.web.conftest import Browser, Seeded

pytestmark = pytest.mark.anyio


def token(page: str) -> str:
    """The token of the last form of a page."""
    return str(re.findall(r'name="_once" value="([0-9a-f-]{36})"', page)[-1])


async def entries(county: Seeded, case: Any) -> int:
    """How many entries a case has."""
    async with county_session(county.id):
        return int(
            await current_session().fetchval("select count(*) from case_entry where case_id = $1", case)
        )


async def test_pressing_again_does_nothing_twice_and_leads_to_the_first(
    secretary: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "冯一次"))
    page = (await secretary.open(f"/cases/{case}/history")).text
    fields = {"note": "同一句话", "_once": token(page)}
    first = await secretary.submit(f"/cases/{case}/notes", **fields)
    again = await secretary.submit(f"/cases/{case}/notes", **{**fields, "note": "改了一个字也是同一张表单"})
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"]
    assert "没有再办一次" in (await secretary.open(again.headers["location"])).text
    assert await entries(county, case) == 2


async def test_of_two_that_come_at_once_one_is_taken(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "冯同时"))
    fields = {"note": "按了两下", "_once": token((await secretary.open(f"/cases/{case}/history")).text)}
    answers = await asyncio.gather(
        *(secretary.submit(f"/cases/{case}/notes", **fields) for _ in range(4))
    )  # fmt: skip
    assert {one.status_code for one in answers} == {303}
    assert await entries(county, case) == 2


async def test_what_was_refused_can_be_sent_again(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "冯改正"))
    fields = {"_once": token((await secretary.open(f"/cases/{case}/history")).text)}
    assert (await secretary.submit(f"/cases/{case}/notes", **fields, note="")).status_code == 422
    assert (await secretary.submit(f"/cases/{case}/notes", **fields, note="补上了")).status_code == 303
    assert await entries(county, case) == 2


async def test_another_person_s_token_leads_nowhere_of_his(
    secretary: Browser, organizer: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "冯他人"))
    fields = {"note": "我的", "_once": token((await secretary.open(f"/cases/{case}/history")).text)}
    await secretary.submit(f"/cases/{case}/notes", **fields)
    await organizer.open(f"/cases/{case}/history")
    taken = await organizer.submit(f"/cases/{case}/notes", **fields)
    assert (taken.status_code, taken.headers["location"]) == (303, "/")
    assert await entries(county, case) == 2


async def test_every_form_of_a_page_has_a_token_of_its_own(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "冯各自"))
    found = re.findall(
        r'name="_once" value="([0-9a-f-]{36})"', (await secretary.open(f"/cases/{case}/history")).text
    )
    assert len(found) == len(set(found)) >= 1
