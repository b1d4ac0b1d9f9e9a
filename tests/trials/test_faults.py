"""Writes of several kinds while each part of the platform is killed in turn: what was acknowledged is there, once."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from datetime import date
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec
import psutil
import pytest

from deploy.part import STEADY_SECONDS
from tenants.database.session import close_database, county_session, open_database
from tests.core.conftest import resident_id
from tests.core.register.roster.rosters import roster, row
from tests.deploy.test_serve import Running
from tests.trials.measured import size, told
from tests.trials.platform import counties, served, signed_in
from tests.waiting import until_so
from tests.web.conftest import Browser, Seeded

pytestmark = [pytest.mark.anyio, pytest.mark.trial, pytest.mark.timeout(1800)]

PARTS = {
    "网页服务": ("deploy.web", 0),
    "提供网页的进程": ("deploy.web", -1),
    "后台任务": ("dramatiq", 0),
    "消息转发": ("deploy.relay", 0),
    "缓存": ("valkey-server", 0),
    "数据库": ("bin/postgres", 0),
}
"""Name → what its command line says, and which of those processes (the first has started the others)."""
WRITERS = 4
SEEN_SECONDS = 3.0
"""So long after a death it is looked at what it did: its last writes may have been answered at its very end."""

PACE_SECONDS = STEADY_SECONDS * 1.2 / len(PARTS)
"""From one death to the next: each part has recovered before its own comes again. What falls in a row is started later and later
(deploy/part.py), which is another matter than how soon an accident is over."""

NUMBER = resident_id(date(1980, 5, 1), 1)


class Written(msgspec.Struct):
    """What was acknowledged, what may have been written or not, and when each acknowledgement came."""

    people: list[str] = []
    units: list[str] = []
    rosters: list[str] = []
    unsure: list[str] = []
    at: list[float] = []


async def write(who: Browser, county: Seeded, written: Written, end: float) -> None:
    """People, units and rosters in turn; whatever fails is unsure, and is not tried again."""
    number = 0
    while time.monotonic() < end:
        number += 1
        name = f"试{uuid4().hex[:10]}"
        kept = (written.people, written.people, written.units, written.rosters)[number % 4]
        try:
            answer = await _send(who, county, name, kept is written.units, kept is written.rosters)
        except (httpx.HTTPError, OSError):
            written.unsure.append(name)
            await asyncio.sleep(0.1)
            continue
        if answer.status_code == 201:
            kept.append(name)
            written.at.append(time.monotonic())
        else:
            assert answer.status_code >= 401, answer.text
            written.unsure.append(name)
            await asyncio.sleep(0.1)


async def _send(who: Browser, county: Seeded, name: str, unit: bool, batch: bool) -> httpx.Response:
    headers, branch = {"x-csrftoken": who.token}, county.units["东街支部"].id
    if unit:
        address = f"/api/v1/units/{county.units['城关镇党委'].id}/children"
        return await who.post(address, json={"kind": "branch", "name": name}, headers=headers)
    if batch:
        files = {"file": ("名册.xlsx", roster([row(name, NUMBER)]))}
        return await who.post("/api/v1/imports", data={"unit": str(branch)}, files=files, headers=headers)
    person = {"unit_id": str(branch), "draft": {"name": name}}
    return await who.post("/api/v1/people", json=person, headers=headers)


async def kill_in_turn(platform: Running, written: Written, end: float) -> dict[str, float]:
    """Part → the longest time without an acknowledged write after it was killed; another one each PACE_SECONDS."""
    took: dict[str, float] = {}
    turn = 0
    while time.monotonic() < end - 10:
        part = list(PARTS)[turn % len(PARTS)]
        turn += 1
        (await _running(platform, *PARTS[part])).kill()
        dead = time.monotonic()
        await until_so(lambda dead=dead: _again(written, dead + SEEN_SECONDS))  # type: ignore[misc]
        told(f"{part} 被杀以后又有写入", [time.monotonic() - dead])
        at = [dead, *sorted(each for each in written.at if each > dead)]
        took[part] = max(took.get(part, 0.0), *(later - sooner for sooner, later in pairwise(at)))
        await asyncio.sleep(max(0.0, dead + PACE_SECONDS - time.monotonic()))
    return took


async def _running(platform: Running, word: str, which: int) -> psutil.Process:
    """The process to be killed; what the last death has taken along may still be starting."""

    async def there() -> bool:
        return bool(platform.children(word))

    await until_so(there)
    return platform.children(word)[which]


async def _again(written: Written, moment: float) -> bool:
    return any(at > moment for at in reversed(written.at))


async def test_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path) -> None:
    written, seconds = Written(), size("SECONDS", 180)
    with served(tmp_path) as platform:
        [county] = await counties(1)
        async with AsyncExitStack() as stack:
            logins = (
                "department-organizer",
                "department-organizer",
                "committee-organizer",
                "department-admin",
            )
            people = [
                await stack.enter_async_context(signed_in(platform, county, login))
                for login in logins[:WRITERS]
            ]
            end = time.monotonic() + seconds
            async with asyncio.TaskGroup() as group:
                for who in people:
                    group.create_task(write(who, county, written, end))
                killing = group.create_task(kill_in_turn(platform, written, end))
            took = killing.result()
        for part, longest in took.items():
            told(f"{part} 被杀以后", [longest])
        await open_database(max_size=2)
        try:
            await _settled(county)
            await _check(county, written)
        finally:
            await close_database()
    assert max(took.values()) <= size("RECOVERY", 5.0), took


async def _settled(county: Seeded) -> None:
    """Until the worker has read every roster."""

    async def read() -> bool:
        async with county_session(county.id) as session:
            return not await session.fetchval("select count(*) from import_batch where state = 'uploaded'")

    await until_so(read)


async def _check(county: Seeded, written: Written) -> None:
    async with county_session(county.id) as session:
        people = await session.fetch("select name, count(*) n from person group by name")
        units = await session.fetch("select name, count(*) n from unit group by name")
        batches = await session.fetch("select state, count(*) n from import_batch group by state")
    found = {row["name"]: row["n"] for row in (*people, *units)}
    assert [name for name in (*written.people, *written.units) if found.get(name) != 1] == []
    assert [name for name in written.unsure if found.get(name, 0) > 1] == []
    assert {row["state"] for row in batches} <= {"parsed"}
    assert sum(row["n"] for row in batches) >= len(written.rosters)
    told(
        f"确认写入 {len(written.people)} 人、{len(written.units)} 个党组织、{len(written.rosters)} 份名册，"
        f"没有答复的 {len(written.unsure)} 件；写入间隔",
        [later - sooner for sooner, later in pairwise(sorted(written.at))],
    )
