"""Workbooks that leave the platform: written in a process of their own, text stays text."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from core import sheets
from core.apart import Limits
from core.errors import Invalid
from core.sheets import Table

pytestmark = pytest.mark.anyio


async def test_a_table_is_written_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is done here."""

    def here(*_: object) -> bytes:
        raise AssertionError("in our own process")

    monkeypatch.setattr(sheets, "work", here)
    made = await sheets.written(Table.of("名册", {"姓名": 14, "行号": 8}, [("=1+1", 3), ("张三", 4)]))
    lines = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(made))["名册"]]
    assert lines == [["姓名", "行号"], ["=1+1", 3], ["张三", 4]]


async def test_what_is_too_long_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sheets, "LIMITS", Limits(memory=512 << 20, seconds=60, wall=120, answer=1_000, file=1 << 20)
    )
    with pytest.raises(Invalid, match="缩小名单的范围"):
        await sheets.written(Table.of("名册", {"姓名": 14}, [("张三",)]))


@pytest.mark.trial
async def test_the_longest_list_needs_half_of_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sheets.LIMITS
    half = Limits(whole.memory // 2, whole.seconds // 2, whole.wall, whole.answer // 2, whole.file // 2)
    monkeypatch.setattr(sheets, "LIMITS", half)
    rows = [[f"内容{row}{column}" for column in range(19)] for row in range(20_000)]
    assert await sheets.written(Table.of("名册", {f"列{column}": 13.0 for column in range(19)}, rows))
