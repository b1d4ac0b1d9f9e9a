"""The filter of a list of cases, in an address and back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import msgspec
from litestar.params import QueryParameter

from core.casework.lists.cases import CaseFilter
from web.kit.here import FromHere
from web.kit.procedures import procedure_named
from web.kit.query import Text, one_of, unit_asked

State = Annotated[str, QueryParameter(name="state", max_length=20)]

STATUSES = ("running", "completed", "closed")
DUE = {"overdue": "已经逾期", "week": "7 天内到期", "month": "30 天内到期"}
STUCK = {"stuck": "停滞：未通过，或者轮到人办而 60 天没有新记录"}
UNTIL = {"week": "7 天内期满", "month": "30 天内期满"}
SORTS = {"name": "按姓名拼音", "due": "按到期先后", "started": "按开始先后"}


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What the address asks for: the filter of core, and the words of the address that made it."""

    filter: CaseFilter
    sort: str
    due: str
    until: str


def wanted_of(
    here: FromHere,
    procedure: Text = "",
    q: Text = "",
    status: Text = "running",
    stage: Text = "",
    step: Text = "",
    at: State = "",
    reason: Text = "",
    membership: Text = "",
    waits: Text = "",
    due: Text = "",
    until: Text = "",
    stuck: Text = "",
    unit: Text = "",
    sort: Text = "name",
) -> Wanted:
    """Litestar dependency `wanted`: of one procedure, the default one where none is named. Raises NotFound for an unknown one.

    What cannot be chosen is refused; a word of a policy that there is not narrows to nothing; an empty one does not narrow.
    """
    narrowed = CaseFilter(
        procedure=procedure_named(procedure),
        status=one_of("status", status, STATUSES) or "running",
        stage=stage or None, step=step or None, state=at or None, reason=reason or None,
        membership=membership or None, waits_for=waits or None,
        due_before=_day(one_of("due", due, DUE), here.today),
        waiting_before=_day(one_of("until", until, UNTIL), here.today),
        stuck_on=here.today if one_of("stuck", stuck, STUCK) else None,
        unit_id=unit_asked(unit), search=q,
    )  # fmt: skip
    return Wanted(
        filter=narrowed,
        sort=one_of("sort", sort, SORTS) or "name",
        due=due,
        until=until,
    )


def address_of(wanted: Wanted) -> dict[str, str]:
    """The query parameters that ask for this list again; what is as usual is left empty."""
    kept = wanted.filter
    return {
        "procedure": kept.procedure if kept.procedure and kept.procedure != procedure_named("") else "",
        "q": kept.search,
        "status": kept.status if kept.status and kept.status != "running" else "",
        "stage": kept.stage or "",
        "step": kept.step or "",
        "state": kept.state or "",
        "reason": kept.reason or "",
        "membership": kept.membership or "",
        "waits": kept.waits_for or "",
        "due": wanted.due,
        "until": wanted.until,
        "stuck": "stuck" if kept.stuck_on else "",
        "unit": str(kept.unit_id) if kept.unit_id else "",
        "sort": wanted.sort if wanted.sort != "name" else "",
    }


def _day(word: str, today: date) -> date | None:
    days = {"overdue": -1, "week": 7, "month": 30}.get(word)
    return today + timedelta(days=days) if days is not None else None
