"""Two acts on one case at the same moment: neither is lost, and the standing is that of all entries."""

from __future__ import annotations

import asyncio
from contextvars import Context
from datetime import date
from uuid import UUID

import pytest

from core.casework.access import access_case
from core.casework.carry import carry_cases
from core.casework.load import load_one
from core.casework.model import LoadedCase, Way
from core.casework.standing.regimes import regime_at
from core.casework.standing.sweep import recompute, running_below
from core.database import fetch, fetchrow
from dangwu import Regime
from tenants.database.session import county_session
from tests.conftest import Database
from tests.core.conftest import Clerks, RegimeFor, applicant
from tests.waiting import PATIENCE_SECONDS, until_locked

pytestmark = pytest.mark.anyio

OPENED, TALKED = date(2026, 10, 8), date(2026, 10, 20)


async def test_a_recomputation_that_waited_for_a_record_counts_it(
    clerks: Clerks, regime_for: RegimeFor, database: Database
) -> None:
    """The sweep, or a change of policies, comes while somebody is recording: the case stands where his record put it."""
    county = clerks.world.county
    async with county_session(county):
        case = (await clerks.open(await applicant(clerks.world, "同时人"), OPENED)).case_id

    async def sweep() -> None:
        async with county_session(county):
            await recompute(await running_below(clerks.world.east.path), TALKED, regime_for)

    async with county_session(county):
        await clerks.do(case, "applicant-talk", TALKED)
        recorded = await _standing(case)
        # Begun while the record is not committed yet; it can only go on once it is.
        sweeping = asyncio.create_task(sweep(), context=Context())
        await until_locked(database.superuser_url)
        assert not sweeping.done()
    await sweeping
    async with county_session(county):
        assert await _standing(case) == recorded
        assert (await access_case(clerks.world.organizer, case)).version == 2


async def test_an_act_that_waited_for_a_merger_knows_the_unit_that_was_left(
    clerks: Clerks, database: Database
) -> None:
    """Else what began there would be judged by the policies of the new unit."""
    world = clerks.world
    async with county_session(world.county):
        case = (await clerks.open(await applicant(world, "合并中人"), OPENED)).case_id

    async def load() -> LoadedCase | None:
        async with county_session(world.county):
            return await load_one(case, lock=True)

    async with county_session(world.county):
        await carry_cases(world.admin, world.east.id, world.west, TALKED)
        loading = asyncio.create_task(load(), context=Context())
        await until_locked(database.superuser_url)
        assert not loading.done()
    loaded = await loading
    assert loaded is not None
    assert loaded.way == (world.west.path, ((world.east.path, TALKED),))


async def test_nobody_waits_for_cases_that_are_being_judged(clerks: Clerks, regime_for: RegimeFor) -> None:
    """A record comes while a recomputation judges: it is taken at once, and the case is judged again with it."""
    county = clerks.world.county
    async with county_session(county):
        case = (await clerks.open(await applicant(clerks.world, "先记人"), OPENED)).case_id
    judging, recorded = asyncio.Event(), asyncio.Event()

    async def slowly(way: Way) -> Regime:
        judging.set()
        await recorded.wait()
        return await regime_at(regime_for, way)

    async def sweep() -> None:
        async with county_session(county):
            await recompute(await running_below(clerks.world.east.path), TALKED, slowly)

    sweeping = asyncio.create_task(sweep(), context=Context())
    async with asyncio.timeout(PATIENCE_SECONDS):
        await judging.wait()
        async with county_session(county):
            await clerks.do(case, "applicant-talk", TALKED)
            stands = await _standing(case)
        recorded.set()
        await sweeping
    async with county_session(county):
        assert await _standing(case) == stands


async def test_what_stands_as_it_did_is_not_written(clerks: Clerks, regime_for: RegimeFor) -> None:
    county = clerks.world.county
    written = "select id, xmin::text written from case_file where id = $1"
    async with county_session(county):
        case = (await clerks.open(await applicant(clerks.world, "照旧人"), OPENED)).case_id
        before = await fetch(written, case)
    async with county_session(county):
        assert await recompute([case], OPENED, regime_for) == 1
        assert await fetch(written, case) == before


async def _standing(case: UUID) -> tuple[object, ...]:
    row = await fetchrow(
        "select stage, status, membership, open_steps, open_states, reasons, version from case_file where id = $1",
        case,
    )
    assert row is not None
    return tuple(row)


async def test_the_clerks_of_one_case_never_wait_in_a_circle(clerks: Clerks, regime_for: RegimeFor) -> None:
    """Two recomputations of the same cases and a record at once: all of them end."""
    county = clerks.world.county
    async with county_session(county):
        cases = [
            (await clerks.open(await applicant(clerks.world, f"同批人{number}"), OPENED)).case_id
            for number in range(5)
        ]

    async def sweep() -> None:
        async with county_session(county):
            await recompute(await running_below(clerks.world.east.path), TALKED, regime_for)

    async def talk(case: UUID) -> None:
        async with county_session(county):
            await clerks.do(case, "applicant-talk", TALKED)

    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*(sweep() for _ in range(3)), *(talk(case) for case in cases))
    async with county_session(county):
        assert {(await _standing(case))[0] for case in cases} == {"activist"}
