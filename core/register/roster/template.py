"""The empty roster to fill in, and the same 19 columns filled with exactly the people of a list."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date

from asyncpg import Record

from core.actor import Actor
from core.database import in_parts
from core.errors import Forbidden
from core.extent import Extent, extent
from core.ledger.note import note_reading
from core.organisation.queries import crumbs
from core.paths import Conditions, unit_of, within
from core.register.identity import open_id, open_phone
from core.register.numbers import mask_id, mask_phone
from core.register.queries import PeopleFilter, people_conditions
from core.register.roster.columns import COLUMNS
from core.register.roster.shown import shown
from core.register.values import EDUCATION, SEX, STANDING
from core.sheets import Book, Head, Table, Value
from core.text import one_line
from dangwu import MEMBERSHIPS

_TITLE = "党员名册"
_WIDE = ("national_id", "unit", "address", "destination")
_HEADINGS: dict[str, float] = {
    one.title + "*" * one.essential: 22 if one.field in _WIDE else 13 for one in COLUMNS
}
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
    made = Book(_TITLE, _HEADINGS)
    for place, (column, width) in enumerate(zip(COLUMNS, _HEADINGS.values(), strict=True)):
        if column.field in ("national_id", "phone", "landline"):
            made.sheet.set_column(place, place, width, made.text)
        if choices := _CHOICES.get(column.field):
            made.sheet.data_validation(1, place, 4999, place, {"validate": "list", "source": list(choices)})
    notes = made.book.add_worksheet("填表说明")
    notes.set_column(0, 0, 100)
    for line, hint in enumerate(_HINTS):
        notes.write_string(line, 0, hint)
    return made.saved()


def people_table(actor: Actor, wanted: PeopleFilter, purpose: str, *, full_numbers: bool = False) -> Table:
    """Exactly the people of this list. Every one of them gets a line in the reading log.

    Numbers are masked unless `full_numbers`, which needs identity.reveal over all of the list.
    """
    purpose = one_line("purpose", "导出目的", purpose, most=200)
    return Table(Head(_TITLE, _HEADINGS), _lines(actor, wanted, purpose, full_numbers))


async def people_extent(actor: Actor, wanted: PeopleFilter, *, full_numbers: bool = False) -> Extent:
    """How many people that list has, and which. Raises Forbidden for full numbers, where he may reveal none."""
    return await extent("p.id", "person p", await _exported(actor, wanted, full_numbers))


async def _exported(actor: Actor, wanted: PeopleFilter, full_numbers: bool) -> Conditions:
    where = await people_conditions(actor, wanted)
    where.below("p.path", within(actor, "register.export"))
    if full_numbers:
        if not actor.scopes("identity.reveal"):
            raise Forbidden(
                "您没有查看完整号码的权限，不能导出完整号码。请去掉“完整号码”，或由有这项权限的人员导出。"
            )
        where.below("p.path", within(actor, "identity.reveal"))
    return where


async def _lines(
    actor: Actor, wanted: PeopleFilter, purpose: str, full_numbers: bool
) -> AsyncIterator[list[list[Value]]]:
    where = await _exported(actor, wanted, full_numbers)
    sql = f"select p.*, u.name unit_name from person p {unit_of('p')} where {where} order by p.py, p.id"
    names: dict[str, str] = {}
    async for rows in in_parts(sql, *where.args):
        await note_reading(actor, [row["id"] for row in rows], "export", purpose)
        above = await crumbs({row["path"] for row in rows} - names.keys())
        names |= {path: "/".join(name for _, name in units[1:]) for path, units in above.items()}
        yield await asyncio.to_thread(_filled, rows, names, full_numbers)


def _filled(rows: Sequence[Record], names: dict[str, str], full_numbers: bool) -> list[list[Value]]:
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
