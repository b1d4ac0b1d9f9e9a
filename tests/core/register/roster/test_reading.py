"""Reading a roster: headings and cells as people write them, and files that are broken or made to do harm."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime

import pytest

from core.errors import Invalid
from core.register.roster import cells, workbook
from core.register.roster.columns import COLUMNS, normal
from core.register.roster.headings import find_headings
from core.register.roster.match import plain_name
from core.register.roster.rows import kept, restored
from core.register.roster.sheet import read_roster
from core.register.roster.table import Table
from core.register.roster.template import empty_template
from core.register.roster.workbook import check_upload
from tests.core.register.roster.rosters import TITLES, member, repacked, roster, row


def sheets(content: bytes) -> list[list[list[object]]]:
    """All sheets of a workbook."""
    return [table.rows for table in workbook.sheets(content)]


def tables(content: bytes) -> list[Table]:
    """All sheets, with what they hide."""
    return list(workbook.sheets(content))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("20260511", date(2026, 5, 11)),
        (20260511.0, date(2026, 5, 11)),
        ("2026-05-11", date(2026, 5, 11)),
        ("2026/5/11", date(2026, 5, 11)),
        ("2026.5.11", date(2026, 5, 11)),
        ("２０２６年５月１１日", date(2026, 5, 11)),
        (" 2026-05-11 00:00:00 ", date(2026, 5, 11)),
        (46153.0, date(2026, 5, 11)),
        (datetime(2026, 5, 11, 0, 0), date(2026, 5, 11)),
        (date(2026, 5, 11), date(2026, 5, 11)),
    ],
)
def test_dates_as_people_write_them(written: object, meant: date) -> None:
    """yyyyMMdd, separators, full-width, Excel serials, real dates."""
    assert cells.day(written) == meant


@pytest.mark.parametrize("written", ["2026-02-30", "2026-05", "05/11/2026", "去年", 12.5, "2026511"])
def test_other_dates_are_refused(written: object) -> None:
    """With a sentence."""
    with pytest.raises(Invalid, match=r"。$"):
        cells.day(written)


def test_an_id_kept_as_a_number_is_refused() -> None:
    """Its last digits are gone."""
    with pytest.raises(Invalid, match="末几位已经丢失"):
        cells.id_number(2.2010619900307123e17)


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        ("sex", "男", "male"), ("ethnicity", "汉", "汉族"), ("ethnicity", "01汉族", "汉族"), ("education", "本科", "大学"),
        ("education", "省(区、市)委党校大学", "省（区、市）委党校大学"), ("membership", "预备党员", "probationary"),
        ("standing", "停止党籍", "suspended"), ("mobile", "否", False), ("lost_contact", True, True),
        ("phone", 13804311234.0, "13804311234"),
    ],
)  # fmt: skip
def test_words_of_the_lists(field: str, written: object, meant: object) -> None:
    """Official words and everyday ones."""
    assert cells.read(field, written) == meant


def test_headings_are_found_however_they_are_set() -> None:
    """Blanks, full-width brackets, asterisks, other names, a title line above."""
    assert normal(" 外出流向（省／市／县） ") == "外出流向"
    odd: list[list[object]] = [["党员名册"], []]
    odd[1] += ["序号", "姓 名*", "公民身份号码", "人员类别（必填）", "所在党组织", "加入党组织日期", "党费"]
    found = find_headings(odd)
    assert found is not None
    assert (found.last, found.ignored) == (1, ("党费",))
    assert found.places == {"name": 1, "national_id": 2, "membership": 3, "unit": 4, "joined": 5}


def test_the_template_is_a_roster() -> None:
    """What we hand out we can read; empty it says so."""
    assert [str(cell).rstrip("*") for cell in sheets(empty_template())[0][0]] == TITLES
    with pytest.raises(Invalid, match="只有表头"):
        read_roster(tables(empty_template()))
    assert len(COLUMNS) == 19


def test_rows_keep_their_numbers_and_faults() -> None:
    """Empty rows are skipped, faults stay with their cell, a row survives being kept."""
    content = roster([member(1), [], row("无号", "", joined="昨天")], above=["某县党员名册"])
    sheet = read_roster(tables(content))
    assert [one.number for one in sheet.rows] == [3, 5]
    assert [(fault.column, fault.sentence[:5]) for fault in sheet.rows[1].faults] == [
        ("身份证号码", "没有填写身"), ("入党日期", "“昨天”不"),
    ]  # fmt: skip
    assert restored(kept(sheet.rows[0])) == sheet.rows[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空的"),
        (b"PK\x03\x04 no zip", "不是 Excel"),
        (b"%PDF-1.7", "不是 Excel"),
        (b"0" * (15 * 1024 * 1024 + 1), "最大 15 MB"),
    ],
)
def test_what_is_no_workbook_is_refused_at_once(content: bytes, sentence: str) -> None:
    """Before anything is stored."""
    with pytest.raises(Invalid, match=sentence):
        check_upload(content)


@pytest.mark.parametrize(
    "far", [b'r="XFD1048576"', b"r='XFD1048576'", b'r = "xfd1048576"', b'r="CZ2"', b'r="A101001"']
)
def test_a_cell_far_out_is_refused(far: bytes) -> None:
    """The reader would allocate every cell up to it."""
    part = "xl/worksheets/sheet1.xml"
    bomb = repacked(roster([member(1)]), part, lambda data: data.replace(b'r="A2"', far))
    with pytest.raises(Invalid, match="101000 行"):
        sheets(bomb)


def test_a_sheet_under_another_name_is_measured_too() -> None:
    """What the workbook names as a sheet is one, wherever it lies."""
    made, out = roster([member(1)]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name).replace(b"worksheets/sheet1.xml", b"theme/other.xml")
            new.writestr(
                name.replace("worksheets/sheet1.xml", "theme/other.xml"),
                data.replace(b'r="A2"', b'r="XFD1048576"'),
            )
    with pytest.raises(Invalid, match="101000 行"):
        sheets(out.getvalue())


def test_the_same_sheet_many_times_is_refused() -> None:
    """Each mention costs the reader as much as the first."""

    def named(times: int) -> bytes:
        def change(data: bytes) -> bytes:
            found = re.search(rb"<sheet [^>]*/>", data)
            assert found
            copies = [found[0].replace(b'name="Sheet"', b'name="S%d"' % number) for number in range(times)]
            return data.replace(found[0], b"".join(copies))

        return repacked(roster([member(1)]), "xl/workbook.xml", change)

    assert len(sheets(named(3))) == 3
    with pytest.raises(Invalid, match="最多 50 张"):
        sheets(named(51))


def test_a_file_that_unpacks_to_much_is_refused() -> None:
    """Also when it lies about its size."""
    part = "xl/worksheets/sheet1.xml"
    bomb = repacked(roster([member(1)]), part, lambda data: data + b" " * (170 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    with pytest.raises(Invalid, match="160 MB"):
        sheets(bomb)
    with zipfile.ZipFile(io.BytesIO(bomb)) as packed:
        declared = packed.getinfo(part).file_size.to_bytes(4, "little")
    with pytest.raises(Invalid, match="已损坏"):
        sheets(bomb.replace(declared, (1000).to_bytes(4, "little")))


def test_a_damaged_workbook_is_refused() -> None:
    """A sheet that is no XML."""
    broken = repacked(roster([member(1)]), "xl/workbook.xml", lambda data: b"<nothing>")
    with pytest.raises(Invalid, match=r"。$"):
        read_roster(tables(broken))


@pytest.mark.parametrize(
    ("headings", "sentence"),
    [
        ([title for title in TITLES if title != "身份证号码"], "缺少“身份证号码”"),
        ([*TITLES[:18], "姓名"], "“姓名”出现了两次"),
        (["甲", "乙", "丙"], "没有找到名册的表头"),
    ],
)
def test_headings_that_cannot_be_used(headings: list[str], sentence: str) -> None:
    """Each with what to do."""
    with pytest.raises(Invalid, match=sentence):
        read_roster(tables(roster([["x"] * len(headings)], headings)))


def test_names_of_branches_as_people_vary_them() -> None:
    """中共 and 委员会 left out or not."""
    assert plain_name("中共 东街社区第一支部委员会") == plain_name("东街社区第一支部")
    assert plain_name("城关镇党委／东街") == "城关镇党委/东街"
