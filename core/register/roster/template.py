"""The empty roster to fill in, and the same 19 columns filled with exactly the people of a list."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date

from asyncpg import Record
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from core.actor import Actor
from core.database import fetch
from core.errors import Invalid
from core.ledger.note import note_reading
from core.organisation.queries import crumbs
from core.paths import unit_of, within
from core.register.identity import open_id, open_phone
from core.register.numbers import mask_id, mask_phone
from core.register.queries import PeopleFilter, people_conditions
from core.register.roster.columns import COLUMNS
from core.register.roster.shown import shown
from core.register.values import EDUCATION, SEX, STANDING
from core.sheets import Table, headed, saved
from core.text import one_line
from dangwu import MEMBERSHIPS

MOST_EXPORTED = 20_000
_TITLE = "党员名册"
_WIDE = ("national_id", "unit", "address", "destination")
_HEADINGS = {one.title + "*" * one.essential: 22 if one.field in _WIDE else 13 for one in COLUMNS}
_CHOICES: dict[str, Iterable[str]] = {
    "sex": SEX.values(),
    "education": EDUCATION[:16],
    "membership": (one.title for name, one in MEMBERSHIPS.items() if name != "none"),
    "standing": STANDING.values(),
    "lost_contact": ("是", "否"),
    "mobile": ("是", "否"),
}
_HINTS = (
    "带 * 的四列必须填写；其余列没有填的，导入时保留系统里原有的内容，不会清空。",
    "日期写成 2026-05-11 或 20260511。",
    "身份证号码和电话所在的列已设为文本，请勿改成数字，否则末几位会丢失。",
    "所在党支部写支部全称或简称；范围内有重名的，写成“上级党组织/支部”。",
    "已登记的人按身份证号码核对：有变化的更新，没有变化的不动。只要有一行有错，整份都不导入。",
)


def empty_template() -> bytes:
    """The workbook to fill in: headings, choices for the value lists, a sheet of hints."""
    book, sheet = headed(_TITLE, _HEADINGS)
    for place, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(place)
        if column.field in ("national_id", "phone", "landline"):
            for row in range(2, 1002):
                sheet.cell(row, place).number_format = "@"
        if choices := _CHOICES.get(column.field):
            rule = DataValidation(type="list", formula1='"' + ",".join(choices) + '"', allow_blank=True)
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}5000")
    notes = book.create_sheet("填表说明")
    for hint in _HINTS:
        notes.append([hint])
    notes.column_dimensions["A"].width = 100
    return saved(book)


async def people_table(
    actor: Actor, wanted: PeopleFilter, purpose: str, *, full_numbers: bool = False
) -> Table:
    """Exactly the people of this list. Every one of them gets a line in the reading log.

    Numbers are masked unless `full_numbers`, which needs identity.reveal over all of the list. Raises Invalid beyond 20,000.
    """
    purpose = one_line("purpose", "导出目的", purpose, most=200)
    where = await people_conditions(actor, wanted)
    where.below("p.path", within(actor, "register.export"))
    if full_numbers:
        where.below("p.path", within(actor, "identity.reveal"))
    rows = await fetch(
        f"""select p.*, u.name unit_name from person p {unit_of("p")} where {where}
            order by p.py, p.id limit {MOST_EXPORTED + 1}""",
        *where.args,
    )
    if len(rows) > MOST_EXPORTED:
        raise Invalid(f"名单超过 {MOST_EXPORTED} 人，不能一次导出。请按党组织分别导出。")
    await note_reading(actor, [row["id"] for row in rows], "export", purpose)
    above = await crumbs({row["path"] for row in rows})
    names = {path: "/".join(name for _, name in units[1:]) for path, units in above.items()}
    shown = await asyncio.to_thread(_filled, rows, names, full_numbers)
    return Table.of(_TITLE, _HEADINGS, shown)


def _filled(rows: Sequence[Record], names: dict[str, str], full_numbers: bool) -> list[list[str | date]]:
    """The numbers are opened here: the process that writes has no key."""
    return [[_shown(column.field, row, names, full_numbers) for column in COLUMNS] for row in rows]


def _shown(field: str, row: Record, names: dict[str, str], full_numbers: bool) -> str | date:
    if field == "unit":
        return names.get(row["path"]) or str(row["unit_name"])
    if field == "national_id":
        number = open_id(row["id_sealed"])
        return "" if number is None else number if full_numbers else mask_id(number)
    if field == "phone":
        phone = open_phone(row["phone_sealed"])
        return "" if phone is None else phone if full_numbers else mask_phone(phone)
    value = row[field]
    return value if isinstance(value, date) else shown(field, value)
