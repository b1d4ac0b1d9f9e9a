"""A file as it was on a day, from its changes alone: each kind taken back, and what was not kept is not known."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.register.past import Change, Past, on_day


def change(kind: str, day: int, **detail: Any) -> Change:
    """A change of a day in March."""
    return Change(kind=kind, day=date(2026, 3, day), detail=detail)


HISTORY = [
    change("left", 30, how="died"),
    change("followed", 20, membership="full"),
    change("corrected", 18, batch="b"),
    change("carried", 15, was="old", now="new"),
    change("corrected", 10, fields=["job", "phone"], was={"job": None}, now={"job": "教师"}),
    change("followed", 5, membership="probationary"),
    change("entered", 1, unit="old"),
]
NOW = Past(
    {"job": "教师", "phone": "139****5678", "membership": "full", "unit": "new", "joined": "j"},
    frozenset(),
    False,
)


def on(day: int) -> Past:
    """The file on a day of March."""
    return on_day(NOW, HISTORY, date(2026, 3, day))


def test_later_changes_are_taken_back_day_by_day() -> None:
    assert on(30) == NOW
    assert on(29).there
    assert on(29).values["membership"] == "full"
    assert on(19).values["membership"] == "full"
    assert "membership" in on(19).unknown, "a roster has come between: what it said was not kept"
    earlier = on(17)
    assert earlier.values["membership"] == "probationary"
    assert "membership" not in earlier.unknown, "the case has said it before the roster"
    assert {"joined", "phone"} <= earlier.unknown
    assert earlier.values["job"] == "教师"
    assert "job" not in earlier.unknown
    assert earlier.values["unit"] == "new"
    assert on(14).values["unit"] == "old"
    assert on(9).values["job"] is None
    assert "job" not in on(9).unknown


def test_whoever_came_back_was_away_and_a_merge_is_taken_back() -> None:
    back = [change("returned", 9), change("left", 2)]
    there = Past({"membership": "none", "unit": "u"}, frozenset(), True)
    assert [on_day(there, back, date(2026, 3, day)).there for day in (1, 5, 9)] == [True, False, True]
    mistaken = [change("returned", 9, mistaken=True), change("left", 2)]
    assert on_day(there, mistaken, date(2026, 3, 5)).there
    gone = [change("severed", 9, other="x"), change("merged", 2, other="x")]
    assert [on_day(there, gone, date(2026, 3, day)).there for day in (1, 5, 9)] == [True, False, True]
