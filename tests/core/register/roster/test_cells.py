"""What people write in a cell, and the one value that is meant: cases from real rosters, and others of their kinds."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.days import day_of
from core.errors import Invalid
from core.register.names import misspelt, one_name
from core.register.numbers import landline_number, mobile_number, national_id
from core.register.roster import cells

JOINED = date(2009, 6, 28)


@pytest.mark.parametrize(
    "written",
    [
        "2009.06.28.", "2009、6、28", "2009—06—28", "2009年6月28号", "2009 年 6 月 28 日", "'2009-06-28",
        "2009-06-28T00:00:00.000Z", "二〇〇九年六月二十八日", "20090628", "2009.06.28", "2009年06月28日", "2009/6/28",
        "２００９－０６－２８", "2009–6–28", "2009,6,28", "二零零九年六月二十八日", "2009-6-28 00:00:43",
    ],
)  # fmt: skip
def test_a_day_is_read_alike_in_a_sheet_and_a_form(written: str) -> None:
    assert (cells.day(written), day_of(written)) == (JOINED, JOINED)


def test_a_shifted_midnight_is_its_day_and_a_time_of_day_is_told() -> None:
    assert cells.day(datetime(2009, 6, 27, 23, 59, 17)) == JOINED
    assert cells.day(datetime(2009, 6, 28, 0, 0, 43)) == JOINED
    for cell in (datetime(2010, 6, 27, 16, 0), "2010-06-27T16:00:00.000Z"):
        with pytest.raises(Invalid, match="带有时刻"):
            cells.day(cell)


@pytest.mark.parametrize("written", ["1980", 1980.0, "28.6.2009"])
def test_a_year_alone_is_no_serial(written: object) -> None:
    with pytest.raises(Invalid, match="不是完整的日期"):
        cells.day(written)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("李\u3000明", "李明"), ("韩 志 远", "韩志远"), (" 白\u00a0雪莲 ", "白雪莲"), ("John Smith", "John Smith"),
        *((f"古丽{dot}艾山", "古丽·艾山") for dot in "•・．‧.∙·●･⋅"), ("古丽 · 艾山", "古丽·艾山"), ("王\ue863", "王䶮"),
    ],
)  # fmt: skip
def test_a_name_has_one_spelling(written: str, name: str) -> None:
    assert one_name(written) == name
    assert misspelt(name) is None


@pytest.mark.parametrize("written", ["王?", "王□", "王*", "王？", "王\ufffd", "王\ue000", "■明", "王〓"])
def test_a_lost_character_is_told(written: str) -> None:
    assert "丢失" in str(misspelt(one_name(written)))


@pytest.mark.parametrize("written", ["王<b>五", "＜王五＞", "王😀五", "王五★"])
def test_a_sign_is_no_part_of_a_name(written: str) -> None:
    assert "不是姓名用字" in str(misspelt(one_name(written)))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("蒙族", "蒙古族"), ("维族", "维吾尔族"), ("乌兹别克族", "乌孜别克族"),
        ("01", "汉族"), ("1汉族", "汉族"), ("汉 族", "汉族"),
        ("回民", "回族"), ("汉", "汉族"), (2.0, "蒙古族"), ("56", "基诺族"),
        ("97", "其他"), ("满人", "满族"), ("布衣族", "布依族"),
    ],
)  # fmt: skip
def test_peoples_by_everyday_names(written: object, meant: str) -> None:
    assert cells.read("ethnicity", written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("中师", "中等专科"), ("省委党校大学", "省（区、市）委党校大学"),
        ("中央党校本科", "中央党校大学"), ("普通中专", "中等专科"),
        ("大普", "大学普通班"), ("高小", "小学"), ("本科生", "大学"),
        ("初中毕业", "初中"), ("函授大专", "大专"), ("在职大学", "大学"),
        ("区委党校研究生", "省（区、市）委党校研究生"), ("高中 文化", "普通高中"),
    ],
)  # fmt: skip
def test_education_by_everyday_words(written: str, meant: str) -> None:
    assert cells.read("education", written) == meant


@pytest.mark.parametrize(
    ("field", "written", "sentence"),
    [
        ("education", "文盲", "相近的有：其他"), ("education", "在职研究生", "相近的有：硕士研究生"),
        ("ethnicity", "01回族", "01回族"),
    ],
)  # fmt: skip
def test_an_unknown_word_is_told_what_is_near(field: str, written: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        cells.read(field, written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("中共正式党员", "full"), ("正式", "full"), ("预备", "probationary"), ("中共预备党员", "probationary"),
        ("中国共产党党员", "full"), ("正式党员（男）", "full"), ("入党积极分子", "activist"), ("共产党员", "full"),
    ],
)  # fmt: skip
def test_kinds_of_persons(written: str, meant: str) -> None:
    assert cells.read("membership", written) == meant


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"])
@pytest.mark.parametrize("field", ["job", "phone", "joined", "education"])
def test_an_error_of_a_formula_is_no_content(field: str, error: str) -> None:
    with pytest.raises(Invalid, match=f"公式错误 {error}".replace("?", r"\?")):
        cells.read(field, error)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("l50102198005121555", "第 1 位是“L”，像是数字 1"),
        ("15O102198005121571", "第 3 位是“O”，像是数字 0"),
        ("1.50102E+17", "科学记数法"),
        ("150*************38", "遮盖"),
        ("15010219800512145", "这里有 17 位"),
        ("150102X98005121459", "第 7 位是“X”，X 只能在末位"),
    ],
)
def test_what_is_wrong_with_an_id_is_told(written: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        national_id(str(cells.id_number(written)))


def test_quotation_marks_are_no_part_of_a_number() -> None:
    assert national_id("‘150102198005128837") == "150102198005128837"
    assert [mobile_number(text) for text in ("'13847901234", "008613847901234", "+86 138 4790 1234")] == [
        "13847901234"
    ] * 3
    assert landline_number("（0482）8223456") == landline_number("0482—8223456") == "0482-8223456"


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("1980.05", (1980, (5,))), ("1980年5月", (1980, (5,))), (1980.05, (1980, (5,))), ("198005", (1980, (5,))),
        (1980.1, (1980, (1, 10))), ("1980-5", (1980, (5,))), ("1980-05-12", None), ("198013", None),
    ],
)  # fmt: skip
def test_a_month_of_birth(cell: object, month: object) -> None:
    assert cells.birth_month(cell) == month
