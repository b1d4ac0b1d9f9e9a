"""Many people of many counties at work at once, alone and beside a large import and a large preview."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path

import pytest

from tenants.database.session import close_database, county_session, open_database
from tenants.ground.clock import today
from tests.core.register.roster.rosters import member, roster
from tests.deploy.test_serve import Running
from tests.tenants.policies.many_cases import plant_cases
from tests.trials.measured import size, told
from tests.trials.platform import counties, served, signed_in
from tests.trials.test_roster import AT_WORK
from tests.waiting import PATIENCE_SECONDS
from tests.web.conftest import Browser, Seeded
from tests.web.policies.forms import open_form, send

pytestmark = [pytest.mark.anyio, pytest.mark.trial, pytest.mark.timeout(3600)]

EVERY_SECONDS = 10.0
PAGES = ("/", "/units", "/people", "/cases", "/policies", "/people?q=zs")
LOGINS = (
    "department-organizer",
    "department-admin",
    "committee-organizer",
    "branch-secretary",
    "inspector",
    "elsewhere",
)


async def test_a_crowd_is_served_and_is_not_kept_by_one_county(tmp_path: Path) -> None:
    users, seconds = int(size("USERS", 300)), size("SECONDS", 180)
    with served(tmp_path) as platform:
        [importing, previewing, *places] = await counties(2 + int(size("COUNTIES", 50)))
        await _plant(previewing, int(size("CASES", 25_000)))
        async with AsyncExitStack() as stack:
            crowd = [
                await stack.enter_async_context(
                    signed_in(platform, places[one % len(places)], LOGINS[one // len(places) % len(LOGINS)])
                )
                for one in range(users)
            ]
            # The first page of each kind is made from its template.
            for page in PAGES:
                await crowd[0].open(page)
            alone = told(f"{users} 人", await at_work(crowd, places, seconds / 2))
            content = roster([member(one, unit="城关镇东街支部") for one in range(int(size("ROWS", 50_000)))])
            busy = asyncio.create_task(_much(platform, importing, content, previewing))
            beside = told("有一个县导入、一个县预览时", await at_work(crowd, places, seconds / 2))
            told("导入和预览", [await busy])
    assert alone <= size("P95", 250) / 1000
    assert beside <= 1.5 * alone


async def at_work(crowd: list[Browser], places: list[Seeded], seconds: float) -> list[float]:
    """Each does something every ten seconds; how long it took. Everything must work."""
    end = time.monotonic() + seconds

    async def one(number: int, who: Browser) -> list[float]:
        took, county = [], places[number % len(places)]
        await asyncio.sleep(random.random() * EVERY_SECONDS)
        while (begun := time.monotonic()) < end:
            await _something(who, county, number)
            took.append(time.monotonic() - begun)
            await asyncio.sleep(max(0.0, EVERY_SECONDS - took[-1]))
        return took

    found = await asyncio.gather(*(one(number, who) for number, who in enumerate(crowd)))
    return [each for took in found for each in took]


async def _something(who: Browser, county: Seeded, number: int) -> None:
    """Mostly a page; a branch secretary also enters people."""
    if LOGINS[number // 50 % len(LOGINS)] == "branch-secretary" and random.random() < 0.3:
        draft = {
            "unit_id": str(county.units["东街支部"].id),
            "draft": {"name": f"新同志{random.randrange(10**6)}"},
        }
        answer = await who.post("/api/v1/people", json=draft, headers={"x-csrftoken": who.token})
    else:
        answer = await who.open(random.choice(PAGES))
    assert answer.status_code in (200, 201, 403), answer.text[:500]


async def _plant(county: Seeded, number: int) -> None:
    await open_database(max_size=2)
    try:
        branch = county.units["东街支部"]
        async with county_session(county.id):
            await plant_cases(branch.id, branch.path, number, date(2024, 3, 1), today())
    finally:
        await close_database()


async def _much(platform: Running, importing: Seeded, content: bytes, previewing: Seeded) -> float:
    """A roster of many people, and a preview over many cases, both to their end; how long it took."""
    begun = time.monotonic()
    await asyncio.gather(_import(platform, importing, content), _preview(platform, previewing))
    return time.monotonic() - begun


async def _import(platform: Running, county: Seeded, content: bytes) -> None:
    async with signed_in(platform, county, "department-organizer") as who:
        unit = str(county.units["组织部"].id)
        answer = await who.post(
            "/api/v1/imports",
            data={"unit": unit},
            files={"file": ("名册.xlsx", content)},
            headers={"x-csrftoken": who.token},
        )
        assert answer.status_code == 201, answer.text
        batch = f"/api/v1/imports/{answer.json()['id']}"

        async def rests() -> bool:
            return (await who.get(batch)).json()["state"] not in AT_WORK

        await _looked_at(rests)
        confirmed = await who.post(f"{batch}/confirm", headers={"x-csrftoken": who.token})
        assert confirmed.is_success, confirmed.text
        await _looked_at(rests)
        assert (await who.get(batch)).json()["state"] == "applied"


async def _preview(platform: Running, county: Seeded) -> None:
    async with signed_in(platform, county, "department-admin") as who:
        fields = await open_form(who, "yakeshi", county.units["组织部"].id)
        answer = await send(who, "/policies/yakeshi/preview", fields)
        if answer.status_code != 303:
            return
        page = answer.headers["location"]

        async def done() -> bool:
            return 'hx-trigger="load' not in (await who.open(page)).text

        await _looked_at(done)


async def _looked_at(ended: Callable[[], Awaitable[bool]]) -> None:
    """Wait for it as the page does, which asks once a second."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await ended():  # noqa: ASYNC110 (what is waited for is in other processes)
            await asyncio.sleep(1)
