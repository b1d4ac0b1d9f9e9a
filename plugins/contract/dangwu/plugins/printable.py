"""What the platform puts into a paper: the sources that a field can name, and which of them a public notice may show.

`step.` is of the step that the paper is for, `steps.<id>.` of another one. After it stands a word of STEP, or a facet by its
name and, behind it, a field of its evidence: `step.vote.eligible`, `steps.talk.talk.by`, `step.review.branch.conclusion`.
`dates.` and a date of his circumstances by its name in the policy: `dates.last-contact`.
"""

from __future__ import annotations

from collections.abc import Mapping

from dangwu.errors import nearest
from dangwu.facets.registry import FACETS

SOURCES: Mapping[str, str] = {
    "person.name": "姓名",
    "person.sex": "性别",
    "person.born": "出生日期",
    "person.born-month": "出生年月",
    "person.ethnicity": "民族",
    "person.education": "学历",
    "person.job": "工作岗位",
    "person.joined": "成为党员的日期",
    "person.converted": "成为正式党员的日期",
    "person.membership": "名册登记的人员类别",
    "unit.branch": "所在党支部",
    "unit.committee": "上级党委",
    "unit.department": "县委组织部",
    "to.branch": "转往的党支部",
    "to.committee": "转往的党支部的上级党委",
    "letter.number": "介绍信的编号",
    "letter.issuer": "开出介绍信的党组织",
    "letter.until": "介绍信的有效期至",
    "letter.check": "图：介绍信的核验码，扫码核对真伪和是否有效",
    "case.started": "开始办理的日期",
    "case.procedure": "流程的名称",
    "case.stage": "现在的阶段",
    "case.state": "人员类别",
    "case.state-since": "从哪天起是这一类别",
    "today": "打印的日期",
    "actor": "打印的人",
    "rows.records": "表：全部记录，更正过的附原来的（日期、环节、内容、办理、附件、说明）",
    "rows.valid": "表：现在算数的记录（同上）",
    "rows.step": "表：这个环节现在算数的记录（同上）",
    "rows.asked": "表：这个环节的要求（要求、依据）",
    "rows.papers": "表：各环节要求的材料（材料、环节、日期、份数）",
}
"""Each with its Chinese name. `rows.` are lists: `{%tr for 行 in 记录 %}`, then `{{行.日期}}`; `letter.check` is a picture."""

STEP: Mapping[str, str] = {
    "title": "环节的名称",
    "day": "办理的日期",
    "by": "记录的人",
    "begins": "计时从哪天起（张贴的那天）",
    "until": "计时的最后一日；没有计时的，期间期满的那天",
    "length": "计时多长，如“5 个工作日”",
    "due": "最迟哪天办理",
    "basis": "依据的文件和条款",
}
"""What can be said of every step."""

DATES = "dates."
"""What a date of somebody's circumstances begins with; which there are, policies say."""

PUBLIC = frozenset({
    "person.name", "person.sex", "person.born-month", "person.ethnicity", "person.education", "person.job",
    "unit.branch", "unit.committee", "unit.department", "case.started", "case.procedure", "today",
})  # fmt: skip
"""What anybody may read on a notice board: who it is, where he works, what is proposed; no address, no number, no opinion."""
PUBLIC_STEP = frozenset({"title", "day", "begins", "until", "length", "basis"})


def misnamed(source: str) -> str:
    """Why a source is none, as the end of a sentence; empty for one that there is."""
    if source in SOURCES or source.startswith(DATES):
        return ""
    rest = _of_step(source)
    if rest is None:
        return f"的来源“{source}”不认识{nearest(source, SOURCES)}。"
    if rest and ((rest == [rest[0]] and rest[0] in STEP) or rest[0] in FACETS):
        return ""
    return f"的来源“{source}”不认识{nearest(rest[0] if rest else '', (*STEP, *FACETS))}。"


def unfit_for_public(source: str) -> str:
    """Why a public notice may not show it, as the end of a sentence; empty for what it may."""
    rest = _of_step(source)
    if source in PUBLIC or (rest and rest[0] in PUBLIC_STEP):
        return ""
    if rest and rest[0] in FACETS and rest[1:] and rest[1] in FACETS[rest[0]].posted:
        return ""
    return f"的来源“{source}”不能张贴出去。公示只写姓名、单位、岗位和公示的起止等。"


def _of_step(source: str) -> list[str] | None:
    """What stands behind the step; None for a source that is of none."""
    first, *rest = source.split(".")
    if first == "step":
        return rest
    return rest[1:] if first == "steps" else None


__all__ = ["DATES", "PUBLIC", "PUBLIC_STEP", "SOURCES", "STEP", "misnamed", "unfit_for_public"]
