"""`python -m deploy.sweep`: call every county's daily sweep and reminders, and end: the relay would keep what that takes."""

from __future__ import annotations

import asyncio
import logging

from tenants.database.session import close_database, open_database
from tenants.ground.clock import now, today
from tenants.ground.logs import write_logs
from tenants.notices.hourly import send_waiting
from tenants.quotas import warn_everywhere
from tenants.worker.tasks import enqueue_reminders, enqueue_sweeps

log = logging.getLogger(__name__)


async def main() -> None:
    """Call for what has not been called for today."""
    await open_database(max_size=1)
    try:
        log.info("daily sweep called for %d counties", await enqueue_sweeps(today()))
        log.info("daily reminders called for %d counties", await enqueue_reminders(now()))
        log.info("told of quotas that are nearly reached: %d", await warn_everywhere(now()))
        log.info("mails and pushes of notices called for: %d", await send_waiting(now()))
    finally:
        await close_database()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    write_logs()
    asyncio.run(main())
