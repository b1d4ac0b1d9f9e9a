"""A person's file as it was on a day: as it stands now, with each later change taken back. What cannot be known is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import fetch, fetchval
from core.errors import Invalid
from core.register.model import FIELD_TITLES, PersonFile
from core.register.queries import person_file
from core.register.service import MEMBERSHIP_FIELDS

FOLLOWED = ("membership", "joined", "converted")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a history: `day` from when it holds."""

    kind: str
    day: date
    detail: dict[str, Any]


class Past(msgspec.Struct, frozen=True):
    """Field → what stood there (as stored, the numbers masked) on a day; `unknown` was overwritten later and not kept. `there`:
    whether he was in the register."""

    values: dict[str, Any]
    unknown: frozenset[str]
    there: bool


async def past_file(actor: Actor, person_id: UUID, day: date, today: date) -> tuple[PersonFile, Past]:
    """The file as it is, and as it was on `day`; the look is logged. Raises NotFound, Invalid for a day before he was entered."""
    if day > today:
        raise Invalid(f"{day} 还没有到。请选择今天或以前的日期。", fields={"day": "还没有到。"})
    file = await person_file(actor, person_id, purpose=f"查看 {day} 的档案")
    changes = await _changes(person_id)
    for change in changes:
        if change.kind == "entered" and change.day > day:
            raise Invalid(
                f"{file.name}于 {change.day} 登记到本县名册，以前的情况没有记录。请选择这一天或以后的日期。",
                fields={"day": f"早于登记的日期 {change.day}。"},
            )
    values = {name: getattr(file, name) for name in FIELD_TITLES if hasattr(file, name)}
    masked = {"unit": str(file.unit_id), "national_id": file.national_id_masked, "phone": file.phone_masked}
    past = on_day(Past(values | masked, frozenset(), file.left_on is None), changes, day)
    unit = await fetchval("select name from unit where id = $1", UUID(past.values["unit"]))
    return file, msgspec.structs.replace(past, values=past.values | {"unit": unit})


async def _changes(person_id: UUID) -> list[Change]:
    """Newest first."""
    rows = await fetch(
        """select kind, detail, case when detail ? 'day'
                   and kind in ('carried', 'transferred', 'decided', 'left', 'returned', 'arrived')
               then (detail ->> 'day')::date else (at at time zone 'Asia/Shanghai')::date end as day
           from person_change where person_id = $1 order by id desc""",
        person_id,
    )
    return [
        Change(kind=row["kind"], day=row["day"], detail=msgspec.json.decode(row["detail"])) for row in rows
    ]


def on_day(now: Past, changes: Sequence[Change], day: date) -> Past:
    """What it was at the end of `day`; `changes` are newest first."""
    past = now
    for change in changes:
        if change.day > day:
            past = _without(past, change)
    values, unknown = dict(past.values), set(past.unknown)
    for field in past.unknown:
        said = _last_said(field, (one for one in changes if one.day <= day))
        if said is not None:
            values[field] = said[0]
            unknown.remove(field)
    return Past(values, frozenset(unknown), past.there)


def _without(past: Past, change: Change) -> Past:
    was, unknown = _before(change)
    return Past(past.values | was, (past.unknown - was.keys()) | unknown, _there_before(past.there, change))


def _before(change: Change) -> tuple[dict[str, Any], frozenset[str]]:
    """Field → what stood there before a change; and those of which that was not kept."""
    was = change.detail.get("was")
    match change.kind:
        case "carried" | "transferred" | "arrived":
            return ({"unit": was}, frozenset()) if was else ({}, frozenset({"unit"}))
        case "followed":
            return {}, frozenset(FOLLOWED)
        case "returned" if not change.detail.get("mistaken"):
            return (
                ({"unit": was}, frozenset(MEMBERSHIP_FIELDS))
                if was
                else ({}, frozenset({"unit", *MEMBERSHIP_FIELDS}))
            )
        case "minimised":
            return {}, frozenset(change.detail["fields"])
        case "corrected" if "fields" not in change.detail:
            return {}, frozenset(FIELD_TITLES)
        case "corrected" | "decided" | "absorbed" | "severed":
            kept = was if isinstance(was, dict) else {}
            return kept, frozenset(change.detail.get("fields", ())) - kept.keys()
    return {}, frozenset()


def _there_before(there: bool, change: Change) -> bool:
    if change.kind in ("left", "merged"):
        return True
    back = change.kind in ("returned", "arrived") and not change.detail.get("mistaken")
    return False if back or (change.kind == "severed" and "fields" not in change.detail) else there


def _last_said(field: str, earlier: Iterable[Change]) -> tuple[Any] | None:
    """What an earlier change has set it to, if the history says that."""
    for change in earlier:
        if change.kind == "followed" and field == "membership":
            return (change.detail["membership"],)
        if change.kind in ("carried", "transferred") and field == "unit":
            return (change.detail["now"],) if "now" in change.detail else None
        now = change.detail.get("now")
        if (
            change.kind in ("corrected", "decided", "absorbed", "severed")
            and isinstance(now, dict)
            and field in now
        ):
            return (now[field],)
        if field in _before(change)[1]:
            return None
    return None
