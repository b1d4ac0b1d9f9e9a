"""Writing very many rows: the work grows with the rows, not with their square."""

from __future__ import annotations

from datetime import date

import asyncpg
import pytest

from core.bulk import insert_many, new_ids
from core.database import execute, fetchval
from core.organisation.service import UnitDraft, found
from tenants.counties import open_county
from tenants.database.session import county_session
from tests.conftest import Database
from tests.web.conftest import everything

pytestmark = pytest.mark.anyio

FORMER, ROWS = 45_000, 2_000
PEOPLE = ("id", "name", "py", "py_initials", "membership", "unit_id", "path")
FETCHED = "select idx_tup_fetch from pg_stat_xact_user_tables where relname = 'person'"


async def test_references_to_a_county_that_the_statistics_do_not_know(pool: Database) -> None:
    """The second county's first roster: each change refers to a person, who is found without reading all the others.

    The first county is so large that the index of the keys has a level more than that of the initials, which PostgreSQL
    takes for the cheaper one as long as it expects no people at all there.
    """
    day = date(2026, 1, 1)
    async with county_session(await open_county("former", "甲县", day)):
        top = await found(everything(), UnitDraft(kind="department", name="组织部"), day)
        await execute(
            "insert into person (name, py, py_initials, membership, unit_id, path)"
            " select '某' || n, 'mou' || n, 'm', 'full', $1, $2 from generate_series(1, $3) n",
            top.id, top.path, FORMER,
        )  # fmt: skip
    root = await asyncpg.connect(pool.superuser_url)
    await root.execute("analyze person")
    await root.close()
    async with county_session(await open_county("latter", "乙县", day)):
        top = await found(everything(), UnitDraft(kind="department", name="组织部"), day)
        ids = await new_ids(ROWS)
        people = [(one, f"某{n}", f"mou{n}", "m", "full", top.id, top.path) for n, one in enumerate(ids)]
        await insert_many("person", PEOPLE, people)
        before = await fetchval(FETCHED)
        changes = [(one, "entered", "{}", one, "某") for one in ids]
        await insert_many("person_change", ("person_id", "kind", "detail", "by_id", "by_name"), changes)
        assert await fetchval(FETCHED) - before <= 3 * ROWS
        order = await fetchval("select array_agg(person_id order by id) from person_change")
        assert order == ids
        assert await fetchval("select current_setting('plan_cache_mode')") == "force_custom_plan"
