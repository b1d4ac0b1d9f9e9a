"""Who belongs to a branch: ages, schooling, work and number of its members, by the domain of the branch."""

from __future__ import annotations

import msgspec


class Profile(msgspec.Struct, frozen=True):
    """`size` of the branch, `ages` of its members (both from … to); `jobs` and `schooling` come as often as they are listed.

    `joiners` are the jobs of those who apply, `young` their ages.
    """

    size: tuple[int, int]
    ages: tuple[int, int]
    jobs: tuple[str, ...]
    schooling: tuple[str, ...]
    joiners: tuple[str, ...]
    young: tuple[int, int] = (22, 42)


VILLAGE = ("初中", "初中", "初中", "普通高中", "普通高中", "小学", "中等专科", "大专")
TAUGHT = ("大学", "大学", "大学", "大专", "硕士研究生", "中央党校大学")
WORKED = ("大学", "大学", "大专", "大专", "普通高中", "中等专科")

PROFILES = {
    "village": Profile(
        (17, 27), (28, 82),
        ("务农",) * 6 + ("个体经营", "村民委员会委员", "护林员", "乡村医生", "外出务工", "合作社社员"), VILLAGE,
        ("务农", "种粮大户", "家庭农场经营者", "返乡创业青年", "村级后备干部", "乡村医生", "农民专业合作社理事"),
    ),
    "street": Profile(
        (24, 36), (30, 80), ("退休",) * 5 + ("社区工作者", "社区工作者", "自由职业", "个体经营", "企业职员"), WORKED,
        ("社区工作者", "网格员", "物业公司职员", "个体经营", "社区志愿者"),
    ),
    "organs": Profile(
        (14, 24), (25, 60), ("科员",) * 3 + ("股长", "副股长", "四级主任科员", "一级科员", "事业单位职员"), TAUGHT,
        ("科员", "事业单位职员", "选调生", "三支一扶人员"), (22, 35),
    ),
    "school": Profile(
        (15, 25), (26, 60), ("教师",) * 6 + ("年级组长", "教务主任"), ("大学", "大学", "大学", "硕士研究生", "大专"),
        ("教师", "班主任", "辅导员"), (23, 38),
    ),
    "student": Profile(
        (8, 14), (24, 50), ("辅导员", "专任教师", "学生工作处干事"), ("大学", "硕士研究生"), ("学生",), (21, 24),
    ),
    "health": Profile(
        (16, 26), (26, 60), ("医师",) * 4 + ("护师", "主管护师", "检验师", "药师"), ("大学", "大学", "大专", "硕士研究生"),
        ("住院医师", "护士", "检验师", "公共卫生医师"), (23, 38),
    ),
    "company": Profile(
        (9, 17), (25, 58), ("车间主任", "技术员", "技术员", "职员", "职员", "会计", "律师", "驾驶员"), WORKED,
        ("技术员", "销售主管", "职员", "班组长", "快递员"), (23, 42),
    ),
    "estate": Profile(
        (15, 24), (26, 60), ("职工",) * 4 + ("技术员", "班组长", "部门副经理"), WORKED, ("职工", "技术员", "班组长"), (23, 40),
    ),
    "retired": Profile((30, 44), (61, 90), ("退休",), ("大专", "中等专科", "普通高中", "大学"), ("退休",), (61, 66)),
}  # fmt: skip
