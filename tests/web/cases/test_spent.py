"""A case is judged once for a request and the judgement handed on; a request sends few statements.

One of those of a page counts what waits for the person, for the rail; the API and forms that are sent do without.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tenants.database.session import county_session
from tests.web.cases.seed import applicant, do, opened, walked
from tests.web.conftest import TODAY, Browser, Seeded
from tests.web.spent import Spent, spending

TALK = {"talk.with": "applicant", "documents.*": "talk-record-five-points", "as": "branch", "version": "1"}
RETURN = {"step": "applicant-talk", "reason": "谈话记录不全", "day": TODAY.isoformat()}


async def fresh(county: Seeded, name: str) -> UUID:
    """A case with its application only."""
    async with county_session(county.id):
        return await opened(county, await applicant(county, name), date(2026, 11, 2))


async def looked_at(client: Browser, path: str) -> Spent:
    """What a page costs that has been looked at before: nothing is compiled or cached any more."""
    assert (await client.open(path)).status_code == 200
    with spending() as spent:
        assert (await client.open(path)).status_code == 200
    return spent


async def test_a_look_at_a_case_judges_it_once(secretary: Browser, county: Seeded) -> None:
    case = await fresh(county, "看一次")
    for path in ("", "/history", "/record/applicant-talk"):
        spent = await looked_at(secretary, f"/cases/{case}{path}")
        assert (spent.judged, len(spent.statements)) == (1, 7), f"{path}: {spent}"
    spent = await looked_at(secretary, f"/api/v1/cases/{case}")
    assert (spent.judged, len(spent.statements)) == (1, 6), spent


async def test_what_comes_next_is_asked_of_the_day_on_which_a_waiting_ends(
    secretary: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        case = await walked(county, "公示中", "prospect-consent")
        await do(county, case, "prospect-notice", date(2026, 11, 20))
    spent = await looked_at(secretary, f"/cases/{case}")
    assert (spent.judged, len(spent.statements)) == (2, 7), spent


async def test_a_record_judges_the_case_before_and_after(secretary: Browser, county: Seeded) -> None:
    case = await fresh(county, "记一次")
    await secretary.open(f"/cases/{case}/record/applicant-talk")
    with spending() as spent:
        answer = await secretary.submit(f"/cases/{case}/record/applicant-talk", day=TODAY.isoformat(), **TALK)
    assert answer.status_code == 303, answer.text
    assert (spent.judged, len(spent.statements)) == (2, 14), spent


async def test_a_record_of_an_earlier_day_is_judged_on_that_day_alone_if_nothing_turns_since(
    secretary: Browser, county: Seeded
) -> None:
    case = await fresh(county, "补记一次")
    await secretary.open(f"/cases/{case}/record/applicant-talk")
    with spending() as spent:
        answer = await secretary.submit(f"/cases/{case}/record/applicant-talk", day="2026-11-12", **TALK)
    assert answer.status_code == 303, answer.text
    assert (spent.judged, len(spent.statements)) == (2, 14), spent


async def test_where_time_has_changed_something_since_it_is_judged_today_too(
    secretary: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "逾期补记"), date(2026, 10, 10))
    await secretary.open(f"/cases/{case}/record/applicant-talk")
    with spending() as spent:
        answer = await secretary.submit(f"/cases/{case}/record/applicant-talk", day="2026-10-30", **TALK)
    assert answer.status_code == 303, answer.text
    assert spent.judged == 3, spent


async def test_sending_back_judges_the_case_before_and_after(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await walked(county, "退回一次", "applicant-talk")
    spent = await looked_at(secretary, f"/cases/{case}/return")
    assert (spent.judged, len(spent.statements)) == (1, 7), spent
    with spending() as spent:
        answer = await secretary.submit(f"/cases/{case}/return", version="2", **RETURN)
    assert answer.status_code == 303, answer.text
    assert (spent.judged, len(spent.statements)) == (2, 14), spent


async def test_lists_judge_nothing(secretary: Browser, county: Seeded) -> None:
    await fresh(county, "列一次")
    for path, statements in (("/cases", 9), ("/api/v1/cases", 3), ("/", 10)):
        spent = await looked_at(secretary, path)
        assert spent.judged == 0, path
        assert len(spent.statements) <= statements, f"{path}: {spent}"
