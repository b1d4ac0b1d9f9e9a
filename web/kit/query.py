"""What an address asks of a list: short texts, and units that are named by their id."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar.params import QueryParameter

Text = Annotated[str, QueryParameter(max_length=100)]
"""A query parameter: `q: Text = ""`."""


def unit_asked(text: str) -> UUID | None:
    """The id of a unit; None where none was picked, an id that nobody has for what is no id."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)
