"""Dates that cannot be, whatever the rules say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from core.casework.model import LoadedCase
from core.errors import Invalid
from core.register.check import EARLIEST
from core.text import refuse_future
from dangwu import Regime, explain

LATEST = date(2199, 12, 31)


def check_day(case: LoadedCase, regime: Regime, day: date, today: date) -> None:
    """Raise Invalid for a day to come, before the person was born, or before the case began."""
    refuse_future("day", "办理日期", day, today)
    if case.born and day <= case.born:
        raise Invalid(
            f"办理日期 {day} 早于{case.person_name}的出生日期 {case.born}。请核对日期。",
            fields={"day": "早于出生日期。"},
        )
    if day < case.started:
        began = regime.plan(case.procedure).procedure.opens.day
        raise Invalid(
            f"办理日期 {day} 早于{began}的日期 {case.started}。请核对日期。",
            fields={"day": f"早于{began}的日期。"},
        )


def check_dates(born: date | None, regime: Regime, dates: Mapping[str, date]) -> None:
    """Raise Invalid (fields `date.name`) for a date of the person that is of no living memory, or before he was born."""
    wrong = {}
    for name, day in dates.items():
        title = explain.title(regime, name)
        if not EARLIEST <= day <= LATEST:
            wrong[f"date.{name}"] = f"{title}的日期 {day} 不在 1900 年至 2199 年之间。请核对年份。"
        elif born and day <= born:
            wrong[f"date.{name}"] = f"{title}的日期 {day} 早于出生日期 {born}。请核对日期。"
    if wrong:
        raise Invalid("".join(wrong.values()), fields=wrong)
