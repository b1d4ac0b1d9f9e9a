"""Under which units a unit has stood, and when: what reached it before it was moved still judges what had begun by then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from core.casework.model import Way

Span = tuple[date, date]
"""From a day until the day before the second."""

ALWAYS: Span = (date.min, date.max)


class Move(NamedTuple):
    """The unit at `path` (its present one) was moved on `day`; `was` is the present path of the parent that it left."""

    path: str
    day: date
    was: str


def lineage(way: Way, moves: Iterable[Move]) -> Mapping[str, tuple[Span, ...]]:
    """The unit at the end of the way and every unit above it, now or earlier, by present path, with the times it stood there; and
    of each unit that a case has left the same, for the time that it was there."""
    by_unit: dict[str, list[Move]] = {}
    for move in sorted(moves, key=lambda one: one.day):
        by_unit.setdefault(move.path, []).append(move)
    found: dict[str, list[Span]] = {}
    came = date.min
    for was, day in way.left:
        _walk(was, (came, day), by_unit, found)
        came = max(came, day)
    _walk(way.path, (came, date.max), by_unit, found)
    return {above: _merged(spans) for above, spans in found.items()}


def _walk(path: str, span: Span, moves: Mapping[str, list[Move]], found: dict[str, list[Span]]) -> None:
    start, end = span
    if start >= end:
        return
    found.setdefault(path, []).append(span)
    for move in moves.get(path, ()):
        _walk(move.was, (start, min(end, move.day)), moves, found)
        start = max(start, move.day)
    parent = path.rstrip("/").rpartition("/")[0]
    if parent:
        _walk(parent + "/", (start, end), moves, found)


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans that touch as one: nothing changes where a unit stays under the same one through a move."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
