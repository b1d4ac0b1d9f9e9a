"""What is odd about a person without being wrong: said in the preview, for whoever confirms it to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from core.register.model import PersonDraft
from core.register.roster.columns import TITLES
from core.register.roster.rows import Fault

ADULT = 18
"""党章第一条：年满十八岁."""
_NO_NAME = re.compile(r"[0-9]+|(?<=[^\x00-\x7f])[A-Za-z]+|[A-Za-z]+(?=[^\x00-\x7f])")


def remarks_on(draft: PersonDraft) -> Iterator[Fault]:
    """A name with figures, or with letters among its characters; joined under age; a full member less than a year after
    joining (党章第七条：预备期一年)."""
    if found := _NO_NAME.search(draft.name):
        yield Fault(TITLES["name"], f"姓名里有“{found[0]}”。请与身份证件核对。", mild=True)
    if draft.joined and draft.born and draft.joined < years_after(draft.born, ADULT):
        yield Fault(
            TITLES["joined"], f"当日未满 {ADULT} 周岁（出生日期 {draft.born}）。请核对日期。", mild=True
        )
    if draft.joined and draft.converted and draft.converted < years_after(draft.joined, 1):
        yield Fault(
            TITLES["converted"], f"距{TITLES['joined']} {draft.joined} 不满一年。请核对日期。", mild=True
        )


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
