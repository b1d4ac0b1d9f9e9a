"""The nightly sweep of some counties as a worker process does it: `python -m tests.bench.sweeping DAY COUNTY…`.

Prints how many cases were looked at, and the processor seconds of this process.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import date
from uuid import UUID

from core.casework.standing.sweep import due, recompute
from tenants.database.session import close_database, county_session, open_database
from tenants.policies.regimes import regime_of_path
from tenants.policies.standings import PART


async def sweep(county: UUID, day: date) -> int:
    """Part by part, each in a transaction of its own; how many cases were looked at."""
    looked, last = 0, None
    while True:
        async with county_session(county):
            part = await due(day, regime_of_path, after=last, most=PART)
            await recompute(part, day, regime_of_path)
        looked += len(part)
        if len(part) < PART:
            return looked
        last = part[-1]


async def main(day: str, *counties: str) -> None:
    """All of them, one after the other."""
    await open_database(max_size=2)
    start = time.process_time()
    looked = [await sweep(UUID(county), date.fromisoformat(day)) for county in counties]
    print(sum(looked), time.process_time() - start)
    await close_database()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
