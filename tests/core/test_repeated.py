"""What is asked again is planned once, answers the same, and has nothing in it but words."""

from __future__ import annotations

import pytest

from core import repeated
from core.repeated import fetch_repeated
from tenants.database.session import current_session, global_session
from tests.conftest import Database

pytestmark = pytest.mark.anyio

SQL = "select $2 || n as word from generate_series(1, 2) n where $1 = 'many' or n = 1"
WRITTEN = "select {} || n as word from generate_series(1, 2) n where {} = 'many' or n = 1"
KEPT = """select statement, generic_plans, custom_plans from pg_prepared_statements
    where statement ~ 'n as w[o]rd' order by prepare_time"""


async def asked(*args: object) -> list[str]:
    """What `SQL` answers."""
    return [row["word"] for row in await fetch_repeated(SQL, *args)]


async def planned() -> dict[str, tuple[int, int]]:
    """Statement → how often its plan was kept, and how often it was planned anew."""
    return {row[0]: (row[1], row[2]) for row in await current_session().fetch(KEPT)}


async def test_the_second_time_the_plan_is_kept(pool: Database) -> None:
    async with global_session():
        for _ in range(4):
            assert await asked("many", "/a1/b-2_c/") == ["/a1/b-2_c/1", "/a1/b-2_c/2"]
        assert await planned() == {
            SQL: (0, 1),
            WRITTEN.format("'/a1/b-2_c/'::text", "'many'::text"): (3, 0),
        }


@pytest.mark.parametrize("typed", ["it's", "张", "$1", "a b", "a\n", "\\", "A", "%"])
async def test_anything_but_a_word_stays_an_argument(pool: Database, typed: str) -> None:
    async with global_session():
        assert await asked("few", typed) == [f"{typed}1"]
        before = await planned()
        for _ in range(2):
            assert await asked("few", typed) == [f"{typed}1"]
        assert list(await planned()) == list(before)


async def test_those_asked_long_ago_are_forgotten(pool: Database) -> None:
    few, first, last = "'few'::text", "w0", f"w{repeated.MOST}"
    async with global_session():
        for number in range(repeated.MOST + 1):
            await asked("few", f"w{number}")
        await asked("few", last)
        await asked("few", first)
        found = await planned()
    assert WRITTEN.format(f"'{last}'::text", few) in found
    assert WRITTEN.format(f"'{first}'::text", few) not in found
