"""The steps of procedure `admission`: those of the floor, and those that several local practices insert under one id.

A plugin that inserts a step of the catalogue meets the others in it: title, stage, level and place are the same for all.
Source of the floor's steps: 中央组织部发展党员工作流程 (5 stages, 25 steps) with the notice of 细则（2026）第十三条.
"""

from __future__ import annotations

import msgspec

FLOOR: dict[str, tuple[str, ...]] = {
    "admission": (
        "application", "applicant-talk", "activist-decision", "activist-filing", "mentor-appointment", "cultivation",
        "prospect-selection", "prospect-consent", "prospect-notice", "sponsor-appointment", "political-review",
        "intensive-training", "branch-review", "pre-review", "admission-form", "admission-meeting", "pre-approval-talk",
        "admission-approval", "admission-filing", "group-assignment", "oath", "probation", "conversion-application",
        "conversion-meeting", "conversion-approval", "archiving",
    )
}  # fmt: skip

STAGES: dict[str, tuple[str, ...]] = {
    "admission": ("application", "activist", "prospect", "admission", "conversion")
}


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


def known_steps(procedure: str) -> tuple[str, ...]:
    """The ids of the floor's steps and of the catalogue, for a procedure; empty for an unknown one."""
    return (*FLOOR.get(procedure, ()), *INSERTED.get(procedure, ()))
