"""What somebody may do follows at once from what he holds and where things are: also for who is signed in already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

import pytest
from litestar import Litestar

from tenants.database.session import county_session, current_session
from tests.web.cases.seed import applicant, opened
from tests.web.conftest import TODAY, Browser, Seeded, account_of, browser, seed
from tests.web.test_attacks import call


class Place(NamedTuple):
    """A county of one test alone, with a running case at a branch."""

    county: Seeded
    person: UUID
    case: UUID


@pytest.fixture
async def place(app: Litestar, request: pytest.FixtureRequest) -> Place:
    """东街支部 under 城关镇党委."""
    name = f"c{abs(hash(request.node.name)) % 10**9}"
    county = await seed(name, f"{name}县", date(2026, 1, 1))
    async with county_session(county.id):
        await account_of("hexi", "committee-organizer", county.units["河西乡党委"], TODAY)
        person = await applicant(county, "流转人")
        return Place(county, person, await opened(county, person, date(2026, 10, 8)))


@pytest.fixture
async def admin(app: Litestar, place: Place) -> AsyncIterator[Browser]:
    """The county's administrator."""
    async with browser(app) as made:
        await made.sign_in(place.county, "department-admin")
        yield made


async def sees(made: Browser, place: Place) -> list[int]:
    """How the person, the case, and an act on it are answered."""
    version = {"step": "applicant-talk", "day": "2026-11-01", "version": 99}
    return [
        (await made.get(f"/people/{place.person}")).status_code,
        (await made.get(f"/cases/{place.case}")).status_code,
        (await made.get(f"/api/v1/cases/{place.case}")).status_code,
        (await call(made, "POST", f"/cases/{place.case}/records", version)).status_code,
    ]


NOT_THERE, STALE = [404] * 4, [200, 200, 200, 409]
NO_ROLE = [403] * 4
"""Who holds nothing any more gets no further than the door."""


async def test_a_role_taken_back_is_gone_with_the_next_request(
    app: Litestar, place: Place, admin: Browser
) -> None:
    async with browser(app) as secretary:
        await secretary.sign_in(place.county, "branch-secretary")
        assert await sees(secretary, place) == STALE
        account = place.county.accounts["branch-secretary"]
        async with county_session(place.county.id):
            grant = await current_session().fetchval("select id from holding where account_id = $1", account)
        await admin.open(f"/accounts/{account}")
        assert (await admin.submit(f"/accounts/{account}/grants/{grant}/end")).status_code == 303
        assert await sees(secretary, place) == NO_ROLE
        assert (await call(secretary, "GET", "/session")).json()["roles"] == []
        found = await secretary.get("/find?q=流转人")
        assert str(place.person) not in found.text
        given = {
            "role": "branch-secretary",
            "unit_id": str(place.county.units["东街支部"].id),
            "since": "2026-11-21",
        }
        assert (await call(admin, "POST", f"/accounts/{account}/grants", given)).status_code == 201
        assert await sees(secretary, place) == STALE


async def test_an_account_switched_off_is_out_of_the_api_too(
    app: Litestar, place: Place, admin: Browser
) -> None:
    async with browser(app) as secretary:
        await secretary.sign_in(place.county, "branch-secretary")
        account = place.county.accounts["branch-secretary"]
        assert (
            await call(admin, "POST", f"/accounts/{account}/active", {"active": False})
        ).status_code == 204
        assert (await secretary.get("/api/v1/session")).status_code == 401
        assert (await secretary.sign_in(place.county, "branch-secretary")).status_code == 401


async def test_a_unit_that_moves_takes_its_people_and_cases_out_of_one_sight_into_another(
    app: Litestar, place: Place, admin: Browser
) -> None:
    async with browser(app) as old, browser(app) as new, browser(app) as own:
        await old.sign_in(place.county, "committee-organizer")
        await new.sign_in(place.county, "hexi")
        await own.sign_in(place.county, "branch-secretary")
        assert [await sees(old, place), await sees(new, place)] == [STALE, NOT_THERE]
        move = {"version": 0, "parent_id": str(place.county.units["河西乡党委"].id), "day": "2026-11-20"}
        answer = await call(admin, "POST", f"/units/{place.county.units['东街支部'].id}/move", move)
        assert answer.status_code == 200, answer.text
        assert [await sees(old, place), await sees(new, place)] == [NOT_THERE, STALE]
        assert await sees(own, place) == STALE
        for made, listed in ((old, False), (new, True)):
            for path in ("/people?q=流转人", "/cases?q=流转人", "/find?q=流转人"):
                assert (
                    str(place.person) in (text := (await made.get(path)).text) or str(place.case) in text
                ) is listed


async def test_a_merged_branch_is_closed_to_its_officers_and_its_page_stays(
    app: Litestar, place: Place, admin: Browser
) -> None:
    """Across committees: its people are in the new branch, where only the new branch's officers find them."""
    gone, into = place.county.units["东街支部"].id, place.county.units["上河支部"].id
    merge = {"version": 0, "into_id": str(into), "day": "2026-11-20"}
    assert (await call(admin, "POST", f"/units/{gone}/merge", merge)).status_code == 200
    async with browser(app) as former, browser(app) as committee, browser(app) as elsewhere:
        await former.sign_in(place.county, "branch-secretary")
        await committee.sign_in(place.county, "committee-organizer")
        await elsewhere.sign_in(place.county, "elsewhere")
        assert await sees(former, place) == NO_ROLE
        assert await sees(committee, place) == NOT_THERE
        assert await sees(elsewhere, place) == STALE
        page = await committee.get(f"/units/{gone}")
        assert page.status_code == 200, "the unit that it went into is beyond his units; his own page is not"
        assert str(into) not in page.text
        entered = {"unit_id": str(gone), "draft": {"name": "新来的"}}
        answer = await call(committee, "POST", "/people", entered)
        assert (answer.status_code, "撤销" in answer.json()["sentence"]) == (409, True)
        assert (await call(former, "POST", "/people", entered)).status_code == 403
