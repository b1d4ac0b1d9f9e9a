"""Between a PersonDraft and the columns of the table `person`."""

from __future__ import annotations

from asyncpg import Record

from core.pinyin import reading
from core.register.finding import terms_of
from core.register.identity import open_id, open_phone, seal_id, seal_phone
from core.register.model import PersonDraft

PLAIN = tuple(field for field in PersonDraft.__struct_fields__ if field not in ("national_id", "phone"))
"""The particulars that are stored as they are, each in the column of its name."""

WRITTEN = (
    *PLAIN, "py", "py_initials", "id_sealed", "id_index", "id_tail4", "id_tail6", "phone_sealed", "phone_index",
    "phone_tail4", "also",
)  # fmt: skip
"""All that `columns_of` gives."""

_COMPARED = {field: field for field in PLAIN} | {
    "national_id": "id_index",
    "phone": "phone_index",
    "unit": "unit_id",
}
DIFFERING = f"""array_remove(array[{
    ", ".join(
        f"case when old.{column} is distinct from new.{column} then '{field}' end"
        for field, column in _COMPARED.items()
    )
}], null)"""
"""Behind `returning` of an update of people: the particulars (and `unit`) that it has changed."""


def columns_of(draft: PersonDraft) -> dict[str, object]:
    """Column → value for a checked draft; the numbers sealed, the name with its pinyin."""
    py, initials = reading(draft.name)
    plain = {column: getattr(draft, column) for column in PLAIN}
    found = {"py": py, "py_initials": initials, "also": terms_of(draft.name)}
    return plain | found | seal_id(draft.national_id) | seal_phone(draft.phone)


def draft_of(row: Record) -> PersonDraft:
    """The draft that would write this row; opens the sealed numbers."""
    plain = {column: row[column] for column in PLAIN}
    return PersonDraft(**plain, national_id=open_id(row["id_sealed"]), phone=open_phone(row["phone_sealed"]))
