"""How far the cells of a workbook reach and how much text they show, counted as its XML streams by, before any is built.

The reader allocates every cell up to the furthest one, and a copy of a shared string for each cell that points at it: a few
thousand bytes can ask for gigabytes.
"""

from __future__ import annotations

import re
from array import array
from functools import lru_cache
from typing import NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

from core.errors import Invalid

MOST_ROWS = 101_000
"""100,000 people at once, headings and what stands around them; the register itself grows without this limit."""

MOST_COLUMNS = 100
"""The 19 columns, and what else people keep beside them."""

MOST_CELLS = 2_500_000
"""Rows times columns of a sheet: 100,000 rows of 25 columns, 80 MB in the reader."""

MOST_TEXT = 45_000_000
"""Characters, those of a shared string counted for every cell that shows it: 450 a row, at most four bytes each."""

SAVE_AGAIN = "请在 Excel 或 WPS 中打开名册，另存为“.xlsx 工作簿”后重新上传。"
TOO_FAR = f"名册超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列（也可能是表格末尾有多余的格式）。请删去多余的行列，或分批导入。"
_TOO_MANY = (
    f"名册的行数乘以列数超过 {MOST_CELLS // 10_000} 万格。请删去名册以外的列和表格末尾多余的行，或分批导入。"
)
_TOO_MUCH = f"名册里的文字超过 {MOST_TEXT // 10_000} 万字。请删去与名册无关的内容，或分批导入。"
_NO_ENTITIES = f"名册文件里有 Excel 不会写出的定义（DOCTYPE），不能读取。{SAVE_AGAIN}"
UNRECKONED = "#未计算"
"""What we show for a formula whose result the file does not hold: the program that has written it never reckoned."""
_OPEN = ("table", "table-column", "table-row", "table-cell", "covered-table-cell")


class Marks(NamedTuple):
    """What a sheet says beside its cells: numbers of hidden rows, (row, column) → error of a formula (UNRECKONED: no
    result), numbers of hidden columns, all from 1."""

    hidden: set[int] = set()
    errors: dict[tuple[int, int], str] = {}
    columns: set[int] = set()


class Extent:
    """Of one workbook: the parts are fed one after the other, then `check` counts the shared strings in."""

    def __init__(self) -> None:
        self._text = 0
        self._shared: list[int] = []
        self._shown = array("q")
        self.marks: dict[str, Marks] = {}
        """By the name of the part."""
        self.sheets: dict[str, Marks] = {}
        """By the name of the sheet, in an .ods."""

    def check(self) -> None:
        """Raise Invalid when the cells show too much text."""
        known = len(self._shared)
        self._add(sum(self._shared[place] for place in self._shown if 0 <= place < known))

    def part(self, name: str) -> Stream:
        """What the next part is fed to."""
        self.marks[name] = Marks(set(), {}, set())
        return Stream(self, self.marks[name])

    def sheet(self, name: str) -> Marks:
        """What a sheet says that is one of several in a part (.ods)."""
        return self.sheets.setdefault(name, Marks(set(), {}, set()))

    def _add(self, characters: int) -> None:
        self._text += characters
        if self._text > MOST_TEXT:
            raise Invalid(_TOO_MUCH, code="too-much-text")


class Stream:
    """One XML part of a workbook, as it streams by. Raises Invalid as soon as it goes too far."""

    def __init__(self, whole: Extent, marks: Marks) -> None:
        self._whole, self._marks = whole, marks
        self._row = self._column = self._rows = self._columns = self._furthest = 0
        self._item = self._value = self._plain = self._shared = self._error = self._formula = self._string = (
            False
        )
        self._characters = 0
        self._number = self._figures = ""
        self._again = self._copies = 1
        self._parser = ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters_of
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, data: bytes, *, last: bool = False) -> None:
        """The next bytes; `last` when there are no more."""
        try:
            self._parser.Parse(data, last)
        except ExpatError as error:
            raise Invalid(f"名册文件已损坏或不是 Excel 工作簿。{SAVE_AGAIN}", code="damaged") from error

    def _doctype(self, *_: object) -> None:
        raise Invalid(_NO_ENTITIES, code="bomb")

    def _start(self, tag: str, given: dict[str, str]) -> None:
        name = tag if ":" not in tag else tag.rpartition(":")[2]
        if name == "c":
            self._cell(given.get("r"), given.get("t"))
        elif name == "row":
            self._begin_row(given)
        elif name == "si":
            self._item, self._characters = True, 0
        elif name == "v":
            self._reach()
            self._value, self._number = True, ""
        elif name in ("t", "p"):
            self._plain = True
        elif name == "is":
            self._reach()
        elif name == "f":
            self._reach()
            self._formula = not self._string
        elif name == "col":
            if given.get("hidden") in ("1", "true"):
                self._marks.columns.update(range(_count(given.get("min")), _count(given.get("max")) + 1))
        elif name in _OPEN:
            self._open_document(name, {key.rpartition(":")[2]: value for key, value in given.items()})

    def _open_document(self, name: str, given: dict[str, str]) -> None:
        """A sheet of an .ods, which says how often a row, a column or a cell comes again."""
        self._figures = ""
        hidden = given.get("visibility") in ("collapse", "filter")
        if name == "table":
            self._marks = self._whole.sheet(given.get("name", ""))
            self._row = self._column = self._rows = 0
            self._again = 1
        elif name == "table-column":
            times = _count(given.get("number-columns-repeated"))
            if hidden:
                self._marks.columns.update(range(self._column + 1, self._column + times + 1))
            self._column += times
        elif name == "table-row":
            self._row, self._column = self._row + self._again, 0
            self._again = _count(given.get("number-rows-repeated"))
            if hidden:
                self._marks.hidden.update(range(self._row, self._row + self._again))
        else:
            times = _count(given.get("number-columns-repeated"))
            self._column, self._copies = self._column + times, times * self._again
            if "value-type" in given:
                self._rows = self._row + self._again - 1
                self._reach()

    def _begin_row(self, given: dict[str, str]) -> None:
        written = given.get("r", "")
        self._rows += 1
        self._row = int(written) if written.isdecimal() and len(written) < 10 else self._row + 1
        self._column, self._figures = 0, ""
        if given.get("hidden") in ("1", "true") or given.get("ht") == "0":
            self._marks.hidden.add(self._row)

    def _cell(self, place: str | None, kind: str | None) -> None:
        self._shared, self._error, self._string = kind == "s", kind == "e", kind == "str"
        self._formula = False
        if place and (column := _number(place.removesuffix(self._figures))):
            self._column = column
            return
        letters = place.rstrip("0123456789") if place else ""
        if place and 0 < len(figures := place[len(letters) :]) < 10 and (column := _number(letters)):
            self._row, self._column, self._figures = int(figures), column, figures
        else:
            self._row, self._column = max(self._row, 1), self._column + 1

    def _reach(self) -> None:
        """A cell with content: the reader allocates none behind the last of these, however far formats go."""
        row, column = self._row if self._row > self._rows else self._rows, self._column
        if row <= self._furthest and column <= self._columns:
            return
        self._furthest, self._columns = max(self._furthest, row), max(self._columns, column)
        if self._furthest > MOST_ROWS or self._columns > MOST_COLUMNS:
            raise Invalid(TOO_FAR, code="too-many-rows")
        if self._furthest * self._columns > MOST_CELLS:
            raise Invalid(_TOO_MANY, code="too-many-rows")

    def _characters_of(self, text: str) -> None:
        if self._value and text.strip():
            self._formula = False
        if self._value and self._error:
            self._marks.errors[self._row, self._column] = text[:20]
        if self._value and self._shared:
            self._number += text[:20]
        elif self._item:
            self._characters += len(text)
        elif self._value or self._plain:
            self._whole._add(len(text) * self._copies)

    def _end(self, tag: str) -> None:
        name = tag if ":" not in tag else tag.rpartition(":")[2]
        if name == "c":
            if self._formula:
                self._marks.errors[self._row, self._column] = UNRECKONED
        elif name == "si":
            self._whole._shared.append(self._characters)
            self._whole._add(self._characters)
            self._item = False
        elif name == "v":
            if self._shared and len(self._number) < 18 and self._number.strip().isdecimal():
                self._whole._shown.append(int(self._number))
            self._value = False
        elif name in ("t", "p"):
            self._plain = False


def _count(written: str | None) -> int:
    """A number from 1 that the file gives, or 1; no more than could matter."""
    return min(int(written), MOST_ROWS + 1) if written and written.isdecimal() and len(written) < 10 else 1


@lru_cache(20_000)
def _number(letters: str) -> int:
    """The number of a column, from 1; 0 for what is no name of one."""
    number = 0
    for letter in letters.upper() if re.fullmatch("[A-Za-z]{1,3}", letters) else "":
        number = number * 26 + ord(letter) - 64
    return number
