"""Rosters made to exhaust the machine: refused with their sentence, within the limits, before anything is built of them."""

from __future__ import annotations

import sys
import time

import pytest

from core.apart import Limits
from core.errors import Invalid
from core.register.roster import reading
from core.register.roster.extent import MOST_CELLS, MOST_ROWS, MOST_TEXT
from core.register.roster.reading import LIMITS, read_apart
from core.register.roster.workbook import sheets
from tests.core.register.roster.rosters import member, repacked, roster, with_rows

pytestmark = pytest.mark.anyio
FAR = b'<row r="1048576"/><row>' + b"<c><v>1</v></c>" * 16_384 + b"</row>"
LONG = b"<si><t>" + b"x" * 900_000 + b"</t></si>"
POINTS = b'<row><c t="s"><v>0</v></c></row>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (with_rows(FAR), "超过 101000 行或 100 列"),
        (with_rows(b'<row r="101000"/><row><c><v>1</v></c></row>'), "超过 101000 行"),
        (with_rows(b"<row>" + b"<c/>" * 100 + b"<c><v/></c></row>"), "100 列"),
        (with_rows(b"<row><c r='CV1'/>" + b"<c><is/></c>" * 1 + b"</row>"), "100 列"),
        (with_rows(b'<row><c r="A40000"><v>1</v></c></row><row><c r="CV1"><v>1</v></c></row>'), "行数乘以列数超过 250 万格"),
        (with_rows(b"<x:row xmlns:x='x'>" + b"<x:c/>" * 100 + b"<x:c><x:v>1</x:v></x:c></x:row>"), "100 列"),
        (with_rows(POINTS * 1_000, LONG), "文字超过 4500 万字"),
        (with_rows(b"<row><c t='s'><v><!-- -->0</v></c></row>" * 1_000, LONG), "文字超过 4500 万字"),
    ],
)  # fmt: skip
async def test_a_small_file_that_asks_for_much_is_refused(content: bytes, sentence: str) -> None:
    """Cells that do not say where they are; many cells that show one long string."""
    assert len(content) < 20_000
    with pytest.raises(Invalid, match=sentence):
        await read_apart(content)


async def test_a_file_with_entities_is_refused() -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    bomb = repacked(roster([member(1)]), "xl/worksheets/sheet1.xml", lambda data: entity + data)
    with pytest.raises(Invalid, match="DOCTYPE"):
        await read_apart(bomb)


@pytest.mark.trial
async def test_what_just_fits_is_read_within_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many people as there may be, in the columns of the roster, each filled in with something of his own."""
    half = Limits(LIMITS.memory, LIMITS.seconds, LIMITS.wall, LIMITS.answer // 2)
    monkeypatch.setattr(reading, "LIMITS", half)
    filled = roster([_filled(number) for number in range(100_000)])
    began = time.monotonic()
    sheet = await read_apart(filled)
    print(f"100,000 rows within {half.memory >> 20} MB, {time.monotonic() - began:.1f} s")
    assert len(sheet.rows) == 100_000


def _filled(serial: int) -> list[object]:
    return member(
        serial, ethnicity="汉族", education="大学", job="公务员", phone=f"138{serial:08d}", landline=f"0431-8{serial:07d}",
        address=f"吉林省长春市绿园区某街道某社区{serial}号", standing="正常", lost_contact="否", mobile="是",
        destination=f"吉林省长春市朝阳区{serial}号",
    )  # fmt: skip


def test_the_counts_fit_the_largest_roster() -> None:
    assert MOST_CELLS >= MOST_ROWS * 19
    assert MOST_TEXT >= MOST_ROWS * 19 * 20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="macOS has no limit of address space")
async def test_beyond_the_memory_limit_it_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the count does not see is stopped by the process's limit, and ours goes on."""
    monkeypatch.setattr(reading, "LIMITS", Limits(memory=48 << 20, seconds=60, wall=120, answer=1 << 27))
    with pytest.raises(Invalid, match="超过了限度") as refused:
        await read_apart(with_rows((b"<row>" + b"<c><v>1</v></c>" * 20 + b"</row>") * 50_000))
    assert refused.value.code == "exhausted"


def test_one_sheet_at_a_time_is_held() -> None:
    """The second is read when the first has been looked at."""
    tables = sheets(roster([member(1)]))
    assert len(next(tables).rows) == 2
    assert next(tables, None) is None
