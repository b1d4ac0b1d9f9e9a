"""What an address asks of the statistics; of nothing said, today and this year."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.errors import Invalid
from core.statistics.counts import CountQuery
from core.statistics.dimensions import DIMENSIONS
from core.statistics.yearly.report import Wanted
from web.kit.here import FromHere
from web.kit.query import Text, Year, day_asked, unit_asked


class Period(msgspec.Struct, frozen=True):
    """From the beginning of `since` to the end of `until`, of a unit or of all that one sees."""

    unit_id: UUID | None
    since: date
    until: date


def asked_of(
    here: FromHere, unit: Text = "", day: Text = "", by: Text = "sex", since: Text = ""
) -> CountQuery:
    """Litestar dependency `asked`. Raises Invalid for what is no day, a coming one, or no dimension."""
    if by not in DIMENSIONS:
        raise Invalid("请从列出的分组中选择。", fields={"by": "请从列出的分组中选择。"})
    on = _past(here, "day", day) or here.today
    return CountQuery(day=on, dimension=by, unit_id=unit_asked(unit), since=_past(here, "since", since))


def period_of(here: FromHere, unit: Text = "", since: Text = "", until: Text = "") -> Period:
    """Litestar dependency `period`. Raises Invalid for what is no day, or a coming one."""
    last = _past(here, "until", until) or here.today
    return Period(unit_asked(unit), _past(here, "since", since) or date(last.year, 1, 1), last)


def wanted_of(here: FromHere, unit: Text = "", year: Year = None) -> Wanted:
    """Litestar dependency `wanted`; of no year said, this one."""
    return Wanted(year or here.today.year, unit_asked(unit))


def _past(here: FromHere, field: str, text: str) -> date | None:
    day = day_asked(text)
    if day is not None and day > here.today:
        raise Invalid(f"{day} 还没有到。统计只能到今天为止。", fields={field: "还没有到。"})
    return day
