"""The web process from its start to its end."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from core.actor import Actor
from tenants.counties import open_county
from tenants.database.session import county_session
from tenants.listed import looked
from tests.conftest import Database
from tests.web.conftest import application

pytestmark = pytest.mark.anyio


async def test_it_ends_at_whatever_moment_of_its_start_it_is_asked_to(database: Database) -> None:
    """Connecting passes over being cancelled in one of these moments."""
    made = application()
    for turns in range(0, 12, 2):
        async with asyncio.timeout(30), made.lifespan():
            for _ in range(turns):
                await asyncio.sleep(0)


async def test_what_was_looked_at_is_written_down_before_it_ends(database: Database) -> None:
    made = application()
    async with made.lifespan():
        county = await open_county("benxian", "本县", date(2026, 1, 1))
        looked(county, Actor(county, "安"), "人员", "/people", (), 50, "10.0.0.1")
    async with made.lifespan(), county_session(county) as session:
        said = await session.fetch("select title from ledger_entry where verb = 'read.list'")
    assert [row["title"] for row in said] == ["查看名单：人员"]
