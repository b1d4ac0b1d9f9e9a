"""What a worker process needs before its first task: the database, the installation's secret, and news of policies."""

from __future__ import annotations

import asyncio
import logging
import os

from dramatiq import Broker, Worker
from dramatiq.asyncio import EventLoopThread, get_event_loop_thread
from dramatiq.middleware import Middleware

from core import events
from tenants.database import vault
from tenants.database.session import close_database, open_database
from tenants.ground import traces
from tenants.ground.logs import write_logs
from tenants.ground.pulse import beat_beside
from tenants.ground.redis import close_redis
from tenants.letters import hear
from tenants.notices.produce import hear as hear_notices
from tenants.policies.hooks.reactions import tell_plugins
from tenants.policies.news import listen
from tenants.policies.texts import read_all
from tenants.queue.starts import leave
from tenants.worker.ledger import keep_closing

log = logging.getLogger(__name__)
CANNOT_START = 3


class Connections(Middleware):
    """Opens them in the worker's event loop when it starts, closes them when it stops. Goes after Dramatiq's AsyncIO."""

    def __init__(self) -> None:
        self._beside: list[asyncio.Task[None]] = []

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Dramatiq calls this before the first message is taken."""
        try:
            write_logs()
            vault.install()
            traces.begin("worker")
            _loop().run_coroutine(self._open())
            beat_beside()
        except Exception:
            # Dramatiq would go on without a database, or hang on its event loop's thread. Ended, it is started again by what
            # watches over it.
            log.exception("the worker cannot reach what it needs, and ends")
            os._exit(CANNOT_START)

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        """Dramatiq calls this while its threads still run; what they have begun is waited for by `close_database`."""
        for task in self._beside:
            _loop().loop.call_soon_threadsafe(task.cancel)
        _loop().run_coroutine(leave())

    def after_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        """Dramatiq calls the middleware in reverse order here: the event loop still runs."""
        _loop().run_coroutine(_close())
        traces.end()

    async def _open(self) -> None:
        await open_database()
        await vault.check()
        await read_all()
        events.listen(hear)
        events.listen(tell_plugins)
        events.listen(hear_notices)
        self._beside = [asyncio.create_task(work) for work in (listen(), keep_closing())]


async def _close() -> None:
    await close_redis()
    await close_database()


def _loop() -> EventLoopThread:
    thread = get_event_loop_thread()
    if thread is None:
        raise RuntimeError("the AsyncIO middleware has not started its event loop")
    return thread
