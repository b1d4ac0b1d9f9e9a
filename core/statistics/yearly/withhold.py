"""Few people in a row are somebody: whoever may not see these people does not see these rows.

Whoever sees the people in a unit (`person.view`) learns nothing from a count of them; others see the tables without the rows that
hold one or two. A row alone would follow from the total, so there are at least two; beside rows of nobody the total is the row.
"""

from __future__ import annotations

import msgspec

from core.statistics.yearly.model import Line, Table

FEW = 3
"""Fewer than so many are not shown."""


def withheld(table: Table) -> Table:
    """The same table without its rows of few, a total of few among them."""
    hidden = {place for place, line in enumerate(table.lines) if _few(line)}
    if len(hidden) == 1:
        shown = [place for place, line in enumerate(table.lines) if place not in hidden and _most(line)]
        smallest = sorted(shown, key=lambda place: _most(table.lines[place]))[:1]
        hidden |= set(smallest or range(len(table.lines)))
    lines = tuple(
        Line(line.title, None) if place in hidden else line for place, line in enumerate(table.lines)
    )
    total = table.total
    shown_total = Line(total.title, None) if total is not None and _few(total) else total
    return msgspec.structs.replace(table, lines=lines, total=shown_total)


def _few(line: Line) -> bool:
    return any(0 < figure < FEW for figure in line.figures or ())


def _most(line: Line) -> float:
    return max(line.figures or (0,))
