"""What is called for each hour: the sweep of the day, reminders, quotas, mails; what fails of it keeps nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from uuid import UUID

import pytest

from deploy import sweep
from tenants.counties import open_county, resume_county, suspend_county
from tenants.database.session import close_database, county_session, open_database
from tenants.ground.clock import SHANGHAI
from tests.conftest import Database

pytestmark = pytest.mark.anyio
DAY = date(2026, 11, 21)
Task = Callable[[datetime], Awaitable[int]]


@pytest.fixture(scope="module")
async def county(database: Database) -> UUID:
    await open_database(max_size=1)
    made = await open_county("baixi", "白溪县", DAY)
    await close_database()
    return made


async def swept(county: UUID, monkeypatch: pytest.MonkeyPatch, day: date, hour: int = 9) -> list[str]:
    """The tasks that an hour of a day calls for."""
    monkeypatch.setattr(sweep, "today", lambda: day)
    monkeypatch.setattr(sweep, "now", lambda: datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI))
    before = await called(county)
    try:
        await sweep.main()
    finally:
        after = await called(county)
    return sorted(after[len(before) :])


async def called(county: UUID) -> list[str]:
    await open_database(max_size=1)
    try:
        async with county_session(county) as session:
            rows = await session.fetch("select message ->> 'actor_name' task from outbox order by id")
            return [row["task"] for row in rows]
    finally:
        await close_database()


async def suspended(act: Callable[[], Awaitable[object]]) -> None:
    await open_database(max_size=1)
    try:
        await act()
    finally:
        await close_database()


async def test_each_once_a_day_and_reminders_when_people_come_to_work(
    county: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = ["clear_files", "sweep_county", "verify_ledger"]
    assert await swept(county, monkeypatch, DAY, 0) == night
    assert await swept(county, monkeypatch, DAY, 5) == []
    assert await swept(county, monkeypatch, DAY, 6) == ["remind"]
    assert await swept(county, monkeypatch, DAY, 23) == []
    assert await swept(county, monkeypatch, date(2026, 11, 22), 12) == sorted([*night, "remind"])
    await suspended(lambda: suspend_county("baixi", "核对"))
    assert await swept(county, monkeypatch, date(2026, 11, 23), 12) == []
    await suspended(lambda: resume_county("baixi"))
    assert len(await swept(county, monkeypatch, date(2026, 11, 23), 13)) == 4


@pytest.mark.parametrize("broken", ["enqueue_sweeps", "enqueue_reminders", "warn_everywhere", "send_waiting"])
async def test_what_fails_keeps_nothing_else(
    broken: str, county: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a fault in counting would keep every county's mails back for as long as it lasts."""
    done: list[str] = []

    def instead(name: str) -> Task:
        async def call(_: object) -> int:
            if name == broken:
                raise ZeroDivisionError(name)
            done.append(name)
            return 1

        return call

    names = ("enqueue_sweeps", "enqueue_reminders", "warn_everywhere", "send_waiting")
    for name in names:
        monkeypatch.setattr(sweep, name, instead(name))
    with pytest.raises(ExceptionGroup) as failed:
        await swept(county, monkeypatch, DAY)
    assert [str(one) for one in failed.value.exceptions] == [broken], (
        "and its process ends with what went wrong"
    )
    assert done == [name for name in names if name != broken]
