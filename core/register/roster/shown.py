"""Values of a person as words: in an export, and old beside new in the preview of an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from core.database import fetch
from core.register.check import examine
from core.register.columns import draft_of
from core.register.model import PersonDraft
from core.register.numbers import mask_id, mask_phone
from core.register.roster.rows import ROW_FIELD, restored
from core.register.values import MEMBERSHIP, SEX, STANDING
from core.secrecy import vault

NOTHING = "（空）"
_WORDS = {"sex": SEX, "membership": MEMBERSHIP, "standing": STANDING}
_MASKED = {"national_id": mask_id, "phone": mask_phone}


class Difference(msgspec.Struct, frozen=True):
    """A field that a row changes, its old and its new value in words; numbers masked."""

    field: str
    old: str
    new: str


def shown(field: str, value: object) -> str:
    """A value in words; nothing is ""."""
    if words := _WORDS.get(field):
        return words.get(str(value), "")
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value or "")


async def differences(rows: Sequence[Record]) -> dict[int, tuple[Difference, ...]]:
    """Number → what changes, for those of these rows of `import_row` that change somebody; two queries."""
    changing = [row for row in rows if row["action"] == "changed" and row["payload"] is not None]
    if not changing:
        return {}
    people = await fetch("select * from person where id = any($1)", [row["person_id"] for row in changing])
    known = {person["id"]: person for person in people}
    names = await unit_names([*changing, *people])
    return {
        row["number"]: _differences(row, known[row["person_id"]], names)
        for row in changing
        if row["person_id"] in known
    }


async def unit_names(rows: Sequence[Record]) -> dict[UUID, str]:
    """Id → name of the units at which these rows stand; one query."""
    units = await fetch("select id, name from unit where id = any($1)", [row["unit_id"] for row in rows])
    return {unit["id"]: unit["name"] for unit in units}


def differ(old: Record, new: Record, names: dict[UUID, str]) -> tuple[Difference, ...]:
    """Between two rows of `person`."""
    before, after = draft_of(old), draft_of(new)
    changed = [one for one in before.__struct_fields__ if getattr(before, one) != getattr(after, one)]
    moved = (names.get(old["unit_id"], ""), names.get(new["unit_id"], ""))
    told = {"unit": moved} if old["unit_id"] != new["unit_id"] else {}
    return _told([*changed, *told], before, after, told)


def _differences(row: Record, person: Record, names: dict[UUID, str]) -> tuple[Difference, ...]:
    given = restored(vault().open(ROW_FIELD, row["payload"]))
    old = draft_of(person)
    values = {field: value for field, value in given.values.items() if field != "unit"}
    new, _ = examine(msgspec.structs.replace(old, **values), date.max)
    units = {"unit": (names.get(person["unit_id"], ""), names.get(row["unit_id"], ""))}
    return _told(row["changes"], old, new, units)


def _told(
    fields: Sequence[str], old: PersonDraft, new: PersonDraft, units: Mapping[str, tuple[str, str]]
) -> tuple[Difference, ...]:
    return tuple(
        Difference(field, *(one or NOTHING for one in units.get(field) or _both(field, old, new)))
        for field in fields
    )


def _both(field: str, old: PersonDraft, new: PersonDraft) -> tuple[str, str]:
    mask = _MASKED.get(field, str)
    before, after = (shown(field, getattr(draft, field)) for draft in (old, new))
    return before and mask(before), after and mask(after)
