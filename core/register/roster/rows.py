"""Rows of a sheet as what they say about a person; faults stay with their cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, overload

import msgspec

from core.errors import Invalid
from core.register.numbers import born_of, mask_phone, national_id
from core.register.roster import cells
from core.register.roster.columns import TITLES
from core.register.roster.headings import Headings
from core.register.roster.taught import CHOICES, LEFT_OUT, NOTHING, Taught, value_of
from core.register.roster.telephones import telephones

DATES = frozenset({"born", "joined", "converted", "lost_since"})

ROW_FIELD = "import.row"
OWN = frozenset({"name", "national_id", "born", "address", "destination"})
"""Fields in which hardly two people have the same, or that rest on another cell of the row."""
Known = dict[tuple[int, type, object], object]
"""Place, kind and content of a cell → what it says; of those that say the same in every row of a sheet."""
MOST_KNOWN = 65_536
SHEET = 1_000_000
"""Rows of the second sheet that is read are numbered from here on, those of the third from twice this."""


class Fault(msgspec.Struct, frozen=True):
    """What is wrong in one cell: the heading of its column and a sentence. A `mild` one is only to be known.

    Of a word that nobody knows: `field` and `heard` are what can be explained (teach.py).
    """

    column: str
    sentence: str
    mild: bool = False
    field: str = ""
    heard: str = ""


class Given(msgspec.Struct, frozen=True):
    """A row: its number in the sheet (from 1, and SHEET for each sheet before), field → value for the cells that are
    filled in, the faulty cells, and what is to be known.

    An empty cell says nothing: it never erases what the register knows.
    """

    number: int
    values: dict[str, Any]
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()

    @property
    def name(self) -> str:
        """The name as written, for showing the row."""
        return str(self.values.get("name", ""))[:60]


def kept(given: Given) -> bytes:
    """A row as bytes, to be sealed until it is applied."""
    return msgspec.msgpack.encode(given)


def restored(data: bytes) -> Given:
    """The row that `kept` wrote."""
    return dated(msgspec.msgpack.decode(data, type=Given))


def dated(given: Given) -> Given:
    """A row whose dates came as text, with dates."""
    for field in DATES & given.values.keys():
        given.values[field] = _day(given.values[field])
    return given


_day = lru_cache(cells.MOST_DAYS)(date.fromisoformat)


class Packed(Sequence[Given]):
    """Rows as the bytes that `kept` wrote (or that `opened` makes of them), each restored when it is asked for: 100,000 of them
    are 40 MB, and five times that as what they say."""

    def __init__(self, rows: Sequence[Any], opened: Callable[[Any], bytes] | None = None) -> None:
        self._rows, self._opened = rows, opened

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Given: ...
    @overload
    def __getitem__(self, place: slice) -> Packed: ...
    def __getitem__(self, place: int | slice) -> Given | Packed:
        if isinstance(place, slice):
            return Packed(self._rows[place], self._opened)
        row = self._rows[place]
        return restored(self._opened(row) if self._opened else row)


class Row:
    """One row being read."""

    def __init__(
        self,
        row: list[object],
        headings: Headings,
        taught: Taught = NOTHING,
        *,
        known: Known,
        later: int = 0,
        above: list[object] | None = None,
    ) -> None:
        self._row, self._headings, self._taught, self._later = row, headings, taught, later
        self._above, self._known = above, known
        self.values: dict[str, Any] = {}
        self.faults: list[Fault] = []
        self.remarks: list[Fault] = []

    def given(self, number: int, *, all_full: bool) -> Given:
        """What it says. `all_full`: the sheet says of nobody what he is, but of all when they became full members."""
        for field, place, essential in self._headings.columns:
            self._read(field, place, essential=essential and not (all_full and field == "membership"))
        self._telephones()
        if all_full:
            self.values["membership"] = "full"
            self._remark("converted", "名册没有写人员类别；都有转正日期，按正式党员读取。")
        return Given(number, self.values, tuple(self.faults), tuple(self.remarks))

    def _cell(self, field: str) -> object:
        place = self._headings.places.get(field)
        cell = None if place is None else self._row[place]
        if self._later and field in DATES and isinstance(cell, int | float) and cell in cells.EXCEL_SERIALS:
            return cell + self._later
        return cell

    def _read(self, field: str, place: int, *, essential: bool) -> None:
        cell = self._row[place] if not self._later else self._cell(field)
        key = (place, cell.__class__, cell)
        if key in self._known:
            value = self._known[key]
        else:
            told = len(self.faults) + len(self.remarks)
            value = self._said(field, place, cell, essential=essential)
            quiet = told == len(self.faults) + len(self.remarks)
            if quiet and field not in OWN and len(self._known) < MOST_KNOWN and not cells.is_ditto(cell):
                self._known[key] = value
        if value is not None:
            self.values[field] = value

    def _said(self, field: str, place: int, cell: object, *, essential: bool) -> object:
        """The value of a cell, None of one that says nothing; what is wrong or odd about it is kept aside."""
        text = cells.plain_text(cell)
        if cells.is_ditto(cell) and self._above is not None and field not in ("name", "national_id"):
            cell = self._row[place] = self._above[place]
            text = cells.plain_text(cell)
        meant = self._taught.meaning(field, text)
        if field == "membership" and meant is None:
            meant = self._headings.answer(text)
        if meant and field in CHOICES:
            return value_of(field, meant)
        if meant == LEFT_OUT or text in cells.EMPTY:
            if essential:
                self._fault(field, f"没有填写{self._headings.names[field]}。")
            return None
        try:
            month = (
                cells.birth_month(cell, monthly=field in self._headings.monthly) if field == "born" else None
            )
            value = self._birth(*month) if month else cells.read(field, cell)
        except Invalid as fault:
            asked = field in CHOICES and text.upper() not in cells.FORMULA_ERRORS
            self._fault(field, fault.sentence, text if asked else "")
            return None
        if isinstance(cell, date) and cell.day == 1 and field != "born" and field in self._headings.monthly:
            self._remark(field, f"“{self._headings.names[field]}”一列只写到月，按 1 日读取。请核对日期。")
        return value

    def _birth(self, year: int, months: tuple[int, ...]) -> date | None:
        """The day inside the id when year and month agree with it; None where the id itself is at fault."""
        try:
            born = born_of(national_id(self.values["national_id"]))
        except (KeyError, Invalid):
            return None
        if (born.year, born.month) in {(year, month) for month in months}:
            return born
        raise Invalid(
            f"写的是 {year} 年 {months[-1]} 月，身份证号码中是 {born.year} 年 {born.month} 月。请核对证件。"
        )

    def _telephones(self) -> None:
        texts = {}
        for field in ("phone", "landline"):
            cell = self._cell(field)
            if (text := cells.plain_text(cell)).upper() in cells.FORMULA_ERRORS:
                self._fault(field, cells.formula_error(text))
            texts[field] = "" if cells.is_empty(cell) or text.upper() in cells.FORMULA_ERRORS else text
        found = telephones(texts["phone"], texts["landline"])
        for field, number in (("phone", found.phone), ("landline", found.landline)):
            if number:
                self.values[field] = number
        if found.left:
            shown = "、".join(map(mask_phone, found.left))
            self._remark("phone" if texts["phone"] else "landline", f"另有号码 {shown} 没有读取。")

    def _fault(self, field: str, sentence: str, heard: str = "") -> None:
        self.faults.append(Fault(TITLES[field], sentence, field=field if heard else "", heard=heard))

    def _remark(self, field: str, sentence: str) -> None:
        self.remarks.append(Fault(TITLES[field], sentence, mild=True))
