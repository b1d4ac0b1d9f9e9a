"""The command lines of the platform's three processes."""

from __future__ import annotations

import sys

from deploy.settings import Settings
from deploy.supervisor import Program

# Below the 20 s that the supervisor gives before it kills: an unfinished message is delivered again.
_WORKER_SHUTDOWN_MS = 15_000


def web(settings: Settings, workers: int = 1) -> Program:
    """The pages and the API, served by granian."""
    options = {
        "--interface": "asgi",
        "--host": settings.host,
        "--port": str(settings.port),
        "--workers": str(workers),
        "--workers-kill-timeout": "10",
        "--log-level": "warning",
    }
    argv = [sys.executable, "-m", "granian", "web.proxies:served", "--factory", "--no-ws"]
    return Program("web", "网页服务", (*argv, *(word for pair in options.items() for word in pair)))


def worker(processes: int = 1, threads: int = 4) -> Program:
    """The queue's worker: imports, policy refresh, sweeps."""
    argv = [
        sys.executable,
        "-m",
        "dramatiq",
        "tenants.worker.tasks",
        "--processes",
        str(processes),
        "--threads",
        str(threads),
    ]
    return Program("worker", "后台任务", (*argv, "--worker-shutdown-timeout", str(_WORKER_SHUTDOWN_MS)))


def relay() -> Program:
    """What sends committed messages to the queue and calls the daily sweep."""
    return Program("relay", "消息转发", (sys.executable, "-m", "deploy.relay"))
