"""The meetings of the branch that evidence rests on: each was written down as an activity of that day, or there was none.

A branch that has written down no activity of that year keeps its minutes on paper: what is typed is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from core.casework.model import Evidence
from core.database import fetch
from core.errors import Invalid
from core.organisation.queries import upwards
from dangwu import FAMILIES, kind_of


async def refuse_unheld(path: str, evidence: Evidence, day: date) -> None:
    """Raise Invalid for a meeting that is not among what a case's branch has recorded; the sentence says what is."""
    named = list(_named(evidence))
    if not named:
        return
    rows = await fetch(
        "select day, kind, also from activity where path = any($1) and day between $2 and $3 and not withdrawn"
        " order by day desc",
        list(upwards(path)), day.replace(month=1, day=1), day,
    )  # fmt: skip
    for field, family, held in named if rows else ():
        known = [str(row["day"]) for row in rows if family in (row["kind"], *row["also"])]
        if held not in known:
            title = FAMILIES[family].title if family in FAMILIES else family
            there = f"{day.year} 年记录的是 {'、'.join(known[:5])}" if known else f"{day.year} 年还没有记录过"
            sentence = f"支部没有 {held} 的{title}记录，{there}。请核对日期，或者先记录这次会议。"
            raise Invalid(sentence, code="unheld", fields={field: sentence})


def _named(evidence: Evidence) -> Iterator[tuple[str, str, str]]:
    """The field, the family and the day of each meeting, as typed."""
    for name, given in evidence.items():
        kind = kind_of(name)
        if kind.meetings and isinstance(given, Mapping):
            yield from ((f"{name}.{family}", family, str(held)) for family, held in given.items())
