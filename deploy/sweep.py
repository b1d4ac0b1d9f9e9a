"""`python -m deploy.sweep`: call every county's daily sweep and reminders, and end: the relay would keep what that takes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from tenants.database.session import close_database, open_database
from tenants.ground.clock import now, today
from tenants.ground.logs import write_logs
from tenants.notices.hourly import send_waiting
from tenants.quotas import warn_everywhere
from tenants.worker.tasks import enqueue_reminders, enqueue_sweeps

log = logging.getLogger(__name__)


async def main() -> None:
    """Call for what has not been called for today. What fails of it keeps nothing else, and is raised in the end."""
    calls: dict[str, Callable[[], Awaitable[int]]] = {
        "daily sweep called for %d counties": lambda: enqueue_sweeps(today()),
        "daily reminders called for %d counties": lambda: enqueue_reminders(now()),
        "told of quotas that are nearly reached: %d": lambda: warn_everywhere(now()),
        "mails and pushes of notices called for: %d": lambda: send_waiting(now()),
    }
    failures: list[Exception] = []
    await open_database(max_size=1)
    try:
        for said, call in calls.items():
            try:
                log.info(said, await call())
            except Exception as failure:
                failures.append(failure)
    finally:
        await close_database()
    if failures:
        raise ExceptionGroup("not all was called for", failures)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    write_logs()
    asyncio.run(main())
