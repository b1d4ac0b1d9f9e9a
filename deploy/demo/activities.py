"""A year of organisation life of a demo county: what its branches and committees held, and what some of them missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid4

from core.bulk import insert_many
from core.organisation.model import UnitView
from dangwu import add_months
from deploy.demo.people import Inhabitant
from deploy.demo.staff import Officer, Staff

COLUMNS = (
    "id", "kind", "also", "led_by", "unit_id", "path", "day", "place", "chair", "recorder", "minutes", "hours", "themes",
    "eligible", "present", "why", "by_id", "by_name",
)  # fmt: skip
ROLL = ("activity_id", "person_id", "name", "state", "reason")
MONTHS = 12
LAZY = 7
"""Every so many months a branch has no 主题党日."""
THEMES = (
    "political-theory", "party-constitution", "party-purpose", "revolutionary-tradition", "current-affairs",
    "political-training", "knowledge-and-skills",
)  # fmt: skip
"""Of the months in turn, as the national policy names them."""
HOURS = 3.0


class Held(NamedTuple):
    """An activity as a row, in the order of COLUMNS."""

    id: UUID
    kind: str
    also: list[str]
    led_by: str
    unit_id: UUID
    path: str
    day: date
    place: str
    chair: str
    recorder: str
    minutes: str
    hours: float
    themes: list[str]
    eligible: int
    present: int
    why: str
    by_id: UUID
    by_name: str


async def enter_activities(staff: Staff, members: Mapping[UUID, list[Inhabitant]], today: date) -> None:
    """All of it, in rows; at the branches with who was there."""
    rows = [row for row in _all(staff, members, today) if row.day <= today]
    await insert_many("activity", COLUMNS, rows)
    await insert_many("attendance", ROLL, list(_rolls(rows, _by_unit(staff, members))))


def _by_unit(staff: Staff, members: Mapping[UUID, list[Inhabitant]]) -> Mapping[UUID, Sequence[Inhabitant]]:
    """Who belongs to a branch as a whole, and to each of its groups."""
    groups = {
        group.id: members[branch.unit.id][number :: len(branch.groups)]
        for branch in staff.tree.branches
        for number, group in enumerate(branch.groups)
    }
    return {**members, **groups}


def _all(staff: Staff, members: Mapping[UUID, list[Inhabitant]], today: date) -> Iterator[Held]:
    months = [add_months(today.replace(day=1), -back) for back in range(MONTHS, -1, -1)]
    for number, branch in enumerate(staff.tree.branches):
        by, full = staff.holding("branch-secretary", branch.unit), len(members[branch.unit.id])
        for month in months:
            if (number + month.month) % LAZY:
                yield _row(by, "party-day", _others(month), month.replace(day=5 + number % 15), full)
                for place, group in enumerate(branch.groups):
                    size = len(members[branch.unit.id][place :: len(branch.groups)])
                    yield _row(by, "group-meeting", [], month.replace(day=21 + place % 5), size, group)
    for committee in staff.tree.committees:
        by = staff.holding("committee-secretary", committee)
        for month in months:
            if month.month == 6:
                yield _row(by, "lecture", [], month.replace(day=30), 30, led_by=by.role)


def _others(month: date) -> list[str]:
    """What the meeting of a month was besides: 集中学习, each quarter a 党员大会, once 谈心谈话."""
    found = ["study-hours", "branch-meeting"] if month.month % 3 == 2 else ["study-hours"]
    return [*found, "heart-to-heart"] if month.month == 9 else found


def _row(
    by: Officer,
    kind: str,
    also: list[str],
    day: date,
    full: int,
    unit: UnitView | None = None,
    led_by: str = "",
) -> Held:
    at, themes = unit or by.unit, [THEMES[day.month % len(THEMES)]]
    return Held(
        uuid4(), kind, also, led_by, at.id, at.path, day, "会议室", by.name, by.name, "", HOURS if unit is None else 0, themes,
        full, full - len(_away(full, day)), "", by.id, by.name,
    )  # fmt: skip


def _away(full: int, day: date) -> dict[int, str]:
    """Which of so many members were not there that month, and why: others each time, never all."""
    away = {day.month % full: "外出务工", (day.month * 5 + 2) % full: "生病"} if full > 1 else {}
    return away if len(away) < full else dict(list(away.items())[1:])


def _rolls(
    rows: Sequence[Held], members: Mapping[UUID, Sequence[Inhabitant]]
) -> Iterator[tuple[object, ...]]:
    for row in rows:
        people = members.get(row.unit_id, [])
        away = _away(len(people), row.day) if people else {}
        for number, one in enumerate(people):
            state = "absent" if number in away else "present"
            yield row.id, one.id, one.draft.name, state, away.get(number, "")
