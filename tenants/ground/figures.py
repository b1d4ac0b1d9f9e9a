"""What this process counts while it works, for Prometheus; the web processes of one machine count into one folder.

A scrape reaches one process of several: with counters of its own it would tell of a part, each time another.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import psutil
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from tenants.ground.environment import FIGURES_FOLDER

FIGURES = CollectorRegistry()
"""Whatever is counted registers here."""


class Now(Collector):
    """Figures that are read at the moment of the scrape."""

    def __init__(self, read: list[Metric]) -> None:
        self._read = read

    def collect(self) -> Iterable[Metric]:
        """These."""
        return self._read


def gathered(now: list[Metric]) -> CollectorRegistry:
    """What all processes of the folder have counted since the web service began, and what was read `now`."""
    registry = CollectorRegistry()
    registry.register(Now(now))
    if folder := os.environ.get(FIGURES_FOLDER):
        _forget_dead(Path(folder))
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(Now(list(FIGURES.collect())))
    return registry


def _forget_dead(folder: Path) -> None:
    """A process that was killed holds no connections any more; what it has counted stays counted."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not psutil.pid_exists(pid):
            mark_process_dead(pid)  # type: ignore[no-untyped-call]
