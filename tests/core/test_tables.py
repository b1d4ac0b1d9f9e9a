"""The Piccolo tables say what the migrations made: no column missing, none too many, and they work inside a session."""

from __future__ import annotations

from piccolo.table import Table

from core.casework import tables as casework
from core.database import fetch
from core.files import tables as files
from core.organisation import tables as organisation
from core.register import tables as register
from tenants.database.session import county_session
from tests.core.conftest import World

TABLES = [
    value
    for module in (organisation, register, files, casework)
    for value in vars(module).values()
    if isinstance(value, type) and issubclass(value, Table) and value is not Table
]
BY_THE_DATABASE = {"tenant_id", "name2", "name3", "due_key", "created_at"}
"""Columns that nobody writes: the session, a generated expression or a default fills them."""


async def test_declared_tables_are_the_tables_of_the_database(world: World) -> None:
    """Column by column."""
    async with county_session(world.county):
        for table in TABLES:
            rows = await fetch(
                "select column_name from information_schema.columns where table_name = $1",
                table._meta.tablename,
            )
            declared = {column._meta.name for column in table._meta.columns}
            assert {row["column_name"] for row in rows} - BY_THE_DATABASE == declared, table


async def test_they_answer_inside_a_session(world: World) -> None:
    """Bound to the county like everything else."""
    async with county_session(world.county):
        names = await organisation.Unit.select(organisation.Unit.name).where(
            organisation.Unit.kind == "department"
        )
        assert names == [{"name": "绿园区县委组织部"}]
