"""What leaves the platform as a file: written in a process of its own, a line at a time; text stays text, a date a date."""

from __future__ import annotations

import io
import resource
from collections.abc import AsyncIterator, Sequence
from datetime import date

import pytest
from openpyxl import load_workbook

from core import sheets
from core.apart import Limits
from core.errors import Invalid
from core.sheets import Head, Row, Table

pytestmark = pytest.mark.anyio
DAY = date(2009, 6, 28)
HEAD = Head(
    "名册",
    {"姓名": 14, "行号": 8, "入党日期": 12},
    [("目的", "核对&统计"), ("内容", "名册")],
    "目的：核对&统计",
)


async def lines() -> AsyncIterator[Sequence[Row]]:
    yield [("=1+1", 3, DAY)]
    yield [("张三", 4, ""), ("＠李四", 5, DAY)]


async def test_a_table_is_written_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is done here."""

    def here(*_: object) -> bytes:
        raise AssertionError("in our own process")

    monkeypatch.setattr(sheets, "stream", here)
    book = load_workbook(io.BytesIO(await sheets.written(Table(HEAD, lines()))))
    sheet = book["名册"]
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[:2] for row in found] == [["=1+1", 3], ["张三", 4], ["＠李四", 5]]
    assert (sheet["A2"].data_type, sheet["C2"].is_date, sheet["C2"].value.date()) == ("s", True, DAY)
    assert [[cell.value for cell in row] for row in book["导出说明"]] == [
        ["目的", "核对&统计"],
        ["内容", "名册"],
        ["行数", "3"],
    ]
    foot = sheet.oddFooter
    assert foot is not None
    assert foot.center.text == "目的：核对＆统计"


async def test_as_plain_text_nothing_is_run_by_who_opens_it() -> None:
    made = (await sheets.written(Table(HEAD, lines()), "csv")).decode("utf-8-sig")
    assert made.splitlines() == [
        "姓名,行号,入党日期",
        "'=1+1,3,2009-06-28",
        "张三,4,",
        "'＠李四,5,2009-06-28",
        "",
        "目的：核对&统计",
        "内容：名册",
        "行数：3",
    ]


async def test_what_is_too_long_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sheets, "LIMITS", Limits(512 << 20, seconds=60, wall=120, answer=1_000, file=1 << 20))
        with pytest.raises(Invalid, match="缩小名单的范围"):
            await sheets.written(Table(HEAD, lines()))
    monkeypatch.setattr(sheets, "MOST_LINES", 2)
    with pytest.raises(Invalid, match="超过 2 行"):
        await sheets.written(Table(HEAD, lines()))


@pytest.mark.trial
async def test_a_hundred_thousand_lines_need_no_memory() -> None:
    async def many() -> AsyncIterator[Sequence[Row]]:
        for part in range(50):
            yield [
                [f"内容{part}-{row}-{column}" if column % 4 else DAY for column in range(19)]
                for row in range(2_000)
            ]

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    made = await sheets.written(Table(Head("名册", {f"列{one}": 13.0 for one in range(19)}), many()))
    assert len(made) > 1_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10
