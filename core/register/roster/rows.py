"""Rows of a sheet as what they say about a person; faults stay with their cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from core.errors import Invalid
from core.register.roster import cells
from core.register.roster.columns import COLUMNS, find_headings

DATES = frozenset({"born", "joined", "converted", "lost_since"})


class Fault(msgspec.Struct, frozen=True):
    """What is wrong in one cell: the heading of its column and a sentence."""

    column: str
    sentence: str


class Given(msgspec.Struct, frozen=True):
    """A row: its number in the sheet (from 1), field → value for the cells that are filled in, and the faulty cells.

    An empty cell says nothing: it never erases what the register knows.
    """

    number: int
    values: dict[str, Any]
    faults: tuple[Fault, ...] = ()

    @property
    def name(self) -> str:
        """The name as written, for showing the row."""
        return str(self.values.get("name", ""))[:40]


def kept(given: Given) -> bytes:
    """A row as bytes, to be sealed until it is applied."""
    return msgspec.msgpack.encode(given)


def restored(data: bytes) -> Given:
    """The row that `kept` wrote."""
    return _dated(msgspec.msgpack.decode(data, type=Given))


def _dated(given: Given) -> Given:
    for field in DATES & given.values.keys():
        given.values[field] = date.fromisoformat(given.values[field])
    return given


class Sheet(msgspec.Struct, frozen=True):
    """What was found in a workbook."""

    rows: tuple[Given, ...]
    read: tuple[str, ...]
    ignored: tuple[str, ...]


def kept_sheet(sheet: Sheet) -> bytes:
    """A sheet as bytes, to be handed from one process to another."""
    return msgspec.msgpack.encode(sheet)


def restored_sheet(data: bytes) -> Sheet:
    """The sheet that `kept_sheet` wrote."""
    sheet = msgspec.msgpack.decode(data, type=Sheet)
    for given in sheet.rows:
        _dated(given)
    return sheet


def read_roster(sheets: Iterable[list[list[object]]]) -> Sheet:
    """The first sheet that has the headings of a roster. Raises Invalid when there is none, or no row below."""
    for rows in sheets:
        headings = find_headings(rows)
        if headings is not None:
            top, places, ignored = headings
            given = tuple(_given(rows[top + 1 :], top + 2, places))
            if not given:
                raise Invalid("名册里只有表头，没有人员。请填写后重新上传。", code="no-rows")
            titles = tuple(column.title for column in COLUMNS if column.field in places)
            return Sheet(given, titles, ignored)
    raise Invalid(
        "没有找到名册的表头（姓名、身份证号码等 19 列）。请下载模板，按模板的表头填写。", code="no-headings"
    )


def _given(rows: list[list[object]], first: int, places: dict[str, int]) -> Iterator[Given]:
    for offset, row in enumerate(rows):
        if any(not cells.is_empty(row[place]) for place in places.values()):
            yield _row(row, first + offset, places)


def _row(row: list[object], number: int, places: dict[str, int]) -> Given:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in COLUMNS:
        place = places.get(column.field)
        if place is None or cells.is_empty(row[place]):
            if column.essential:
                faults.append(Fault(column.title, f"没有填写{column.title}。"))
            continue
        try:
            values[column.field] = cells.read(column.field, row[place])
        except Invalid as fault:
            faults.append(Fault(column.title, fault.sentence))
    return Given(number, values, tuple(faults))
