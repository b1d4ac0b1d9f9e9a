"""The day, read from the clock: only at the edge (a task that starts by itself); everywhere else the day is a parameter."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """Today in China."""
    return now().date()


def now() -> datetime:
    """The moment, in China's time."""
    return datetime.now(SHANGHAI)
