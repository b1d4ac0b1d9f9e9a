"""The 19 columns of the roster (national-baseline §8.1 no. 1) and the other headings under which they come."""

from __future__ import annotations

import re
import unicodedata

import msgspec


class Column(msgspec.Struct, frozen=True):
    """A column: our field, its official heading, other headings in the order in which they are preferred, and whether a
    roster without it is refused."""

    field: str
    title: str
    also: tuple[str, ...] = ()
    essential: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings, as `normal` writes them, the preferred first."""
        return tuple(normal(title) for title in (self.title, *self.also))


def normal(heading: object) -> str:
    """A heading without blanks, marks of emphasis and what stands in brackets, full-width letters made plain."""
    text = unicodedata.normalize("NFKC", str(heading or ""))
    return re.sub(r"[\s*＊:：]|\(.*?\)|\[.*?\]|【.*?】", "", text)


YES_OR_NO = {
    **dict.fromkeys(
        ("是否正式党员", "是否为正式党员", "是否正式", "是否转正", "是否已转正"), ("full", "probationary")
    ),
    **dict.fromkeys(("是否预备党员", "是否为预备党员", "是否预备"), ("probationary", "full")),
}
"""Headings over yes and no → what each says somebody is."""

COLUMNS = (
    Column("name", "姓名", ("党员姓名", "名字", "姓名全称"), essential=True),
    Column(
        "national_id",
        "身份证号码",
        (
            "公民身份号码",
            "公民身份证号码",
            "身份证号",
            "身份证",
            "证件号码",
            "身份证件号码",
            "居民身份证号码",
            "居民身份证号",
            "公民身份证号",
            "身份号码",
            "身份证件号",
            "证件号",
        ),
        essential=True,
    ),
    Column("sex", "性别"),
    Column("ethnicity", "民族"),
    Column("born", "出生日期", ("出生年月日", "出生年月", "出生时间")),
    Column("education", "学历", ("最高学历", "文化程度", "学历层次")),
    Column(
        "membership",
        "人员类别",
        (
            "党员类别",
            "正式/预备",
            "预/正",
            "正式预备",
            "党籍状态",
            "党员状态",
            "党员类型",
            "人员类型",
            "身份类型",
            "党员身份",
            "政治面貌",
            "人员身份",
            "党员性质",
            "类别",
        ),
        essential=True,
    ),
    Column(
        "unit",
        "所在党支部",
        (
            "所在党组织",
            "所属党支部",
            "党支部名称",
            "党支部",
            "所在支部",
            "所属支部",
            "支部名称",
            "支部",
            "支部信息",
            "所属党组织",
            "党组织名称",
            "隶属党组织",
            "所在党支部名称",
            "所属支部名称",
            "所在支部名称",
            "所属党支部名称",
            "党支部全称",
            "支部全称",
            "所在党组织名称",
            "所在党组织全称",
            "党组织全称",
            "党组织",
        ),
        essential=True,
    ),
    Column(
        "joined",
        "入党日期",
        (
            "加入党组织日期",
            "入党时间",
            "加入中共组织的时间",
            "加入党组织时间",
            "入党年月",
            "入党年月日",
            "加入中国共产党时间",
            "加入中国共产党日期",
            "加入中共日期",
            "加入中共时间",
            "加入党组织的时间",
            "入党",
        ),
    ),
    Column(
        "converted",
        "转正日期",
        (
            "转为正式党员日期",
            "转正时间",
            "转为正式党员时间",
            "转正年月",
            "转正年月日",
            "转为正式党员的时间",
            "转正",
        ),
    ),
    Column("job", "工作岗位"),
    Column(
        "phone",
        "手机号",
        (
            "手机号码",
            "手机",
            "移动电话",
            "联系电话",
            "联系方式",
            "电话",
            "电话号码",
            "联系手机",
            "手机电话",
            "联系电话1",
            "手机号1",
            "手机1",
            "电话1",
        ),
    ),
    Column("landline", "固定电话", ("座机", "固话", "办公电话", "住宅电话")),
    Column(
        "address",
        "家庭住址",
        (
            "家庭地址",
            "住址",
            "现居住地",
            "现住址",
            "居住地",
            "联系地址",
            "通讯地址",
            "居住地址",
            "现居住地址",
            "家庭详细地址",
        ),
    ),
    Column("standing", "党籍状态"),
    Column("lost_contact", "是否为失联党员", ("是否失联党员", "是否失联")),
    Column("lost_since", "失去联系日期", ("失联日期", "失联时间")),
    Column("mobile", "是否为流动党员", ("是否流动党员", "是否流动")),
    Column("destination", "外出流向"),
)
TITLES = {column.field: column.title for column in COLUMNS}
