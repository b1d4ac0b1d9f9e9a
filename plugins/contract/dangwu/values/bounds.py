"""How much is possible at all: a number beyond its bound is a slip of the keyboard, and is refused where it is written.

So nothing that has been read can make a reckoning of dates fail (design §3.4, Bounds).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Dates of people and of acts lie between these, both included."""

Days = Annotated[int, Meta(ge=0, le=3660)]
Months = Annotated[int, Meta(ge=0, le=240)]
Hours = Annotated[int, Meta(ge=0, le=10_000)]
Age = Annotated[int, Meta(ge=0, le=120)]
Count = Annotated[int, Meta(ge=0, le=1000)]
People = Annotated[int, Meta(ge=0, le=1_000_000)]
"""Of a vote or a poll: whoever is entitled, invited, present."""
Mark = Annotated[float, Meta(ge=0, le=1000)]
Amount = Annotated[float, Meta(ge=0, le=10_000)]
"""Of training: hours or days, in parts."""


def is_possible(day: date) -> bool:
    """Whether a date lies within the bounds."""
    return FIRST_DAY <= day <= LAST_DAY
