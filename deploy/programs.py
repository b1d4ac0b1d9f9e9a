"""The command lines of the platform's three processes."""

from __future__ import annotations

import resource
import sys

from deploy.settings import Settings
from deploy.supervisor import Program

# Below the 20 s that the supervisor gives before it kills: an unfinished message is delivered again.
_WORKER_SHUTDOWN_MS = 15_000

MOST_CONNECTIONS = 8192
"""Of the web server, over all its processes. How many requests work at once is another matter (tenants/database/shares.py)."""

SILENT_MS = 10_000
"""A connection that has not said what it wants by then, or has nothing more to say, is closed."""


def web(settings: Settings, workers: int = 1) -> Program:
    """The pages and the API."""
    given = (settings.host, str(settings.port), str(workers), str(SILENT_MS))
    return Program("web", "网页服务", (sys.executable, "-m", "deploy.web", *given), hands_over=True)


def allow_connections() -> None:
    """Let this process and those it starts hold so many connections, as far as the machine's own limit goes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST_CONNECTIONS
    most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def worker(processes: int = 1, threads: int = 4) -> Program:
    """The queue's worker: imports, exports, policy refresh, sweeps."""
    argv = [
        sys.executable,
        "-m",
        "dramatiq",
        "web.worker",
        "--processes",
        str(processes),
        "--threads",
        str(threads),
    ]
    return Program("worker", "后台任务", (*argv, "--worker-shutdown-timeout", str(_WORKER_SHUTDOWN_MS)))


def relay() -> Program:
    """What sends committed messages to the queue and calls the daily sweep."""
    return Program("relay", "消息转发", (sys.executable, "-m", "deploy.relay"))
