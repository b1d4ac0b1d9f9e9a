"""What an address asks of a list: short texts, days, and units that are named by their id."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar.params import QueryParameter

from core.days import day_of
from core.errors import Invalid

Text = Annotated[str, QueryParameter(max_length=100)]
"""A query parameter: `q: Text = ""`."""


def unit_asked(text: str) -> UUID | None:
    """The id of a unit; None where none was picked, an id that nobody has for what is no id."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)


EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""What a list can be asked about: there is a day before and a day after."""


def day_asked(text: str) -> date | None:
    """A day as people write it; None where none was given. Raises Invalid for what is none, or is too far away."""
    day = day_of(text) if text else None
    if text and day is None:
        raise Invalid(f"“{text}”不是一个日期。请写成 2026-06-16 这样。", code="day")
    if day and not EARLIEST <= day <= LATEST:
        raise Invalid(f"{day} 太早或太晚，请填写 1900 年到 2199 年之间的日期。", code="day")
    return day
