"""Sees to it that the demo counties are there; a second start finds them and pays for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from core.database import fetchval
from core.errors import NotFound
from deploy.demo.county_north import COUNTY as NORTH
from deploy.demo.county_south import COUNTY as SOUTH
from deploy.demo.plan import County
from deploy.demo.sign_ins import sign_ins
from tenants.counties import county_by_slug, open_county
from tenants.database.session import county_session
from tenants.ground import clock

COUNTIES = (NORTH, SOUTH)


async def seed(today: date | None = None, counties: Sequence[County] = COUNTIES) -> str:
    """Fill the demo `counties` as of `today` (default: today) unless they are there; the sign-ins as a table to print.

    Each county is written in one transaction: it is there as a whole, or not at all. What is there already is left as it
    is, whatever has become of it. Needs an open database pool.
    """
    for county in counties:
        async with county_session(await _opened(county)):
            if not await fetchval("select exists (select from unit)"):
                print(f"首次启动，正在写入演示县“{county.name}”（约十秒，机器忙时更久）……", flush=True)
                await _fill(county, today or clock.today())
    return await sign_ins(counties)


async def _fill(county: County, today: date) -> None:
    # Imported only now: whoever starts the demo again must not wait for it.
    from dangwu import LAST_KNOWN_YEAR
    from deploy.demo.filling import fill

    # Days of work are known only so far; a county filled later lies as on that day, and the daily sweep goes on from it.
    await fill(county, min(today, date(LAST_KNOWN_YEAR, 12, 31)))


async def _opened(county: County) -> UUID:
    try:
        return (await county_by_slug(county.slug)).id
    except NotFound:
        return await open_county(county.slug, county.name, county.opened)
