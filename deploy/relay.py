"""`python -m deploy.relay`: send committed messages to the queue, and have every county's daily sweep called."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from contextlib import suppress
from datetime import datetime, timedelta

import asyncpg

from core.ending import end
from tenants.database.session import close_database, open_database
from tenants.ground.clock import SHANGHAI
from tenants.ground.logs import write_logs
from tenants.ground.pulse import beat
from tenants.queue.relay import run_relay

log = logging.getLogger(__name__)
# Ten minutes past midnight, and every hour again for what was missed (the machine was off, a county was just opened):
# a county that has had its sweep of the day does not get another, however often and by whomever it is called.
_PAST_THE_HOUR = timedelta(minutes=10)


async def main() -> None:
    """Relay and sweep until SIGTERM or Ctrl-C."""
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    await open_database(max_size=2)
    beside = [asyncio.create_task(work) for work in (beat(), _sweep())]
    try:
        await _relay()
    except asyncio.CancelledError:
        log.info("relay: asked to stop")
    finally:
        await end(beside)
        await close_database()


async def _relay() -> None:
    while True:
        try:
            await run_relay()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as failure:
            log.warning("relay: the database is away (%s), trying again", failure)
            await asyncio.sleep(1)


async def _sweep() -> None:
    """At once, and then every hour. What goes wrong is in the log, and is tried again an hour later."""
    while True:
        sweeping = await asyncio.create_subprocess_exec(sys.executable, "-m", "deploy.sweep")
        try:
            await sweeping.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                sweeping.kill()
            raise
        await asyncio.sleep(_until_next(datetime.now(SHANGHAI)))


def _until_next(now: datetime) -> float:
    """Seconds until ten minutes past an hour."""
    hour = now.replace(minute=0, second=0, microsecond=0) + _PAST_THE_HOUR
    return (hour - now).total_seconds() if hour > now else (hour + timedelta(hours=1) - now).total_seconds()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    write_logs()
    asyncio.run(main())
