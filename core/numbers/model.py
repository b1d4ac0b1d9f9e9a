"""Values of numbers of forms."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

STATES = {"allotted": "未用", "used": "已用", "void": "作废"}
MOST_AT_ONCE = 500


class NumberLine(msgspec.Struct, frozen=True, kw_only=True):
    """A number as a list shows it; `case_id` and `name` of whom it is used for, `by_hand`: nobody had allotted it here."""

    id: UUID
    step: str
    number: str
    state: str
    by_hand: bool
    case_id: UUID | None
    name: str | None
    unit_name: str
    path: str
    paper: str
    note: str
    changed: date
    by_name: str
    at: datetime


class Used(msgspec.Struct, frozen=True):
    """A case with the numbers that its records give: `asked`, by step, those that must come from the quota; `given` all."""

    case_id: UUID
    unit_id: UUID
    path: str
    asked: tuple[tuple[str, str], ...]
    given: frozenset[tuple[str, str]]
