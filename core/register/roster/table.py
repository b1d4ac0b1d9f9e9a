"""A sheet as it was opened: its cells, and what it hides."""

from __future__ import annotations

from typing import Any, NamedTuple


class Table(NamedTuple):
    """Rows of cells from A1 on; `hidden_rows` are numbers from 1."""

    name: str
    rows: list[list[Any]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    unknown: str = ""
    """What this kind of file does not tell us, as a sentence."""
