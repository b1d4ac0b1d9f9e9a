"""What lists of recent things show is what one may see, to a person whose units have nothing to do with it."""

from __future__ import annotations

from uuid import UUID

import pytest

from core.actor import Actor, Holding
from core.casework.queries import running_cases
from core.casework.workbench import recent_events
from core.database import fetchval
from core.register.roster.batch import batches, upload
from tenants.session import county_session
from tests.core.cases import begun
from tests.core.conftest import Clerks, with_roles
from tests.core.rosters import member, roster

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]


async def test_events_and_running_cases_elsewhere_are_not_told(clerks: Clerks) -> None:
    world = clerks.world
    far = with_roles("远支部书记", ("branch-secretary", world.far))
    async with county_session(world.county):
        case = await begun(clerks, "近处人")
        assert (await recent_events(world.secretary))[0].case_id == case
        assert await recent_events(far) == []
        people = [await fetchval("select person_id from case_file where id = $1", case)]
        assert await running_cases(world.secretary, people) == {people[0]: case}
        assert await running_cases(far, people) == {}


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
