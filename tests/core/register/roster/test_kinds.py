"""Kinds of what counties send: any spelling of one roster reads alike, and what a file hides is said."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import Invalid
from core.register.roster.columns import COLUMNS
from core.register.roster.reading import read_apart
from core.register.roster.sheet import Roster, read_roster
from core.register.roster.workbook import sheets
from tests.core.conftest import resident_id
from tests.core.register.roster.rosters import TITLES, member, roster

FIELDS = ("name", "national_id", "membership", "unit", "joined", "converted", "phone", "address")
PEOPLE = [
    {"name": name, "national_id": resident_id(date(1980, 5, 12), serial), "membership": "full", "unit": "东泉村党支部",
     "joined": date(2009, 6, 28), "converted": date(2010, 7, 1), "phone": phone, "address": "柳河镇东泉村"}
    for serial, (name, phone) in enumerate(
        (("李明", "13847901234"), ("古丽·艾山", "13947901235"), ("欧阳志远", "13747901236")), 1
    )
]  # fmt: skip
"""What every variant says."""

DAYS: tuple[Callable[[date], object], ...] = (
    lambda day: day.isoformat(), lambda day: f"{day:%Y%m%d}", lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日", lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day:%Y-%m-%d} 00:00:00", lambda day: (day - date(1899, 12, 30)).days, lambda day: day,
)  # fmt: skip
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
NAMES: tuple[Callable[[str], str], ...] = (
    str, lambda name: "　".join(name) if len(name) == 2 else name, lambda name: f" {name}\u200b ",
    lambda name: name.replace("·", "•"), lambda name: name.replace("·", "．"),
)  # fmt: skip
MEMBERS = ("正式党员", "中共正式党员", "正式", " 正式 党员", "党员")
BRANCHES = ("东泉村党支部", "中共东泉村支部委员会", "东泉村 支部", "东泉村党支部\n")
DECORATED: tuple[Callable[[str], str], ...] = (
    str, lambda heading: heading + "*", lambda heading: " ".join(heading), lambda heading: f"{heading}（必填）",
    lambda heading: heading[:1] + "\n" + heading[1:],
)  # fmt: skip


@st.composite
def spelled(draw: st.DrawFn) -> list[list[object]]:
    """The people under headings in any order and wording, each cell as somebody might write it."""
    columns = {column.field: column for column in COLUMNS}
    order = draw(st.permutations(FIELDS))
    most = {"membership": 4, "phone": 4}
    headings = [
        draw(st.sampled_from(DECORATED))(draw(st.sampled_from(columns[one].headings[: most.get(one)])))
        for one in order
    ]
    day, name = draw(st.sampled_from(DAYS)), draw(st.sampled_from(NAMES))
    member, branch = draw(st.sampled_from(MEMBERS)), draw(st.sampled_from(BRANCHES))
    said: dict[str, Callable[[Any], object]] = {
        "name": name, "joined": day, "converted": day, "membership": lambda _: member, "unit": lambda _: branch,
    }  # fmt: skip
    rows = [[said.get(one, str)(person[one]) for one in order] for person in PEOPLE]
    titles = draw(st.sampled_from([[], ["柳河镇党员名册"], ["柳河镇党员名册", "截至 2026 年 11 月"]]))
    above: list[list[object]] = [[title, *[None] * (len(order) - 1)] for title in titles]
    return [*above, [*headings], *rows]


def xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    """As a workbook."""
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(out)
    return out.getvalue()


def csv(encoding: str, separator: str) -> Callable[[Sequence[Sequence[object]]], bytes]:
    """As plain text."""

    def written(rows: Sequence[Sequence[object]]) -> bytes:
        quoted = (['"' + str("" if cell is None else cell) + '"' for cell in row] for row in rows)
        return "\r\n".join(separator.join(row) for row in quoted).encode(encoding, "ignore")

    return written


def ods(rows: Sequence[Sequence[object]], *, more: str = "", columns: str = "") -> bytes:
    """As LibreOffice keeps it; `more` rows and `columns` are XML."""
    cells = "".join(
        "<table:table-row>" + "".join(_cell(cell) for cell in row) + "</table:table-row>" for row in rows
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="党员">{columns}{cells}{more}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{MANIFEST}"/>')
    return out.getvalue()


def _cell(cell: object) -> str:
    if cell is None:
        return "<table:table-cell/>"
    kind = (
        f'office:value-type="date" office:date-value="{cell}"'
        if isinstance(cell, date)
        else 'office:value-type="string"'
    )
    return f"<table:table-cell {kind}><text:p>{escape(str(cell))}</text:p></table:table-cell>"


WRITERS = [
    xlsx,
    ods,
    *(csv(encoding, one) for encoding in ("utf-8-sig", "gb18030", "utf-16") for one in ",\t;"),
]


@settings(max_examples=150, deadline=None)
@given(rows=spelled(), write=st.sampled_from(WRITERS))
def test_any_spelling_of_a_roster_reads_alike(
    rows: list[list[object]], write: Callable[[Sequence[Sequence[object]]], bytes]
) -> None:
    sheet = read_roster(sheets(write(rows)))
    assert [one.faults for one in sheet.rows] == [()] * len(PEOPLE)
    for one, person in zip(sheet.rows, PEOPLE, strict=True):
        found = {field: one.values[field] for field in FIELDS if field != "unit"}
        assert found == {field: value for field, value in person.items() if field != "unit"}


@settings(max_examples=40, deadline=None)
@given(groups=st.lists(st.integers(1, 4), min_size=1, max_size=5), blank=st.booleans())
def test_a_branch_merged_down_holds_for_all_its_rows(groups: list[int], blank: bool) -> None:
    """However many rows; what follows an empty cell that is not merged is a fault."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(TITLES)
    place = TITLES.index("所在党支部") + 1
    serial = 1
    for number, size in enumerate(groups):
        top = sheet.max_row + 1
        for inner in range(size):
            sheet.append(member(serial, unit=f"第{number}党支部" if not inner else None))
            serial += 1
        if size > 1 and not (blank and number == 0):
            sheet.merge_cells(start_row=top, end_row=top + size - 1, start_column=place, end_column=place)
    book.save(out)
    rows = read_roster(sheets(out.getvalue())).rows
    named = [number for number, size in enumerate(groups) for _ in range(size)]
    for position, (row, number) in enumerate(zip(rows, named, strict=True)):
        if blank and number == 0 and position:
            assert [fault.sentence for fault in row.faults] == ["没有填写所在党支部。"]
        else:
            assert row.values["unit"] == f"第{number}党支部"


def filled(fill: Callable[[Workbook, Worksheet], None]) -> Roster:
    """A workbook that `fill` fills, read."""
    book, out = Workbook(), io.BytesIO()
    fill(book, book.worksheets[0])
    book.save(out)
    return read_roster(sheets(out.getvalue()))


@pytest.mark.parametrize("shown", [True, False], ids=["as a date", "as a number"])
def test_a_book_that_counts_from_1904(shown: bool) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        book.epoch = CALENDAR_MAC_1904
        sheet.append(TITLES)
        sheet.append(member(1))
        joined = date(2009, 6, 28)
        sheet.cell(2, TITLES.index("入党日期") + 1, joined if shown else (joined - date(1904, 1, 1)).days)
        sheet.cell(2, TITLES.index("转正日期") + 1, "20100701")
        if not shown:
            sheet.cell(2, TITLES.index("入党日期") + 1).number_format = "General"

    sheet = filled(fill)
    (row,) = sheet.rows
    assert (row.values["joined"], row.values["converted"], row.faults) == (
        date(2009, 6, 28),
        date(2010, 7, 1),
        (),
    )
    assert "从 1904 年起算日期" in sheet.unread[0]


def test_hidden_columns_are_read_and_said() -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        sheet.append(TITLES)
        sheet.append(member(1, phone="13847901234"))
        sheet.column_dimensions["L"].hidden = True

    sheet = filled(fill)
    assert sheet.rows[0].values["phone"] == "13847901234"
    assert sheet.unread == ("工作表“Sheet”里“手机号”列是隐藏的，已照常读取。",)


def test_an_ods_says_what_it_hides() -> None:
    hidden = (
        '<table:table-row table:visibility="filter">' + "".join(map(_cell, member(2))) + "</table:table-row>"
    )
    columns = '<table:table-column table:number-columns-repeated="11"/><table:table-column table:visibility="collapse"/>'
    sheet = read_roster(sheets(ods([TITLES, member(1)], more=hidden, columns=columns)))
    assert [one.name for one in sheet.rows] == ["党员1"]
    assert "“手机号”列是隐藏的" in "".join(sheet.unread)
    assert "第 3 行在表中是隐藏的" in "".join(sheet.unread)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ('<table:table-row table:number-rows-repeated="1000000">' + _cell("x") + "</table:table-row>", "超过 101000 行"),
        ("<table:table-row>" + _cell("x").replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="9999"')
         + "</table:table-row>", "100 列"),
        ('<table:table-row table:number-rows-repeated="60000">' + _cell("x" * 1000) + "</table:table-row>", "文字超过"),
    ],
)  # fmt: skip
async def test_a_small_ods_that_asks_for_much_is_refused(more: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        await read_apart(ods([TITLES, member(1)], more=more))


def test_formatted_rows_below_an_ods_are_nothing() -> None:
    cells = '<table:table-cell table:number-columns-repeated="16384"/>'
    more = f'<table:table-row table:number-rows-repeated="1048000">{cells}</table:table-row>'
    assert len(read_roster(sheets(ods([TITLES, member(1)], more=more))).rows) == 1
    assert len(read_roster(sheets(roster([member(1)]))).rows) == 1
