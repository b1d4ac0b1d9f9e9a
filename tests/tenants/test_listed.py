"""Lists that were looked at come into the ledger a moment later, one entry each, also where the database was away meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from core.actor import Actor
from core.ending import end
from core.ledger.note import Listed, note_lists
from tenants import listed
from tenants.counties import open_county
from tenants.database.session import county_session
from tenants.listed import TRIES, keep_writing, looked, write_down
from tests.tenants.conftest import TODAY

pytestmark = pytest.mark.anyio
ANN, BEN = Actor(UUID(int=1), "安"), Actor(UUID(int=2), "本")


@pytest.fixture
async def county(one_connection: None) -> UUID:
    slug = f"c{uuid4().hex[:12]}"
    return await open_county(slug, slug, TODAY)


def seen(county: UUID, who: Actor = ANN, lines: int = 50, filters: tuple[str, ...] = ("unit",)) -> None:
    looked(county, who, "人员", "/people", filters, lines, "10.0.0.1")


async def entries(county: UUID) -> list[tuple[str, int, int]]:
    """Who, how often, how many lines."""
    async with county_session(county) as session:
        rows = await session.fetch(
            "select by_name, title, said from ledger_entry where verb = 'read.list' order by by_name, said"
        )
    assert {row["title"] for row in rows} <= {"查看名单：人员"}
    said = [(row["by_name"], json.loads(row["said"])) for row in rows]
    return [(name, one["times"], one["lines"]) for name, one in said]


async def test_the_same_list_again_within_the_moment_is_one_entry(county: UUID) -> None:
    other = await open_county(f"c{uuid4().hex[:12]}", uuid4().hex, TODAY)
    for lines in (50, 50, 7):
        seen(county, lines=lines)
    seen(county, BEN)
    seen(county, filters=("unit", "search"), lines=1)
    seen(other, lines=3)
    assert await entries(county) == []
    await write_down()
    assert sorted(await entries(county)) == [("安", 1, 1), ("安", 3, 107), ("本", 1, 50)]
    assert await entries(other) == [("安", 1, 3)]
    seen(county, BEN)
    await write_down()
    await write_down()
    assert (await entries(county)).count(("本", 1, 50)) == 2, "a later moment is another entry"


class Away:
    """The ledger while the database is away."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.away, self.asked = True, 0
        monkeypatch.setattr(listed, "note_lists", self._note)

    async def _note(self, lists: Sequence[Listed]) -> None:
        self.asked += 1
        if self.away:
            raise OSError
        await note_lists(lists)


async def test_what_could_not_be_written_is_written_with_what_came_since(
    county: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it is counted less."""
    away = Away(monkeypatch)
    seen(county, lines=50)
    seen(county, lines=40)
    await write_down()
    seen(county, lines=10)
    seen(county, BEN, lines=5)
    await write_down()
    assert await entries(county) == []
    away.away = False
    await write_down()
    assert await entries(county) == [("安", 3, 100), ("本", 1, 5)]
    await write_down()
    assert len(await entries(county)) == 2


async def test_it_is_given_up_once_and_only_what_was_tried(
    county: UUID, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    away = Away(monkeypatch)
    seen(county)
    seen(county, BEN)
    for _ in range(TRIES - 1):
        await write_down()
    assert "are not in the ledger yet" in caplog.text
    assert "2 lists that were looked at are not in the ledger" not in caplog.text
    await write_down()
    assert "2 lists that were looked at are not in the ledger" in caplog.text
    tried = away.asked
    await write_down()
    assert away.asked == tried, "there is nothing left to be tried"
    seen(county, lines=9)
    await write_down()
    away.away = False
    await write_down()
    assert await entries(county) == [("安", 1, 9)], "the count of tries began anew"


async def test_what_is_being_written_when_a_process_ends_is_not_lost(
    county: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def write(lists: Sequence[Listed]) -> None:
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(listed, "EVERY", 0)
    monkeypatch.setattr(listed, "note_lists", write)
    seen(county)
    keeping = asyncio.create_task(keep_writing())
    await begun.wait()
    monkeypatch.undo()
    await end([keeping])
    await write_down()
    assert await entries(county) == [("安", 1, 50)]
