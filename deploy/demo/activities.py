"""A year of organisation life of a demo county: what its branches and committees held, and what some of them missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from core.bulk import insert_many
from dangwu import add_months
from deploy.demo.people import Inhabitant
from deploy.demo.staff import Officer, Staff

COLUMNS = (
    "kind", "also", "led_by", "unit_id", "path", "day", "place", "chair", "recorder", "minutes", "eligible", "present",
    "why", "by_id", "by_name",
)  # fmt: skip
MONTHS = 12
LAZY = 7
"""Every so many months a branch has no 主题党日."""


async def enter_activities(staff: Staff, members: Mapping[UUID, list[Inhabitant]], today: date) -> None:
    """All of it, in rows."""
    rows = [row for row in _all(staff, members, today) if row[5] <= today]
    await insert_many("activity", COLUMNS, rows)


Row = tuple[str, list[str], str, UUID, str, date, str, str, str, str, int, int, str, UUID, str]


def _all(staff: Staff, members: Mapping[UUID, list[Inhabitant]], today: date) -> Iterator[Row]:
    months = [add_months(today.replace(day=1), -back) for back in range(MONTHS, -1, -1)]
    for number, branch in enumerate(staff.tree.branches):
        by, full = staff.holding("branch-secretary", branch.unit), len(members[branch.unit.id])
        for month in months:
            if (number + month.month) % LAZY:
                yield _row(by, "party-day", _others(month), month.replace(day=5 + number % 15), full)
    for committee in staff.tree.committees:
        by = staff.holding("committee-secretary", committee)
        for month in months:
            if month.month == 6:
                yield _row(by, "lecture", [], month.replace(day=30), 30, led_by=by.role)


def _others(month: date) -> list[str]:
    """What the meeting of a month was besides: each quarter a 党员大会, at the year's end more."""
    found = ["branch-meeting"] if month.month % 3 == 2 else []
    return [*found, "heart-to-heart"] if month.month == 9 else found


def _row(by: Officer, kind: str, also: list[str], day: date, full: int, led_by: str = "") -> Row:
    name = by.name
    return (
        kind, also, led_by, by.unit.id, by.unit.path, day, "会议室", name, name, "", full, max(1, full - 2), "", by.id, name,
    )  # fmt: skip
