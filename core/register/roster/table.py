"""A sheet as it was opened: its cells, and what it hides."""

from __future__ import annotations

from typing import Any, NamedTuple


class Table(NamedTuple):
    """Rows of cells from A1 on; `hidden_rows` are numbers from 1."""

    name: str
    rows: list[list[Any]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    """Indexes from 0."""
    later: int = 0
    """So many days later than they seem are days that are stored as plain numbers."""
    unknown: str = ""
    """What this kind of file does not tell us, as a sentence."""
