"""How long people take: days between the moment a step can be done and the day on which it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from dangwu import is_workday

PAUSES: dict[str, tuple[int, int]] = {
    "application": (0, 0), "application-notice": (0, 3), "applicant-talk": (5, 24), "activist-recommendation": (15, 45),
    "activist-decision": (8, 30), "activist-notice": (0, 2), "activist-filing": (2, 8), "mentor-appointment": (2, 8),
    "relative-declaration": (5, 30), "early-inspection": (5, 15), "prospect-inquiry": (3, 12),
    "prospect-selection": (4, 15), "prospect-review": (3, 8), "prospect-consent": (3, 10), "prospect-notice": (1, 3),
    "sponsor-appointment": (1, 6), "political-review": (8, 20), "intensive-training": (8, 25), "joint-review": (7, 15),
    "branch-review": (3, 8), "pre-review": (4, 10), "department-audit": (3, 8), "admission-form": (1, 5),
    "admission-notice": (0, 2), "mass-appraisal-admission": (1, 3), "admission-meeting": (1, 5),
    "pre-approval-talk": (4, 12), "admission-approval": (5, 15), "organizer-vote": (4, 12), "admission-filing": (2, 8),
    "group-assignment": (1, 6), "oath": (6, 22), "probation": (150, 250), "revisit": (3, 12),
    "conversion-application": (0, 4), "conversion-notice": (0, 2), "mass-appraisal-conversion": (1, 3),
    "conversion-meeting": (1, 6), "conversion-approval": (4, 14), "archive-cross-check": (4, 15), "archiving": (3, 10),
}  # fmt: skip

CULTIVATION = ((130, 175), (150, 180))
BRISK_CULTIVATION = ((95, 120), (100, 130))
"""The two assessments of the year of cultivation: after how many days the first, and how many later the second."""

BRISK = 0.35
ENTERED_LATER = (0, 0, 0, 1, 1, 2)


def pause(chance: Random, step: str, times: int, *, brisk: bool) -> timedelta:
    """The pause before a step that has been recorded `times` times."""
    if step == "cultivation":
        low, high = (BRISK_CULTIVATION if brisk else CULTIVATION)[min(times, 1)]
        return timedelta(days=chance.randint(low, high))
    days = chance.randint(*PAUSES.get(step, (1, 6)))
    return timedelta(days=round(days * BRISK) if brisk else days)


def expected(steps: Sequence[str], *, brisk: bool) -> int:
    """About how many days these steps take one after another, rather too many."""
    days = 0.0
    for step in steps:
        low, high = PAUSES.get(step, (1, 6))
        days += (low + high) / 2 * (BRISK if brisk else 1) + (12 if step.endswith("-notice") else 0)
        days += {"cultivation": 300, "probation": 230}.get(step, 0)
    return round(days) + 15


def at_work(day: date, level: str) -> date:
    """`day`, or the next one on which that level works; branches also meet on Saturdays and Sundays."""
    while level in ("committee", "department") and not is_workday(day):
        day += timedelta(days=1)
    return day


def holiday_eve(today: date) -> date:
    """The last day of work before the latest holiday of a week or so that is over."""
    day = today - timedelta(days=25)
    while sum(not is_workday(day + timedelta(days=number)) for number in range(1, 8)) < 6:
        day -= timedelta(days=1)
    while not is_workday(day):
        day -= timedelta(days=1)
    return day
