"""A person's file corrected, with what follows from it for his case, and what follows from the case alone."""

from __future__ import annotations

from datetime import date

import pytest

from core.casework.access import access_case
from core.casework.carry import people_with_cases
from core.changes.correct import correct
from core.database import fetchrow, fetchval
from core.errors import Conflict, Forbidden, Stale
from core.register.model import PersonDraft, Ties
from core.register.roster.judge import ground_of
from core.register.roster.rows import Given
from core.register.service import FOLLOWS_CASE
from core.transfers.settle import taken_up
from tenants.database.session import county_session
from tests.core.conftest import TODAY, Clerks, RegimeFor, World, applicant, resident_id


async def test_two_people_correct_one_file(world: World, regime_for: RegimeFor) -> None:
    """The second gets what changed."""
    async with county_session(world.county):
        person = await applicant(world, "改档人")
        draft = PersonDraft(name="改档人", born=date(1995, 3, 2), job="教师")
        assert await correct(world.secretary, person, draft, 0, TODAY, regime_for) == ("job",)
        with pytest.raises(Stale) as stale:
            await correct(world.secretary, person, draft, 0, TODAY, regime_for)
        assert stale.value.changes == ("李书记修改了工作岗位。",)
        assert await correct(world.secretary, person, draft, 1, TODAY, regime_for) == ()


async def test_a_corrected_name_reaches_the_cases(
    world: World, clerks: Clerks, regime_for: RegimeFor
) -> None:
    """Lists of cases sort by the name as it is."""
    async with county_session(world.county):
        person = await applicant(world, "张误名")
        written = await clerks.open(person, date(2026, 6, 1), TODAY)
        draft = PersonDraft(name="章正名", born=date(1995, 3, 2), membership="applicant")
        await correct(world.secretary, person, draft, 1, TODAY, regime_for)
        row = await fetchrow("select person_name, py, name2 from case_file where id = $1", written.case_id)
        assert tuple(row or ()) == ("章正名", "zhang zheng ming", "正名")


async def test_what_somebody_is_follows_from_his_case(
    world: World, clerks: Clerks, regime_for: RegimeFor
) -> None:
    """A branch makes nobody a member by typing; with a case nobody does; a roster neither."""
    number = resident_id(date(1995, 3, 2), 41)
    async with county_session(world.county):
        with pytest.raises(Forbidden, match="由县委组织部登记"):
            await applicant(world, "自称党员", membership="full")
        person = await applicant(world, "进程人", national_id=number)
        draft = PersonDraft(name="进程人", national_id=number, membership="full")
        with pytest.raises(Forbidden):
            await correct(world.secretary, person, draft, 0, TODAY, regime_for)
        await clerks.open(person, date(2026, 6, 1), TODAY)
        with pytest.raises(Conflict, match="随办理进程变更"):
            await correct(world.organizer, person, draft, 1, TODAY, regime_for)
        given = Given(2, {**roster_values(draft), "unit": world.east.name})
        ties = Ties(people_with_cases, taken_up)
        ground = await ground_of([given], world.department.path, TODAY, ties)
        [verdict] = (await ground.judging([given]))()
        assert [(fault.column, fault.sentence) for fault in verdict.faults] == [("人员类别", FOLLOWS_CASE)]


def roster_values(draft: PersonDraft) -> dict[str, object]:
    """The three cells of a roster that say who somebody is and what."""
    return {"name": draft.name, "national_id": draft.national_id, "membership": draft.membership}


async def test_a_corrected_birth_date_is_judged_again(
    world: World, clerks: Clerks, regime_for: RegimeFor
) -> None:
    """The case reads it from the register, and stands otherwise at once."""
    async with county_session(world.county):
        person = await applicant(world, "改生日人")
        case = await clerks.open(person, date(2026, 6, 1), TODAY)
        draft = PersonDraft(name="改生日人", born=date(2010, 1, 1), membership="applicant")
        assert await correct(world.organizer, person, draft, 1, TODAY, regime_for) == ("born",)
        assert (await access_case(world.organizer, case.case_id)).born == date(2010, 1, 1)
        reasons = await fetchval("select reasons from case_file where id = $1", case.case_id)
        assert "eligibility.age" in reasons
