"""The day that papers bear."""

from __future__ import annotations

from datetime import date

from core.days import day_of
from core.errors import Invalid
from web.kit.here import Here

FARTHEST = 366


def dated(here: Here, text: str) -> date:
    """Today, unless another day is asked for. Raises Invalid for what is none, or is more than a year away."""
    day = day_of(text) if text else here.today
    if day is None or abs((day - here.today).days) > FARTHEST:
        raise Invalid(f"文书的日期“{text[:20]}”不能用。请填写前后一年以内的日期，例如 {here.today}。")
    return day
