"""A search that finds thousands shows some of them and says so; what is typed further finds the one."""

from __future__ import annotations

import pytest

from core.register.queries import MOST_GATHERED
from tenants.database.session import county_session
from tests.web.conftest import Browser, Seeded

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module", autouse=True)
async def _many(county: Seeded) -> None:
    branch = county.units["东街支部"]
    async with county_session(county.id) as session:
        await session.execute(
            "insert into person (name, py, py_initials, unit_id, path, membership)"
            " select '张' || chr(20000 + i), 'zhang' || i, 'z', $1, $2, 'full' from generate_series(1, $3::int) i",
            branch.id, branch.path, MOST_GATHERED + 10,
        )  # fmt: skip


async def test_a_surname_that_thousands_have_is_not_listed_whole(organizer: Browser, county: Seeded) -> None:
    page = (await organizer.open("/people?q=张")).text
    assert "符合“张”的有 1,000 人以上，下面只列出其中 50 人。请多打一个字或拼音再查找" in page
    assert "after=" not in page
    answer = (await organizer.get("/api/v1/people?q=张")).json()
    assert (answer["limited"], answer["next"], len(answer["items"])) == (True, None, 50)


async def test_one_more_character_finds_the_one(organizer: Browser, county: Seeded) -> None:
    page = (await organizer.open(f"/people?q=张{chr(20007)}")).text
    assert "共 1 人，" in page
    assert "人以上" not in page


async def test_the_list_itself_goes_on_to_its_end(organizer: Browser, county: Seeded) -> None:
    page = (await organizer.open("/people")).text
    assert f"{MOST_GATHERED + 13:,}" in page
    assert "after=" in page
