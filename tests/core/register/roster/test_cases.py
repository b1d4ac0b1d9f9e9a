"""Rosters as counties really have them (cases/, all people invented), each with what is right to read; and their kinds."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import Invalid
from core.register.check import examine
from core.register.model import PersonDraft
from core.register.roster.branches import loose_name
from core.register.roster.rows import Given
from core.register.roster.sheet import Roster, read_roster
from core.register.roster.workbook import sheets
from tests.core.conftest import TODAY
from tests.core.register.roster.rosters import TITLES, member, roster, row

CASES = Path(__file__).parent / "cases"
PERSON: dict[str, Any] = {
    "joined": "2009-06-28", "converted": "2010-06-28", "membership": "full", "unit": "东泉村党支部", "born": "1980-05-12",
}  # fmt: skip


def case(name: str, *, into_branch: bool = False) -> Roster:
    """A case read."""
    (path,) = CASES.glob(f"{name}-*")
    return read_roster(sheets(path.read_bytes()), into_branch=into_branch)


def saved(fill: Callable[[Workbook, Worksheet], None]) -> Roster:
    """The roster of a workbook that `fill` fills, read."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    fill(book, sheet)
    book.save(out)
    return read_roster(sheets(out.getvalue()))


@pytest.mark.parametrize(
    ("name", "people", "values"),
    [
        ("01", 3, {}), ("02", 1, {"name": "新名单人"}), ("05", 2, {}), ("06", 6, {"name": "古丽·艾山"}), ("11", 1, PERSON),
        ("03", 2, {"joined": "2009-06-28", "converted": "2010-06-28", "phone": "13847901234", "address": "柳河镇东泉村"}),
        ("12", 3, PERSON), ("13a", 2, PERSON), ("13b", 2, PERSON), ("14", 2, PERSON),
        ("15a", 1, {"phone": "13847901234", "landline": "0482-8223456"}), ("15b", 1, {"address": "柳河镇东泉村"}),
        ("17a", 2, {"membership": "full", "unit": "东泉村党支部"}), ("17c", 2, {"membership": "full", "unit": "东泉村党支部"}),
        ("18a", 2, {"membership": "full"}), ("18b", 2, {"membership": "full"}), ("18c", 2, {"membership": "full"}),
        ("18d", 2, {"membership": "full"}), ("19", 4, PERSON), ("20", 1, PERSON), ("22", 8, PERSON), ("24", 7, PERSON),
        ("26", 2, PERSON), ("27", 2, PERSON), ("32", 1, {"joined": "1990-06-28"}), ("21", 6, PERSON),
    ],
)  # fmt: skip
def test_what_is_certain_is_read(name: str, people: int, values: dict[str, str]) -> None:
    rows = case(name).rows
    assert [one.faults for one in rows] == [()] * people
    for one in rows:
        assert {field: str(one.values[field]) for field in values} == values


@pytest.mark.parametrize(("name", "people"), [("16", 1), ("17b", 2)])
def test_one_branch_need_not_name_itself(name: str, people: int) -> None:
    assert [one.faults for one in case(name, into_branch=True).rows] == [()] * people
    with pytest.raises(Invalid, match="缺少“所在党支部”。"):
        case(name)


def test_a_roster_without_ids_is_refused_for_that_alone() -> None:
    with pytest.raises(Invalid, match=r"^表头缺少“身份证号码”。"):
        case("17d")


@pytest.mark.parametrize(
    ("name", "unread"),
    [
        ("02", "工作表“2024旧名单”是隐藏的"), ("04", "第 3 行在表中是隐藏的"), ("26", "第 4、5、6 行没有身份证号码"),
        ("14", "旧格式（.xls）"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_listed(name: str, unread: str) -> None:
    (sentence,) = case(name).unread
    assert unread in sentence


def test_hidden_people_are_not_among_those_read() -> None:
    assert [one.name for one in case("04").rows] == ["在册甲", "在册丙"]


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        ("08", [("转正日期", "带有时刻")]),
        ("09", [("工作岗位", "公式错误 #N/A"), ("手机号", "公式错误 #N/A")]),
    ],
)
def test_what_cannot_be_read_is_a_fault(name: str, faults: list[tuple[str, str]]) -> None:
    (row,) = case(name).rows
    assert [column for column, _ in faults] == [fault.column for fault in row.faults]
    assert all(part in fault.sentence for (_, part), fault in zip(faults, row.faults, strict=True))


@pytest.mark.parametrize(
    ("name", "field", "faulty"), [("07", "name", [0, 1, 3]), ("28", "national_id", [0, 1, 2, 3])]
)
def test_lost_characters_and_numbers_are_faults(name: str, field: str, faulty: list[int]) -> None:
    found = []
    for place, one in enumerate(case(name).rows):
        draft = PersonDraft(**{key: value for key, value in one.values.items() if key != "unit"})
        if field in examine(draft, TODAY)[1]:
            found.append(place)
    assert found[: len(faulty)] == faulty


def test_education_is_read_or_the_nearest_offered() -> None:
    read = [one.values.get("education") for one in case("25").rows]
    assert read == [
        "中等专科",
        None,
        None,
        "省（区、市）委党校大学",
        "中央党校大学",
        "中等专科",
        "大学普通班",
        "小学",
    ]


def test_numbers_of_either_kind_are_told_apart() -> None:
    rows = [
        (one.values.get("phone"), one.values.get("landline"), len(one.remarks)) for one in case("21").rows
    ]
    mobile, line = "13847901234", "0482-8223456"
    assert rows == [
        (None, line, 0), (None, "8223456", 0), (mobile, None, 1), (mobile, line, 0), (mobile, None, 0), (mobile, None, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("title", ["", "某县党员名册"])
@pytest.mark.parametrize("merged", [True, False])
def test_headings_over_headings(title: str, merged: bool) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        if title:
            sheet.append([title])
        top = sheet.max_row + 1 if title else 1
        sheet.append(["姓名", "身份证号", "党内情况", None, None, "联系方式", None])
        sheet.append([None, None, "正式/预备", "支部", "入党时间", "手机", "固话"])
        if merged:
            sheet.merge_cells(start_row=top, end_row=top + 1, start_column=1, end_column=1)
            sheet.merge_cells(start_row=top, end_row=top, start_column=3, end_column=5)
        sheet.append(["甲", member(1)[1], "正式", "东泉村支部", "2009.6.28", "13847901234", "8223456"])

    (one,) = saved(fill).rows
    assert not one.faults
    assert one.values.keys() == {"name", "national_id", "membership", "unit", "joined", "phone", "landline"}


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_never_chosen_without_a_word(state: Literal["hidden", "veryHidden"]) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        sheet.append(TITLES)
        sheet.append(member(1))
        sheet.sheet_state = state
        shown = book.create_sheet("现名单")
        shown.append(TITLES)
        shown.append(member(2))
        book.create_sheet("说明").append(["怎样填"])

    sheet = saved(fill)
    assert [one.name for one in sheet.rows] == ["党员2"]
    assert [sentence[:8] for sentence in sheet.unread] == ["工作表“Shee", "工作表“说明”没"]


def test_hidden_rows_are_listed() -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        sheet.append(TITLES)
        for number in (1, 2, 3):
            sheet.append(member(number))
        sheet.row_dimensions[3].hidden = True

    sheet = saved(fill)
    assert [one.number for one in sheet.rows] == [2, 4]
    assert "第 3 行" in sheet.unread[0]


@pytest.mark.parametrize(
    "below",
    [
        ["合计", "3 人"],
        ["填表人：张三"],
        ["备注：以上名单截至 2026 年"],
        ["小计", 3],
        ["审核：", None, "李四"],
    ],
)
def test_what_stands_below_the_people_is_listed(below: list[object]) -> None:
    sheet = read_roster(sheets(roster([member(1), [], below])))
    assert len(sheet.rows) == 1
    assert "第 4 行" in sheet.unread[0]


def said(field: str, written: str) -> Given:
    """What a row says with this in one of its cells."""
    cells = {"joined": "2001-07-01", "converted": "2010-07-01", field: written}
    (one,) = read_roster(sheets(roster([row(cells.pop("name", "张三"), str(member(1)[1]), **cells)]))).rows
    return one


@pytest.mark.parametrize(
    ("field", "written", "read"),
    [
        ("membership", "党员（预备）", "probationary"), ("membership", "中国共产党员", "full"),
        ("membership", "01 预备党员", "probationary"), ("membership", "预", "probationary"),
        ("education", "大学本科（全日制）", "大学"), ("education", "大学本科/学士", "大学"), ("education", "20-大学本科", "大学"),
        ("education", "网络大专", "大专"), ("education", "中技", "技工学校"),
        ("joined", "28/6/2009", date(2009, 6, 28)), ("joined", "6/28/2009", date(2009, 6, 28)),
        ("joined", "2009年6月28日 星期日", date(2009, 6, 28)), ("joined", "公元2009年6月28日", date(2009, 6, 28)),
        ("joined", "20090628.0", date(2009, 6, 28)), ("joined", "2009-06-28T00:00:00+08:00", date(2009, 6, 28)),
        ("name", "王&#x4dae;", "王䶮"), ("name", "张三，", "张三"), ("sex", "1", "male"), ("sex", "F", "female"),
        ("lost_contact", "未失联", False), ("mobile", "流动党员", True), ("mobile", "NO", False), ("mobile", "✓", True),
        ("standing", "正常党员", "normal"),
        ("phone", "手机:13847901234", "13847901234"), ("phone", "013847901234", "13847901234"),
        ("phone", "13847901234 13947901234", "13847901234"), ("phone", "13847901234（本人）", "13847901234"),
    ],
)  # fmt: skip
def test_a_cell_whose_meaning_is_certain_is_read(field: str, written: str, read: object) -> None:
    assert (said(field, written).values[field], said(field, written).faults) == (read, ())


@pytest.mark.parametrize(
    ("field", "written", "sentence"),
    [
        ("membership", "预备党员（正式）", "前后说法不一致"), ("joined", "6/5/2009", "分不清哪个是月、哪个是日"),
        ("joined", "09.6.28", "年份只有两位"), ("joined", "2009.6.28-2010.6.28", "除了日期还有别的内容"),
        ("job", "Err:502", "公式错误 ERR:502"), ("job", "#######", "列宽不够"), ("job", "#名称?", "公式错误"),
        ("job", "=VLOOKUP(A2,Sheet2!A:B,2,0)", "没有它的结果"), ("education", "学士", "相近的有：大学"),
    ],
)  # fmt: skip
def test_a_cell_whose_meaning_is_not_certain_is_a_fault_that_says_why(
    field: str, written: str, sentence: str
) -> None:
    assert [sentence in fault.sentence for fault in said(field, written).faults] == [True]


@pytest.mark.parametrize(
    ("field", "written", "sentence"),
    [
        ("name", "王(龙天)", "有括号"), ("name", "张三、李四", "像是写了几个人"), ("name", "张××", "转换时丢失"),
        ("name", "王\\u4dae", "不是姓名用字"), ("name", "·艾山", "不是姓名用字"),
        ("national_id", "150102800512123", "第一代身份证"),
    ],
)  # fmt: skip
def test_what_is_no_name_or_number_is_a_fault(field: str, written: str, sentence: str) -> None:
    given: dict[str, Any] = {"name": "张三", field: written}
    draft = PersonDraft(**given)
    assert sentence in examine(draft, TODAY)[1][field]


@pytest.mark.parametrize(
    "written", ["{0}-{1}-{2}", "身份证号：{0}{1}{2}", "{0}{1}{2}（二代）", "{0} {1} {2}"]
)
def test_a_number_among_words_that_say_what_it_is(written: str) -> None:
    number = str(member(1)[1])
    (one,) = read_roster(
        sheets(roster([member(1, national_id=written.format(number[:6], number[6:14], number[14:]))]))
    ).rows
    assert one.values["national_id"] == number


def test_the_same_as_above_is_what_stands_above() -> None:
    """Again and again; not in the first row, and never of a name or a number."""
    rows = [
        member(1, unit="同上"),
        *(member(number, unit=unit) for number, unit in ((2, "东泉村"), (3, "〃"), (4, '"'))),
    ]
    found = read_roster(sheets(roster(rows))).rows
    assert [one.values["unit"] for one in found] == ["同上", "东泉村", "东泉村", "东泉村"]


def test_titles_of_parts_and_sums_between_the_people_are_listed() -> None:
    rows = [
        ["东泉村党支部（2人）"],
        member(1),
        member(2),
        ["小计", 2],
        ["西泉村党支部"],
        member(3),
        [None, "合计", None, "3人"],
    ]
    sheet = read_roster(sheets(roster(rows)))
    assert [(one.number, one.faults) for one in sheet.rows] == [(3, ()), (4, ()), (7, ())]
    assert sheet.unread == (
        "工作表“Sheet”第 2、5、6 行是分段的标题、合计或填表说明，没有读取。",
        "工作表“Sheet”第 8 行没有身份证号码、人员类别和所在党支部，是表下的合计或说明，没有读取。",
    )


@pytest.mark.parametrize("above", [(), ("中共柳河镇委员会",), ("西泉村党支部党员花名册",)])
def test_a_sheet_that_is_one_branchs_says_which_by_its_name_or_title(above: tuple[str, ...]) -> None:
    place = TITLES.index("所在党支部")

    def fill(book: Workbook, sheet: Worksheet) -> None:
        sheet.title = "名册" if above == ("西泉村党支部党员花名册",) else "西泉村党支部"
        for line in (
            *([title] for title in above),
            *([*one[:place], *one[place + 1 :]] for one in (TITLES, member(1))),
        ):
            sheet.append(line)

    sheet = saved(fill)
    assert [(one.values["unit"], one.faults) for one in sheet.rows] == [("西泉村党支部", ())]
    assert "都读作“西泉村党支部”的党员" in sheet.unread[0]


def test_a_heading_that_asks_is_answered_by_yes_and_no() -> None:
    """Even where all have a day of becoming full members."""
    titles = ["是否预备党员" if one == "人员类别" else one for one in TITLES]
    found = read_roster(sheets(roster([member(1, membership="否"), member(2, membership="是")], titles))).rows
    assert [one.values["membership"] for one in found] == ["full", "probationary"]


def test_a_month_that_a_spreadsheet_made_a_day() -> None:
    """Of the birth the id knows the day; of joining nobody does, and that is said."""
    titles = [{"出生日期": "出生年月", "入党日期": "入党年月"}.get(one, one) for one in TITLES]
    (given,) = [member(1)]
    number = str(given[1])
    first = date(int(number[6:10]), int(number[10:12]), 1)
    given[TITLES.index("出生日期")], given[TITLES.index("入党日期")] = first, date(2001, 7, 1)
    (one,) = read_roster(sheets(roster([given], titles))).rows
    assert f"{one.values['born']:%Y%m%d}" == number[6:14]
    assert "只写到月" in one.remarks[0].sentence


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("东街社区第一党支部", "东街社区第1支部"), ("东街社区第十二党支部", "中共东街社区12支部委员会"),
        ("东街一支部", "东街第1党支部"),
    ],
)  # fmt: skip
def test_numbers_of_branches_in_figures_and_in_words(one: str, other: str) -> None:
    assert loose_name(one) == loose_name(other)
    assert loose_name("第十党总支第一支部") != loose_name("第十一支部")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_plain_text(encoding: str, separator: str) -> None:
    lines = [TITLES, [str(cell or "") for cell in member(1, job="务农")]]
    content = "\r\n".join(separator.join(line) for line in lines).encode(encoding)
    (one,) = read_roster(sheets(content)).rows
    assert (one.values["name"], one.values["job"], one.faults) == ("党员1", "务农", ())


@pytest.mark.parametrize(("own", "values"), [("普通编制", False), ("正式党员", True), ("预备党员", True)])
def test_the_values_tell_which_column_says_what_people_are(own: str, values: bool) -> None:
    titles = [*TITLES, "政治面貌"]
    content = roster([[*member(1, membership=own), "中共党员"]], titles)
    sheet = read_roster(sheets(content))
    assert sheet.names["人员类别"] == ("人员类别" if values else "政治面貌")
    assert not sheet.rows[0].faults
