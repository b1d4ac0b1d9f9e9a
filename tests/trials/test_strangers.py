"""One county's plugin misbehaves in every way, wherever it is asked: the others wait no more than twice as long, and the worker
goes on with what they need done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import httpx
import psutil
import pytest

from tenants.database.session import close_database, county_session, open_database, owner_session
from tenants.policies.standings import recompute_below
from tenants.policies.strangers import stamp
from tenants.queue.outbox import enqueue
from tests.deploy.test_serve import Running
from tests.trials.measured import again_and_again, percentile, size, told
from tests.trials.platform import counties, served, signed_in
from tests.trials.rogues import DEEDS, LOADED, PLACES, put
from tests.trials.test_neighbours import read
from tests.waiting import until_so
from tests.web.conftest import TODAY, Browser, Seeded
from tests.web.policies.seed import case_after

pytestmark = [pytest.mark.anyio, pytest.mark.trial, pytest.mark.timeout(3600)]

CASES = 8
QUEUE_SECONDS = 10
"""What another county calls for is done by then, whatever the worker is busy with."""


@pytest.mark.parametrize("place", PLACES)
async def test_the_others_go_on_while_a_plugin_misbehaves(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "plugins"
    folder.mkdir()
    for deed in DEEDS:
        put(folder, place, deed)
    seconds = size("SECONDS", 180) / (2 * len(DEEDS))
    usual: list[float] = []
    beside: dict[str, float] = {}
    with served(tmp_path, DANGWU_PLUGINS=str(folder)) as platform:
        harmful, *others = await counties(3)
        async with _people(platform, harmful, others) as (admin, readers):
            cases = await _cases(harmful)
            await read(readers, 2)
            for deed in DEEDS:
                whole = _Whole(admin, readers, harmful, others[0], cases)
                alone, _ = await whole.measured(f"{place}，没有启用插件", seconds)
                usual += alone
                ended = await _adopted(admin, harmful, f"{place}-{deed}")
                pages, latest = await whole.measured(f"{place}-{deed}", seconds)
                beside[deed] = percentile(pages, 0.95)
                await ended()
                assert latest < QUEUE_SECONDS, (place, deed)
        _strangers_are_few(platform.process.pid)
        assert platform.process.poll() is None
    most = size("SLOWER", 2.0) * percentile(usual, 0.95)
    assert {deed: round(seconds, 3) for deed, seconds in beside.items() if seconds > most} == {}


async def test_the_platform_comes_up_beside_plugins_that_misbehave_when_they_are_loaded(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "plugins"
    folder.mkdir()
    for deed in LOADED:
        put(folder, "import", deed)
    began = time.monotonic()
    with served(tmp_path, DANGWU_PLUGINS=str(folder)) as platform:
        told("有坏插件时启动", [time.monotonic() - began])
        (county,) = await counties(1)
        async with signed_in(platform, county, "department-admin") as admin:
            shown = (await admin.open("/policies")).text
            assert all(f"import-{deed}" in shown for deed in LOADED)
            assert percentile(await read([admin], 5), 0.95) < 1


def _strangers_are_few(pid: int) -> None:
    """Nothing that was ended is still there: one process for each plugin and process of ours, at most."""
    found = 0
    for one in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # ended, or ended and not yet waited for
            found += any("core.nursery" in word for word in one.cmdline())
    assert found <= 2 * 2 * (len(DEEDS) + 1), found


@asynccontextmanager
async def _people(
    platform: Running, harmful: Seeded, others: list[Seeded]
) -> AsyncIterator[tuple[Browser, list[Browser]]]:
    async with (
        signed_in(platform, harmful, "department-admin") as admin,
        signed_in(platform, others[0], "department-organizer") as one,
        signed_in(platform, others[1], "department-organizer") as two,
    ):
        await open_database(max_size=2)
        try:
            yield admin, [one, two]
        finally:
            await close_database()


async def _cases(county: Seeded) -> list[UUID]:
    """Some under way, whose next step is the one that the plugins speak of."""
    return [
        await case_after(county, "东街支部", f"甲{number}", "prospect-consent", date(2026, 11, 2))
        for number in range(CASES)
    ]


async def _adopted(admin: Browser, county: Seeded, plugin: str) -> Callable[[], Awaitable[None]]:
    """Adopt it for the whole county; what withdraws it."""
    unit = str(county.units["组织部"].id)
    change = {"type": "adopt", "plugin": plugin, "since": TODAY.isoformat(), "choice": {"basis": "试验"}}

    async def send(change: Mapping[str, object]) -> httpx.Response:
        body, headers = {"unit_id": unit, "change": change}, {"x-csrftoken": admin.token}
        answer = await admin.post("/api/v1/policies/changes", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer

    [item] = (await send(change)).json()["items"]

    async def withdraw() -> None:
        await send({"type": "end", "activation_id": item["id"], "day": item["since"]})

    return withdraw


class _Whole(NamedTuple):
    """One county opens what asks its plugins, as fast as it can; others read; tasks are called for by both."""

    admin: Browser
    readers: list[Browser]
    harmful: Seeded
    other: Seeded
    cases: list[UUID]

    async def measured(self, what: str, seconds: float) -> tuple[list[float], float]:
        """How long each of the others' pages took, and the p95 of their tasks."""
        harming = asyncio.create_task(_harm(self.admin, self.harmful, self.cases))
        waits = asyncio.create_task(_queue(self.harmful, self.other, seconds))
        pages = await read(self.readers, seconds)
        told(f"{what}：别县的页面", pages)
        tasks = told(f"{what}：别县的后台任务", await waits)
        harming.cancel()
        await asyncio.gather(harming, return_exceptions=True)
        return pages, tasks


async def _harm(admin: Browser, county: Seeded, cases: list[UUID]) -> None:
    """Open everything that asks the plugin, without end; whoever has tripped it is overruled at once."""
    unit = county.units["组织部"].id
    paths = [f"/cases/{case}{more}" for case in cases for more in ("", "/record/prospect-notice")]
    while True:
        for path in [*paths, f"/policies/effective?unit={unit}"]:
            with suppress(httpx.HTTPError):
                await admin.open(path)
            async with owner_session() as session:
                stopped = await session.fetch("select plugin from plugin_code where tripped is not null")
                for row in stopped:
                    await stamp.reset(session, row["plugin"])


async def _queue(harmful: Seeded, other: Seeded, seconds: float) -> list[float]:
    """How long another county's tasks take from when they are called for, while the harmful one calls for many."""

    async def one() -> None:
        async with county_session(harmful.id):
            await enqueue(recompute_below, path="/", today=TODAY.isoformat())
        async with county_session(other.id):
            await enqueue(recompute_below, path="/", today=TODAY.isoformat())
        await until_so(lambda: _done(other))

    return await again_and_again(one, seconds, pause=0.5)


async def _done(county: Seeded) -> bool:
    async with county_session(county.id) as session:
        left: bool = await session.fetchval(
            """select exists (select from outbox o where message ->> 'actor_name' = 'recompute_below' and not exists (
                   select from task_run r where r.message_id::text = o.message -> 'kwargs' ->> 'run_id'
                   and r.finished_at is not null))"""
        )
    return not left
