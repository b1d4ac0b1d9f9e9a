"""What names a person either goes along when two files are made one, or stays for a written reason."""

from __future__ import annotations

from core.changes.goes import GOES, STAYS
from tenants.database.session import county_session, current_session
from tests.core.conftest import World


async def test_every_table_that_names_a_person_is_on_one_of_the_lists(world: World) -> None:
    async with county_session(world.county):
        rows = await current_session().fetch(
            "select distinct conrelid::regclass::text name from pg_constraint"
            " where contype = 'f' and confrelid = 'person'::regclass"
        )
    assert {row["name"] for row in rows} == GOES.keys() | STAYS.keys()
    assert not GOES.keys() & STAYS.keys()
