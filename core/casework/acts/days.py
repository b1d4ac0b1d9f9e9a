"""Dates that cannot be, whatever the rules say."""

from __future__ import annotations

from datetime import date

from core.casework.model import LoadedCase
from core.errors import Invalid
from core.text import refuse_future


def check_day(case: LoadedCase, day: date, today: date) -> None:
    """Raise Invalid for a day to come, before the person was born, or before the case began."""
    refuse_future("day", "办理日期", day, today)
    if case.born and day <= case.born:
        raise Invalid(
            f"办理日期 {day} 早于{case.person_name}的出生日期 {case.born}。请核对日期。",
            fields={"day": "早于出生日期。"},
        )
    if day < case.started:
        raise Invalid(
            f"办理日期 {day} 早于递交入党申请的日期 {case.started}。请核对日期。",
            fields={"day": "早于申请日期。"},
        )
