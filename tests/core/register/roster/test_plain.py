"""A roster as plain text, and what is odd in one without being wrong."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import Invalid
from core.register.model import PersonDraft
from core.register.roster import plain
from core.register.roster.plain import decoded, is_text, read_text
from core.register.roster.remarks import remarks_on, years_after
from core.register.roster.words import membership, word
from core.register.values import EDUCATION

ROWS = [["姓名", "性别"], ["张三", "男"], ["李，四", "女"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_text_is_read_whoever_wrote_it(encoding: str, separator: str, end: str) -> None:
    content = (end.join(separator.join(row) for row in ROWS) + end).encode(encoding)
    assert is_text(content)
    assert read_text(content).rows == ROWS


def test_what_is_no_text_is_none() -> None:
    """Nor is one without a heading that a roster has."""
    assert not is_text(b"PK\x03\x04\0\0\xe5\xa7\x93\xe5\x90\x8d")
    assert not is_text("标题,内容\n一,二\n".encode())
    assert not is_text(b"\xff\xff\xff,\x81")
    assert is_text("序号,党组织名称\n".encode())
    assert not is_text(("空" * 4096 + "姓名").encode()), "headings stand at the beginning"
    with pytest.raises(Invalid, match="既不是 UTF-8 也不是 GBK 编码"):
        decoded(b"\xff\xff\xff,\x81")


def test_rows_are_of_one_length_and_not_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_text("姓名\n张三,男,汉\n\n".encode()).rows == [
        ["姓名", "", ""],
        ["张三", "男", "汉"],
        ["", "", ""],
    ]
    assert read_text(b"").rows == []
    assert read_text('姓名,住址\n张三,"东街\n1 号"\n'.encode()).rows[1] == ["张三", "东街\n1 号"]
    text = "姓名,性别\n张三,男\n".encode()
    for name, most in (("MOST_ROWS", 2), ("MOST_COLUMNS", 2), ("MOST_CELLS", 4)):
        with monkeypatch.context() as patch:
            patch.setattr(plain, name, most)
            assert len(read_text(text).rows) == 2
            patch.setattr(plain, name, most - 1)
            with pytest.raises(Invalid, match="请删去多余的行列，或分批导入"):
                read_text(text)


@pytest.mark.parametrize(
    ("born", "joined", "converted", "odd"),
    [
        ("1990-05-06", "2008-05-06", "2009-05-06", []),
        ("1990-05-06", "2008-05-05", "2009-05-05", ["入党日期"]),
        ("1990-05-06", "2008-05-06", "2009-05-05", ["转正日期"]),
        ("2000-02-29", "2018-03-01", "2019-03-01", []),
        ("2000-02-29", "2018-02-28", "2019-02-27", ["入党日期", "转正日期"]),
        ("1990-05-06", "2012-02-29", "2013-02-28", ["转正日期"]),
        (None, "2008-05-06", None, []),
        ("1990-05-06", None, None, []),
    ],
)
def test_days_that_are_odd_are_said(
    born: str | None, joined: str | None, converted: str | None, odd: list[str]
) -> None:
    """党章第一条、第七条: of age when he joined, a year on probation."""
    days = {
        name: value and date.fromisoformat(value)
        for name, value in (("born", born), ("joined", joined), ("converted", converted))
    }
    found = list(remarks_on(PersonDraft(name="张三", membership="full", **days)))  # type: ignore[arg-type]
    assert [one.column for one in found] == odd
    assert all(one.mild for one in found)


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("张三", ""),
        ("Tom", ""),
        ("张三2", "2"),
        ("张三A", "A"),
        ("B张三", "B"),
        ("Tom Li", ""),
        ("买买提·吐尔逊", ""),
    ],
)
def test_a_name_with_figures_is_looked_at(name: str, odd: str) -> None:
    found = [one.sentence for one in remarks_on(PersonDraft(name=name, membership="applicant"))]
    assert found == ([f"姓名里有“{odd}”。请与身份证件核对。"] if odd else [])


def test_a_year_later() -> None:
    assert years_after(date(2024, 2, 29), 1) == date(2025, 3, 1)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert years_after(date(2024, 3, 1), 1) == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("正式党员", "full"), ("预备党员", "probationary"), ("中共党员（预备）", "probationary"), ("党员(正式)", "full"),
        ("中共预备党员", "probationary"), ("入党积极分子", "activist"),
    ],
)  # fmt: skip
def test_what_somebody_is_by_everyday_words(said: str, kind: str) -> None:
    assert membership(said.replace("（", "(").replace("）", ")")) == kind


def test_words_that_there_are_not_bring_those_that_are_near() -> None:
    with pytest.raises(Invalid, match="前后说法不一致。请只写一种人员类别"):
        membership("预备党员(正式)")
    with pytest.raises(Invalid, match=r"没有“大学本课”这个选项。相近的有：.*请核对后改成其中一个"):
        word({one: one for one in EDUCATION}, {})("大学本课")
    few = {"a": "甲类", "b": "乙类"}
    assert word(few, {"甲": "a"})("甲") == word(few, {})("甲类") == "a"
    with pytest.raises(Invalid, match=r"没有“XYZ”这个选项。可填：甲类、乙类。$"):
        word(few, {})("XYZ")
    many = {str(number): f"第{number:02}类" for number in range(13)}
    with pytest.raises(Invalid, match=r"第11类等。$"):
        word(many, {})("XYZ")
