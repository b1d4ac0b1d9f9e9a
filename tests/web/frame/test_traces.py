"""No look at a file without its line in the reading log: also when the form that showed it was refused."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from litestar import Litestar

from tenants.database.session import county_session, current_session
from tests.web.cases.seed import applicant, opened
from tests.web.conftest import Browser, Seeded, browser

SHOWN_AGAIN = {
    "/people/{person}/reveal": "inspector",
    "/people/{person}/edit": "branch-secretary",
    "/cases/{case}/record/applicant-talk": "branch-secretary",
    "/cases/{case}/return": "branch-secretary",
    "/cases/{case}/facts": "branch-secretary",
    "/cases/{case}/notes": "branch-secretary",
}
"""Forms that show a person's file or case again when they are refused; and who sends them empty."""


@pytest.fixture(scope="module")
async def looked_at(county: Seeded) -> dict[str, UUID]:
    """Somebody with a running case."""
    async with county_session(county.id):
        person = await applicant(county, "被查阅人")
        return {"person": person, "case": await opened(county, person, date(2026, 10, 8))}


async def looks(county: Seeded, person: UUID) -> int:
    """How many looks are written down."""
    async with county_session(county.id):
        found: int = await current_session().fetchval(
            "select count(*) from ledger_entry where subject_id = $1 and verb like 'read.%'", person
        )
    return found


@pytest.mark.parametrize("address", SHOWN_AGAIN)
async def test_a_refused_form_that_shows_the_file_is_a_look(
    app: Litestar, county: Seeded, looked_at: dict[str, UUID], address: str
) -> None:
    before = await looks(county, looked_at["person"])
    async with browser(app) as made:
        await made.sign_in(county, SHOWN_AGAIN[address])
        await made.open("/units")
        answer = await made.submit(address.format(**looked_at))
    assert answer.status_code == 422
    assert "被查阅人" in answer.text
    assert await looks(county, looked_at["person"]) > before


async def test_what_the_form_asked_for_is_not_kept_with_it(secretary: Browser, county: Seeded) -> None:
    """Only the look stays: what was written before the refusal is undone."""
    taken = county.people["单雄信"]
    edit = f"/people/{taken}/edit"
    await secretary.open(edit)
    answer = await secretary.submit(edit, name="改了名", membership="full", joined="2020-01-01", version="0")
    assert answer.status_code in (403, 409, 422)
    assert "单雄信" in (await secretary.open(f"/people/{taken}")).text


async def test_reading_what_changed_is_a_look(secretary: Browser, county: Seeded) -> None:
    person = county.people["张三"]
    before = await looks(county, person)
    assert (await secretary.get(f"/api/v1/people/{person}/changes")).status_code == 200
    assert await looks(county, person) == before + 1
