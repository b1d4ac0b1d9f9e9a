"""What an address asks of a list: short texts, days, and units that are named by their id."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

from litestar.params import QueryParameter

from core.days import day_of, is_near
from core.errors import Invalid

Text = Annotated[str, QueryParameter(max_length=100)]
"""A query parameter: `q: Text = ""`."""


Year = Annotated[int | None, QueryParameter(ge=1921, le=2199)]
"""A calendar year: `year: Year = None`; the Party was founded in the first."""


def one_of(name: str, text: str, words: Iterable[str]) -> str:
    """A word of an address, "" where none is given. Raises Invalid for one that is none of these: what was misspelt is not passed
    over."""
    known = tuple(word for word in words if word)
    if text and text not in known:
        raise Invalid(
            f"网址里的“{name}”写成了“{text}”，没有这一种。可以写：{'、'.join(known)}。",
            code="unknown-word",
            fields={name: "没有这一种。"},
        )
    return text


def unit_asked(text: str) -> UUID | None:
    """The id of a unit (or of what stands at one); None where none was picked, an id that nobody has for what is no id."""
    try:
        return UUID(text) if text.strip() else None
    except ValueError:
        return UUID(int=0)


Whole = Annotated[int, QueryParameter(ge=0, le=2**31 - 1)]
"""A number of a row, of a text: `after: Whole = 0`."""

FAR = "太早或太晚，请填写 1900 年到 2199 年之间的日期。"


def day_asked(text: str) -> date | None:
    """A day as people write it; None where none was given. Raises Invalid for what is none, or is too far away."""
    day = day_of(text) if text else None
    if text and day is None:
        raise Invalid(f"“{text}”不是一个日期。请写成 2026-06-16 这样。", code="day")
    if day and not is_near(day):
        raise Invalid(f"{day} {FAR}", code="day")
    return day
