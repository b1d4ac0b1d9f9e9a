"""The one place where the web reads the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from litestar.datastructures import State

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """The calendar day in China now."""
    return datetime.now(SHANGHAI).date()


def today_of(state: State) -> date:
    """Today for this application: its clock, unless a test has put another `today` into the state."""
    override: Callable[[], date] | None = state.get("today")
    return override() if override else today()
