"""The 19 columns of the roster (national-baseline §8.1 no. 1) and the other headings under which they come."""

from __future__ import annotations

import re
import unicodedata

import msgspec

from core.errors import Invalid


class Column(msgspec.Struct, frozen=True):
    """A column: our field, its official heading, other headings, and whether a roster without it is refused."""

    field: str
    title: str
    also: tuple[str, ...] = ()
    essential: bool = False


COLUMNS = (
    Column("name", "姓名", ("党员姓名",), essential=True),
    Column(
        "national_id",
        "身份证号码",
        ("公民身份号码", "公民身份证号码", "身份证号", "身份证", "证件号码"),
        essential=True,
    ),
    Column("sex", "性别"),
    Column("ethnicity", "民族"),
    Column("born", "出生日期", ("出生年月日", "出生年月")),
    Column("education", "学历"),
    Column("membership", "人员类别", ("党员类别",), essential=True),
    Column("unit", "所在党支部", ("所在党组织", "所属党支部", "党支部名称"), essential=True),
    Column("joined", "入党日期", ("加入党组织日期", "入党时间", "加入中共组织的时间")),
    Column("converted", "转正日期", ("转为正式党员日期", "转正时间")),
    Column("job", "工作岗位"),
    Column("phone", "手机号", ("手机号码", "联系电话", "移动电话")),
    Column("landline", "固定电话", ("座机",)),
    Column("address", "家庭住址", ("现居住地", "家庭地址")),
    Column("standing", "党籍状态"),
    Column("lost_contact", "是否为失联党员", ("是否失联党员", "是否失联")),
    Column("lost_since", "失去联系日期", ("失联日期", "失联时间")),
    Column("mobile", "是否为流动党员", ("是否流动党员", "是否流动")),
    Column("destination", "外出流向"),
)
TITLES = {column.field: column.title for column in COLUMNS}
HEADING_ROWS = 10
"""The headings are looked for in this many rows from the top: a title line may stand above them."""


def normal(heading: object) -> str:
    """A heading without blanks, marks of emphasis and what stands in brackets, full-width letters made plain."""
    text = unicodedata.normalize("NFKC", str(heading or ""))
    return re.sub(r"[\s*＊:：]|\(.*?\)|\[.*?\]|【.*?】", "", text)


_FIELD_OF = {normal(title): column.field for column in COLUMNS for title in (column.title, *column.also)}


def find_headings(rows: list[list[object]]) -> tuple[int, dict[str, int], tuple[str, ...]] | None:
    """(index of the heading row, field → column index, headings that are not read), or None when there is no such row.

    Raises Invalid when an essential column is missing or one comes twice.
    """
    for index, row in enumerate(rows[:HEADING_ROWS]):
        cells = [normal(cell) for cell in row]
        if sum(cell in _FIELD_OF for cell in cells) >= 2 and any(
            _FIELD_OF.get(cell) == "name" for cell in cells
        ):
            return index, *_placed(cells)
    return None


def _placed(cells: list[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        field = _FIELD_OF.get(cell)
        if field and field in places:
            raise Invalid(
                f"表头里“{TITLES[field]}”出现了两次。请删去多余的一列后重新上传。", code="heading-twice"
            )
        if field:
            places[field] = place
    missing = [column.title for column in COLUMNS if column.essential and column.field not in places]
    if missing:
        listed = "、".join(f"“{title}”" for title in missing)
        raise Invalid(f"表头缺少{listed}。请按名册模板补上这些列后重新上传。", code="heading-missing")
    return places, tuple(cell for cell in cells if cell and cell not in _FIELD_OF and cell != "序号")
