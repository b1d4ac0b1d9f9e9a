"""No look at a file without its line in the reading log: also when the form that showed it was refused."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
import pytest
from litestar import Litestar

from tenants.database.session import county_session, current_session
from tenants.listed import write_down
from tests.web.cases.seed import applicant, opened
from tests.web.conftest import Browser, Seeded, browser

SHOWN_AGAIN = {
    "/people/{person}/reveal": "department-organizer",
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


async def test_a_list_that_was_shown_is_in_the_ledger_without_a_name(
    organizer: Browser, admin: Browser, county: Seeded
) -> None:
    """Page and API, twice the same in one entry; what was sought is not written down."""
    await write_down()
    for address in ("/people?q=张三&membership=", "/people?q=张", "/api/v1/people", "/units"):
        assert (await organizer.get(address)).status_code == 200
    await write_down()
    async with county_session(county.id):
        rows = await current_session().fetch(
            "select by_id, title, said::json said from ledger_entry where verb = 'read.list' order by id desc limit 2"
        )
    found = {row["title"]: msgspec.json.decode(row["said"]) for row in rows}
    assert {row["by_id"] for row in rows} == {county.accounts["department-organizer"]}
    page, api = found["查看名单：党员名册"], found["查看名单：党员名册，每页 50 人"]
    assert (page["list"], page["filters"], page["times"]) == ("/people", ["q"], 2)
    assert (api["list"], api["filters"]) == ("/api/v1/people", [])
    assert api["lines"] >= 3
    assert "张" not in str(found).replace("页 50", "")
    log = (await admin.open("/accounts/log?kind=readings")).text
    assert "查看名单：党员名册，2 次，" in log
    assert "按查找筛选" in log
