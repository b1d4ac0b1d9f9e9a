"""The ids in which local practices and the register meet: steps that several plugins insert, and memberships.

A plugin that inserts a step of the catalogue meets the others in it: title, stage, level and place are the same for all.
"""

from __future__ import annotations

import msgspec


class Membership(msgspec.Struct, frozen=True):
    """What somebody is to the Party. `begins`: the date of the register that is its first day; only members have one."""

    title: str
    begins: str = ""

    @property
    def member(self) -> bool:
        """Whether he is counted as a member."""
        return bool(self.begins)


MEMBERSHIPS: dict[str, Membership] = {
    "full": Membership("正式党员", begins="converted"),
    "probationary": Membership("预备党员", begins="joined"),
    "prospect": Membership("发展对象"),
    "activist": Membership("入党积极分子"),
    "applicant": Membership("入党申请人"),
    "none": Membership("群众"),
}
"""The memberships of the register; a procedure may confer them (national-baseline §8.2)."""


STANDINGS: dict[str, str] = {"normal": "正常", "suspended": "停止党籍"}
"""How a member's membership stands in the register (national-baseline §8.2)."""

EFFECTS: dict[str, str] = {
    "lost": "登记为失联党员",
    "found": "取得联系，不再是失联党员",
    "mobile": "登记为流动党员",
    "returned": "不再是流动党员",
    "suspended": "停止党籍",
    "restored": "恢复党籍",
    "withdrawn": "退党，移出名册",
    "removed": "除名，移出名册",
}
"""What a case of a procedure that `confers: register` can do to its person there, once people have decided."""


class Inserted(msgspec.Struct, frozen=True):
    """A step that plugins insert. `completes`: the named step takes effect only with this one."""

    title: str
    stage: str
    level: str
    after: tuple[str, ...]
    before: tuple[str, ...]
    completes: str = ""


INSERTED: dict[str, dict[str, Inserted]] = {
    "admission": {
        "application-notice": Inserted(
            "收到入党申请公示", "application", "branch", ("application",), ("activist-decision",)
        ),
        "activist-recommendation": Inserted(
            "推荐入党积极分子", "activist", "branch", ("applicant-talk",), ("activist-decision",)
        ),
        "activist-notice": Inserted(
            "入党积极分子公示",
            "activist",
            "branch",
            ("activist-decision",),
            ("activist-filing",),
        ),
        "early-inspection": Inserted(
            "超前考察", "prospect", "committee", ("cultivation",), ("prospect-selection",)
        ),
        "prospect-inquiry": Inserted(
            "确定发展对象前函询", "prospect", "committee", ("cultivation",), ("prospect-selection",)
        ),
        "prospect-review": Inserted(
            "发展对象人选逐级审查", "prospect", "committee", ("prospect-selection",), ("prospect-consent",)
        ),
        "joint-review": Inserted("联审", "prospect", "committee", ("political-review",), ("pre-review",)),
        "department-audit": Inserted(
            "组织部门审核", "admission", "department", ("pre-review",), ("admission-form",)
        ),
        "form-notice": Inserted(
            "填写志愿书前公示", "admission", "branch", ("pre-review", "department-audit"), ("admission-form",)
        ),
        "second-branch-review": Inserted(
            "支部委员会复审",
            "admission",
            "branch",
            ("admission-form",),
            ("admission-notice", "admission-meeting"),
        ),
        "relative-declaration": Inserted(
            "村（社区）干部亲属申报", "admission", "branch", ("applicant-talk",), ("admission-meeting",)
        ),
        "admission-notice": Inserted(
            "接收预备党员公示", "admission", "branch", ("admission-form",), ("admission-meeting",)
        ),
        "mass-appraisal-admission": Inserted(
            "接收前群众测评",
            "admission",
            "branch",
            ("admission-notice", "admission-form"),
            ("admission-meeting",),
        ),
        "theory-test": Inserted(
            "理论测试", "admission", "committee", ("admission-meeting",), ("admission-approval",)
        ),
        "organizer-vote": Inserted(
            "组织员会议票决",
            "admission",
            "department",
            ("admission-approval",),
            ("admission-filing", "group-assignment", "oath", "probation"),
            completes="admission-approval",
        ),
        "revisit": Inserted("转正前回访", "conversion", "branch", ("probation",), ("conversion-meeting",)),
        "conversion-notice": Inserted(
            "转正公示", "conversion", "branch", ("conversion-application",), ("conversion-meeting",)
        ),
        "mass-appraisal-conversion": Inserted(
            "转正前群众测评",
            "conversion",
            "branch",
            ("conversion-notice", "conversion-application"),
            ("conversion-meeting",),
        ),
        "archive-cross-check": Inserted(
            "档案交叉审核", "conversion", "department", ("conversion-approval",), ("archiving",)
        ),
    }
}


def title_of(step: str) -> str:
    """The Chinese title of a step that several practices insert; empty for any other."""
    return next((shared[step].title for shared in INSERTED.values() if step in shared), "")
