"""Workbooks as they leave the platform: sheets of headings, below them texts that stay texts, figures and dates.

Lines are handed on as they come and written apart (`written`), by a library that keeps one of them at a time: neither we nor the
process that writes ever hold a long list.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from core.apart import Exhausted, Limits, Readable, apart
from core.errors import Invalid

LIMITS = Limits(memory=512 << 20, seconds=300, wall=900, answer=64 << 20, file=1 << 30)
"""100,000 people in 19 columns need a fifth of the time (tests/core/test_sheets.py); the library writes a sheet into a `file`."""
MOST_LINES = 500_000
Ending = Literal["xlsx", "csv"]
Value = str | int | float | date
Row = Sequence[Value]
_LENGTH = 4
_RUN_BY_EXCEL = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""Wide signs too: an office program of China reads them as narrow ones."""


class Day(msgspec.Struct, array_like=True):
    """A date in a cell, which a workbook can sort and reckon with."""

    on: date


_Cell = str | int | float | Day


class Head(msgspec.Struct, array_like=True):
    """A table but for its lines: its title, heading → width in characters; what is said about it (who, when, what for), and what
    stands below each printed page."""

    title: str
    widths: dict[str, float]
    cover: list[tuple[str, str]] = []
    foot: str = ""


class Table(msgspec.Struct, frozen=True):
    """A table with its lines, some at a time; `more` are those of the sheets after it."""

    head: Head
    lines: AsyncIterable[Sequence[Row]]
    more: tuple[Table, ...] = ()

    @classmethod
    def of(
        cls, title: str, widths: Mapping[str, float], rows: Iterable[Row], more: tuple[Table, ...] = ()
    ) -> Table:
        """One whose lines are all known."""
        return cls(Head(title, dict(widths)), _all_at_once(list(rows)), more)


async def _all_at_once(rows: Sequence[Row]) -> AsyncIterator[Sequence[Row]]:
    yield rows


async def written(table: Table, ending: Ending = "xlsx") -> bytes:
    """The table as a file, made apart. Raises Invalid for what is too long for one file."""
    try:
        return await apart(__name__, _frames(table, ending), LIMITS)
    except Exhausted as error:
        raise Invalid("这份表格太长，没有生成。请缩小名单的范围，分几次导出。", code="exhausted") from error


async def _frames(table: Table, ending: Ending) -> AsyncIterator[bytes]:
    """Ending and heads first; an empty frame stands between the lines of one sheet and those of the next."""
    yield _frame((ending, [table.head, *(one.head for one in table.more)]))
    async for frame in _lines(table):
        yield frame
    for one in table.more:
        yield _frame([])
        async for frame in _lines(one):
            yield frame


async def _lines(table: Table) -> AsyncIterator[bytes]:
    count = 0
    async for rows in table.lines:
        if not rows:
            continue
        count += len(rows)
        if count > MOST_LINES:
            raise Invalid(
                f"名单超过 {MOST_LINES} 行，不能放在一份表格里。请按党组织分别导出。", code="exhausted"
            )
        yield _frame([[Day(one) if isinstance(one, date) else one for one in row] for row in rows])


def _frame(value: object) -> bytes:
    packed = msgspec.msgpack.encode(value)
    return len(packed).to_bytes(_LENGTH, "big") + packed


def stream(given: Readable) -> bytes:
    """What runs apart."""
    ending, heads = msgspec.msgpack.decode(_next(given), type=tuple[Ending, list[Head]])
    frames = _frames_of(given)
    sheets = ((head, _rows(frames)) for head in heads)
    return _xlsx(sheets) if ending == "xlsx" else _csv(*next(sheets))


def _frames_of(given: Readable) -> Iterator[list[list[_Cell]]]:
    decoder = msgspec.msgpack.Decoder(list[list[_Cell]])
    while packed := _next(given):
        yield decoder.decode(packed)


def _rows(frames: Iterator[list[list[_Cell]]]) -> Iterator[list[_Cell]]:
    """Those of one sheet."""
    while rows := next(frames, []):
        yield from rows


def _next(given: Readable) -> bytes:
    return given.read(int.from_bytes(given.read(_LENGTH), "big"))


class Book:
    """A workbook that is being written, line by line, a headed sheet after the other; headings and first column stay in view."""

    def __init__(self, title: str, widths: Mapping[str, float]) -> None:
        self._out = io.BytesIO()
        # A name that begins with = must stay a name, not become a formula on somebody's screen; and no address a link.
        self.book = Workbook(self._out, {"constant_memory": True, "strings_to_formulas": False})
        self.text, self.day = (self.book.add_format({"num_format": one}) for one in ("@", "yyyy-mm-dd"))
        self.heading = self.book.add_format(
            {"bold": True, "bg_color": "#F2F3F5", "align": "center", "valign": "vcenter", "text_wrap": True}
        )
        self.turn(title, widths)

    def turn(self, title: str, widths: Mapping[str, float]) -> None:
        """On to a new sheet."""
        self.sheet: Worksheet = self.book.add_worksheet(title)
        self.sheet.freeze_panes(1, 1)
        for place, (name, width) in enumerate(widths.items()):
            self.sheet.set_column(place, place, width)
            self.sheet.write_string(0, place, name, self.heading)

    def put(self, line: int, place: int, value: _Cell) -> None:
        """Into a cell of the sheet, both counted from 0; no line above one that was written."""
        if isinstance(value, str):
            if value:
                self.sheet.write_string(line, place, value, self.text)
        elif isinstance(value, Day):
            self.sheet.write_datetime(line, place, value.on, self.day)
        else:
            self.sheet.write_number(line, place, value)

    def cover(self, lines: Iterable[tuple[str, str]], foot: str) -> None:
        """A sheet of its own that says what this is about; `foot` stands below each printed page."""
        sheet = self.book.add_worksheet("导出说明")
        bold, wrapped = (
            self.book.add_format({"valign": "top", **how}) for how in ({"bold": True}, {"text_wrap": True})
        )
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 80)
        for number, (title, said) in enumerate(lines):
            sheet.write_string(number, 0, title, bold)
            sheet.write_string(number, 1, said, wrapped)
        # & begins a code of the page's foot, which takes 255 characters.
        self.sheet.set_footer("&C" + foot.replace("&", "＆")[:250])

    def saved(self) -> bytes:
        """The workbook as a file."""
        self.book.close()
        return self._out.getvalue()


def _xlsx(sheets: Iterator[tuple[Head, Iterator[list[_Cell]]]]) -> bytes:
    first, rows = next(sheets)
    book = Book(first.title, first.widths)
    count = _put(book, rows)
    for head, rows in sheets:
        book.turn(head.title, head.widths)
        count += _put(book, rows)
    if first.cover:
        book.cover([*first.cover, ("行数", str(count))], first.foot)
    return book.saved()


def _put(book: Book, rows: Iterable[list[_Cell]]) -> int:
    number = 0
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            book.put(number, place, value)
    return number


def _csv(head: Head, rows: Iterable[list[_Cell]]) -> bytes:
    """With the mark by which office programs know UTF-8; what it is about stands below the lines, behind an empty one."""
    out, number = io.StringIO(newline=""), 0
    lines = csv.writer(out)
    lines.writerow(head.widths)
    for row in rows:
        number += 1
        lines.writerow([_plain(value) for value in row])
    if head.cover:
        lines.writerows([(), *([f"{title}：{said}"] for title, said in (*head.cover, ("行数", str(number))))])
    return out.getvalue().encode("utf-8-sig")


def _plain(value: _Cell) -> str | float:
    if isinstance(value, Day):
        return value.on.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUN_BY_EXCEL) else value
