"""A preview over 25,000 cases on the platform as it is started: by one worker process, and by two."""

from __future__ import annotations

import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from deploy.programs import worker
from tenants.database.session import close_database, county_session, open_database
from tenants.ground.clock import today
from tests.bench.timed import say
from tests.deploy.test_serve import Running
from tests.tenants.policies.many_cases import plant_cases
from tests.trials.measured import size
from tests.trials.platform import counties, served, signed_in
from tests.waiting import until, until_so
from tests.web.conftest import Browser, Seeded
from tests.web.policies.forms import open_form, send

pytestmark = [pytest.mark.anyio, pytest.mark.trial, pytest.mark.timeout(3600)]

UNDER_WAY = 'hx-trigger="load'
MOST_PAGE = 100 * 1024
"""Bytes of the page that shows it, however many cases there are."""


class Previewed(NamedTuple):
    """Seconds to the first figures and to the last, processor seconds of the workers and of the database, bytes of the page."""

    first: float
    whole: float
    workers: float
    database: float
    page: int


async def test_all_cases_of_a_large_county(tmp_path: Path) -> None:
    """Tried in turns; the goal is 10 seconds by two processes on two idle cores, and the first figures within one."""
    with served(tmp_path) as platform:
        until(platform.is_complete)
        [county] = await counties(1)
        branch = county.units["东街支部"]
        async with database_opened(), signed_in(platform, county, "department-admin") as who:
            async with county_session(county.id):
                await plant_cases(
                    branch.id, branch.path, int(size("CASES", 25_000)), date(2024, 3, 1), today()
                )
            for _ in range(int(size("ROUNDS", 2))):
                _say("一个后台进程", found := await _preview(platform, county, who))
                assert found.page <= MOST_PAGE
                with _second_worker(tmp_path / "second.log") as second:
                    _say("两个后台进程", found := await _preview(platform, county, who, second))
                    assert found.page <= MOST_PAGE


@asynccontextmanager
async def database_opened() -> AsyncIterator[None]:
    """This process may ask the platform's database."""
    await open_database(max_size=2)
    try:
        yield
    finally:
        await close_database()


@contextmanager
def _second_worker(log: Path) -> Iterator[psutil.Process]:
    """As many processes as `dangwu worker --processes 2` has."""
    with log.open("w") as out, subprocess.Popen(worker().argv, stdout=out, stderr=out) as process:
        try:
            until(lambda: "ready for action" in log.read_text())
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


async def _preview(platform: Running, county: Seeded, who: Browser, *others: psutil.Process) -> Previewed:
    workers = [
        *platform.children("dramatiq"),
        *(child for one in others for child in one.children(recursive=True)),
    ]
    database = platform.children("postgres")
    fields = await open_form(who, "yakeshi", county.units["组织部"].id)
    before, stored = _times(workers), _times(database)
    begun = time.perf_counter()
    answer = await send(who, "/policies/yakeshi/preview", fields)
    assert answer.status_code == 303, answer.text
    await until_so(partial(_told, county, "preview -> 'cases' ->> 'under_way' <> '0'"))
    first = time.perf_counter() - begun
    await until_so(partial(_told, county, "state = 'done'"))
    whole = time.perf_counter() - begun
    page = (await who.open(answer.headers["location"])).text
    assert UNDER_WAY not in page
    return Previewed(first, whole, _since(before), _since(stored), len(page.encode()))


async def _told(county: Seeded, so: str) -> bool:
    """Whether the newest preview is so far; asked of the database, which costs less than the page."""
    async with county_session(county.id) as session:
        return bool(await session.fetchval(f"select {so} from policy_preview order by at desc limit 1"))


def _times(processes: list[psutil.Process]) -> dict[psutil.Process, float]:
    """Their processor seconds so far. A connection of the database may have ended: what it did is not known any more."""
    found = {}
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            found[one] = sum(one.cpu_times()[:2])
    return found


def _since(before: dict[psutil.Process, float]) -> float:
    """What they have spent since then."""
    return sum(now - before[one] for one, now in _times([*before]).items())


def _say(who: str, found: Previewed) -> None:
    say(
        f"{who}：首批 {found.first:.1f} 秒，全部 {found.whole:.1f} 秒；处理器：后台 {found.workers:.1f} 秒，"
        f"数据库 {found.database:.1f} 秒；页面 {found.page / 1024:.0f} KiB"
    )
