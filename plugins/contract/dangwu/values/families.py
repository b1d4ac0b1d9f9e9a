"""The families of duties: what recurs in the life of a unit, and how a unit holds it. Duties of one family meet and are joined.

Sources: 中国共产党支部工作条例（试行）第 11 至 19 条，中国共产党党员教育管理条例第 16 至 20 条，发展党员工作细则.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

BRANCH = ("branch",)
ORGANISATIONS = ("branch", "general-branch", "committee", "department")


class Family(msgspec.Struct, frozen=True):
    """`held`: the kinds of units that record such an activity; `members`: all who have a vote there are called; `decides`: the
    cases of people can be decided there by vote; `taught`: somebody gives it, whose post may count; `counted`: it has a roll or
    numbers of who was there."""

    title: str
    held: tuple[str, ...] = ORGANISATIONS
    members: bool = False
    decides: bool = False
    taught: bool = False
    counted: bool = True


FAMILIES: Mapping[str, Family] = {
    "branch-meeting": Family("党员大会", BRANCH, members=True, decides=True),
    "branch-committee-meeting": Family("支部委员会会议", BRANCH),
    "committee-meeting": Family("党委会会议", ("committee",), decides=True),
    "group-meeting": Family("党小组会", ("group",), members=True),
    "party-day": Family("主题党日", BRANCH, members=True),
    "life-meeting": Family("组织生活会", BRANCH, members=True),
    "committee-life-meeting": Family("民主生活会", ("branch", "committee")),
    "democratic-appraisal": Family("民主评议党员", BRANCH, members=True),
    "lecture": Family("党课", members=True, taught=True),
    "study-hours": Family("集中学习", members=True, taught=True),
    "centre-study": Family("理论学习中心组学习", ("committee",), taught=True),
    "training": Family("培训", members=True, taught=True),
    "heart-to-heart": Family("谈心谈话", counted=False),
    "recommendation-meeting": Family("群众推优会", BRANCH),
    "activist-analysis": Family("入党积极分子队伍分析", counted=False),
    "work-report": Family("工作报告", counted=False),
    "inspection": Family("检查督查", counted=False),
    "roster-audit": Family("名册核对", counted=False),
    "mobile-contact": Family("联系流动党员", counted=False),
    "lost-scan": Family("失联党员排查", counted=False),
    "mass-service": Family("联系服务群众", members=True),
    "work-meeting": Family("工作会议"),
    "research": Family("调研分析", counted=False),
    "work-appraisal": Family("述职评议考核", counted=False),
    "pledge": Family("签订责任书、作出承诺", counted=False),
    "annual-plan": Family("制定年度计划", counted=False),
    "ledger": Family("建立和更新台账", counted=False),
    "systems": Family("建立和健全制度", counted=False),
    "care": Family("走访慰问", counted=False),
    "branch-building": Family("专题研究党支部建设", ("committee", "department"), counted=False),
    "activist-assessment": Family("入党积极分子考察", ()),
    "thought-report": Family("思想汇报", ()),
    "dues": Family("收缴、上缴党费", ("branch", "general-branch", "committee"), counted=False),
}
"""By id; of those that are held nowhere the records are kept elsewhere. The catalogue is fixed: what two practices ask for
meets only under one name."""

FAMILY_TITLES: Mapping[str, str] = {name: one.title for name, one in FAMILIES.items()}

EVENTS: Mapping[str, str] = {
    "founding": "建立党组织",
    "mobile-registration": "登记为流动党员",
}
"""From what day a duty may run that recurs with something that happens."""
BEGUN_BY: Mapping[str, str] = {"mobile-member": "mobile-registration"}
"""The procedures whose beginning is such an event, which is the step that opens them."""
HAPPENS: Mapping[str, tuple[str, ...]] = {
    "founding": ("group", *ORGANISATIONS),
    "mobile-registration": ("group", "branch", "general-branch"),
}
"""Where each happens: at units of these kinds."""

__all__ = ["BEGUN_BY", "EVENTS", "FAMILIES", "FAMILY_TITLES", "HAPPENS", "Family"]
