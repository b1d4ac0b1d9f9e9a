"""`python -m deploy.relay`: send committed messages to the queue, and call every county's daily sweep."""

from __future__ import annotations

import asyncio
import logging
import signal

import asyncpg
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from tenants.database.session import close_database, open_database
from tenants.ground.clock import SHANGHAI, today
from tenants.ground.pulse import beat
from tenants.ground.redis import close_redis
from tenants.queue.relay import run_relay
from tenants.worker.tasks import enqueue_sweeps

log = logging.getLogger(__name__)
# Ten minutes past midnight, and every hour again for what was missed (the machine was off, a county was just opened):
# a county that has had its sweep of the day does not get another, however often and by whomever it is called.
_MINUTE = 10


async def main() -> None:
    """Relay and sweep until SIGTERM or Ctrl-C."""
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    await open_database(max_size=2)
    scheduler = AsyncIOScheduler(timezone=SHANGHAI)
    scheduler.add_job(_sweep_today, CronTrigger(minute=_MINUTE), coalesce=True)
    scheduler.add_job(_sweep_today)
    scheduler.start()
    pulse = asyncio.create_task(beat())
    try:
        await _relay()
    except asyncio.CancelledError:
        log.info("relay: asked to stop")
    finally:
        pulse.cancel()
        scheduler.shutdown(wait=False)
        await close_redis()
        await close_database()


async def _relay() -> None:
    while True:
        try:
            await run_relay()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as failure:
            log.warning("relay: the database is away (%s), trying again", failure)
            await asyncio.sleep(1)


async def _sweep_today() -> None:
    log.info("relay: daily sweep called for %d counties", await enqueue_sweeps(today()))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(main())
