"""What lists of recent things show is what one may see, to a person whose units have nothing to do with it."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from openpyxl import load_workbook

from core.actor import Actor, Holding
from core.casework.lists.cases import running_cases
from core.casework.lists.workbench import recent_events
from core.database import fetchval
from core.register.model import PersonDraft
from core.register.queries import PeopleFilter
from core.register.roster.batch import batches, upload
from core.register.roster.template import people_table
from core.register.service import enter
from core.sheets import written
from tenants.database.session import county_session
from tests.core.casework.cases import begun
from tests.core.conftest import TODAY, Clerks, with_roles
from tests.core.register.roster.rosters import member, roster

pytestmark = pytest.mark.anyio


async def test_events_and_running_cases_elsewhere_are_not_told(clerks: Clerks) -> None:
    world = clerks.world
    far = with_roles("远支部书记", ("branch-secretary", world.far))
    async with county_session(world.county):
        case = await begun(clerks, "近处人")
        assert (await recent_events(world.secretary))[0].case_id == case
        assert await recent_events(far) == []
        people = [await fetchval("select person_id from case_file where id = $1", case)]
        assert await running_cases(world.secretary, people, "admission") == {people[0]: case}
        assert await running_cases(far, people, "admission") == {}


async def test_imports_elsewhere_are_not_listed(clerks: Clerks) -> None:
    """Whatever level may import one day."""
    world = clerks.world
    held = Holding(
        "importer", "committee", world.other_town.id, world.other_town.path, frozenset({"register.import"})
    )
    other = Actor(UUID(int=5), "别处导入人", (held,))
    async with county_session(world.county):
        made = await upload(world.organizer, world.town.id, "名册.xlsx", roster([member(970)]))
        assert made in {one.id for one in await batches(world.organizer)}
        assert await batches(other) == []


async def test_who_sees_all_but_exports_one_committee_exports_that(clerks: Clerks) -> None:
    world = clerks.world
    both = with_roles("两处任职", ("inspector", world.department), ("committee-organizer", world.other_town))
    async with county_session(world.county):
        for unit, name in ((world.east, "不在导出"), (world.far, "正在导出")):
            await enter(world.organizer, unit.id, PersonDraft(name=name), TODAY)
        content = await written(people_table(both, PeopleFilter(), "核对名册"))
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    names = {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert "正在导出" in str(names)
    assert "不在导出" not in str(names)
