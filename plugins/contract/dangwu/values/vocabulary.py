"""Words that several plugins share, with their Chinese titles; a policy declares further ones under `terms` and `tags`."""

from __future__ import annotations

from collections.abc import Collection

from dangwu.values.families import EVENTS, FAMILIES

LEVELS = {
    "person": "本人",
    "branch": "党支部",
    "general-branch": "党总支",
    "committee": "基层党委",
    "department": "县委组织部",
}
"""The levels that act, lowest first."""

_RANKS = {"person": 0, "group": 1, "branch": 2, "general-branch": 3, "committee": 4, "department": 6}


def rank(level: str) -> int:
    """How high a level stands; one that only a plugin knows stands between committee and department."""
    return _RANKS.get(level, 5)


def ascending(levels: Collection[str]) -> list[str]:
    """The levels, lowest first."""
    return sorted(levels, key=rank) if len(levels) > 1 else [*levels]


WORDS: dict[str, dict[str, str]] = {
    "level": {**LEVELS},
    "receiver": {
        "city": "市委组织部",
        "province": "省委组织部",
    },
    "source": {
        "group": "党小组",
        "mentors": "培养联系人",
        "members": "党员",
        "masses": "群众",
        "league": "群团组织",
        "household-place": "户籍地党组织",
        "residence-place": "居住地党组织",
        "work-unit": "所在单位党组织",
        "former-work-unit": "原工作单位党组织",
        "origin-village": "原籍村党组织",
        "inflow-organisation": "流入地党组织",
        "outflow-organisation": "流出地党组织",
    },
    "party": {
        "applicant": "本人",
        "full-member": "正式党员",
    },
    "role": {
        "committee-member": "党委委员",
        "organizer": "组织员",
        "county-organizer": "县级派驻组织员",
        "secretary": "党委书记",
        "deputy-secretary": "党委副书记",
        "organization-commissioner": "党委组织委员",
        "branch-secretary": "党支部书记",
        "branch-organizer": "支部组织委员",
        "committee-organizer": "基层党委组织委员",
        "committee-secretary": "基层党委书记",
        "department-reviewer": "组织部审核责任人",
        "committee-delegate": "上级党委派员",
    },
    "qualification": {
        "full-member": "正式党员",
    },
    "place": {
        "workplace": "工作（学习）单位",
        "residence": "居住地",
        "outflow": "流出地",
        "inflow": "流入地",
        "committee-site": "所在党（工）委",
        "committee": LEVELS["committee"],
    },
    "channel": {
        "bulletin-board": "公开栏",
        "meeting": "党员大会通报",
        "website": "网站",
        "broadcast": "广播",
        "cable-tv": "有线电视",
        "intranet": "内部局域网",
    },
    "way": {
        "phone": "电话",
        "message": "短信、微信等",
        "on-site": "到住所、单位走访",
        "kin": "寻访亲属",
        "acquaintances": "寻访邻居、同事、朋友",
        "former-organisation": "向原籍、原单位党组织了解",
        "registers": "查阅名册、党费、会议记录和档案",
        "appeal": "发布查找启事",
    },
    "agency": {
        "discipline-inspection": "纪委监委",
        "political-legal": "政法委",
        "public-security": "公安",
        "justice": "司法行政",
        "petition": "信访",
        "tax": "税务",
        "market-regulation": "市场监督管理",
        "labor-inspection": "劳动监察",
        "natural-resources": "自然资源",
        "planning-construction": "规划建设",
        "united-front": "统战部",
        "emergency-management": "应急管理",
        "social-insurance": "社保",
        "telecom": "电信",
        "housing": "房管",
        "inflow-organisation": "流入地党组织",
        "outflow-organisation": "流出地党组织",
    },
    "grade": {
        "excellent": "优秀",
        "qualified": "合格",
        "barely-qualified": "基本合格",
        "not-qualified": "不合格",
        "achieved": "达到",
        "not-achieved": "未达到",
    },
    "proposal": {
        "commendation": "通报表扬或推荐评先评优",
        "guidance": "指出差距，帮助改进",
        "rectification-branch": "列入教育整转支部，限期整改",
        "disposal-inquiry": "按规定程序核实，研究是否启动不合格党员组织处置",
        "early-warning": "列入预警，派人帮助整顿",
    },
    "family": {name: family.title for name, family in FAMILIES.items()},
    "event": {**EVENTS},
    "date": {
        "graduation": "毕业",
        "departure": "离开单位",
    },
}
"""The shared words by category (see word.py); a word may be of several."""

APART = frozenset({"family"})
"""Categories whose words nobody declares and no requirement names: one of them may be another word's id elsewhere."""

TERMS: dict[str, str] = {
    word: title for category, words in WORDS.items() if category not in APART for word, title in words.items()
}
"""The same without their categories."""

TAGS: dict[str, str] = {
    "rural": "农村",
    "student": "学生",
    "mobile": "流动人员",
    "off-site": "异地",
    "private-entrepreneur": "私营企业主",
    "primary-education": "小学及以下文化程度",
    "village-cadre-relative": "村（社区）干部亲属",
    "past-violation": "有违法违纪史",
    "social-organization-head": "社会组织负责人",
    "with-mobile-members": "有流动党员",
    "with-lost-members": "有失联党员",
}
