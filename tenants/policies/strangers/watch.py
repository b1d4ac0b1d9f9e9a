"""Watching a process while it works: what it may use, and what it has used."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

from dangwu import apart

_TICKS = os.sysconf("SC_CLK_TCK")
ASLEEP = "S"


class Broken(Exception):
    """It has gone beyond its limits, or has ended; a few words for whoever reads the finding."""


class Seen(NamedTuple):
    """A process as the system sees it: its state, its seconds of processor time, how many threads it has."""

    state: str
    busy: float
    threads: int


def seen(pid: int) -> Seen | None:
    """None where the system does not tell (only Linux does), or the process is gone."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return None
    told = line.rpartition(")")[2].split()
    return Seen(told[0], (int(told[11]) + int(told[12])) / _TICKS, int(told[17]))


class Watch:
    """One piece of work of a process, from its beginning on; `look` as often as one likes."""

    def __init__(self, pid: int, limits: apart.limits.Limits) -> None:
        self.pid, self.limits = pid, limits
        self.began = self.moved = self.looked = time.monotonic()
        found = seen(pid)
        self.before = self.busy = found.busy if found else 0.0
        self.slept = 0.0

    def look(self) -> None:
        """Raises Broken beyond the limits."""
        now, found = time.monotonic(), seen(self.pid)
        if found is None or found.state != ASLEEP:
            self.moved = now
        else:
            self.slept += now - self.looked
        self.looked, self.busy = now, found.busy if found else self.busy
        if self.busy - self.before > self.limits.busy:
            raise Broken(f"运算超过 {self.limits.busy:g} 秒")
        if now - self.moved > self.limits.idle:
            raise Broken(f"停着等待超过 {self.limits.idle:g} 秒")
        self.end()

    def end(self) -> None:
        """Raises Broken after the time that all of it may take, whatever the process does."""
        if time.monotonic() - self.began > self.limits.wall:
            raise Broken(f"用时超过 {self.limits.wall:g} 秒")

    @property
    def spent(self) -> float:
        """The seconds that whoever asked has waited for it: while it worked, and while it slept."""
        found = seen(self.pid)
        return (found.busy if found else self.busy) - self.before + self.slept
