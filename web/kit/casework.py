"""Words of case pages: levels, states, what happened, and short words for why a case stands still."""

from __future__ import annotations

from collections.abc import Sequence

from core import actor
from core.casework.standing.events import KINDS
from dangwu import BLOCKED, FACETS, FAILED, OPEN, WAITING, titles
from web.kit.procedures import opening, step_title

LEVELS = {one: titles.level(one) for one in actor.LEVELS}
"""The platform's levels; what the person does himself, the branch writes down."""

SHORT_LEVELS = titles.SHORT_LEVELS
STATUSES = titles.STATUSES
STATES = {state: titles.STATES[state] for state in (OPEN, WAITING, FAILED, BLOCKED)}
"""States that a step at hand of a running case can have."""


_REASONS = {
    "timing.early": "未到最早日期",
    "timing.overdue": "超过办理期限",
    "timing.void": "期限已过须退回",
    "timing.blackout": "处于不办理的期间",
    "timing.span": "预备期未满",
    "notice.running": "公示未期满",
    "notice.missing": "尚未公示",
    "notice.place": "公示地点不全",
    "notice.channel": "公示渠道不全",
    "notice.objection": "有异议待处理",
    "notice.provisional": "公示期为暂算",
    "documents.missing": "材料不齐",
    "consultation.missing": "意见未听全",
    "talk.missing": "尚未谈话",
    "talk.party": "谈话人不全",
    "eligibility.barred": "不具备资格",
    "eligibility.age": "年龄不够",
    "poll.missing": "尚未测评推荐",
    "poll.share": "测评推荐未达比例",
    "vote.missing": "尚未表决",
    "vote.quorum": "到会人数不足",
    "vote.failed": "表决未通过",
    "vote.secret": "未用无记名投票",
    "vote.one-by-one": "未逐个表决",
    "vote.observer": "列席人员不全",
    "vote.presence": "应到人员未到",
    "vote.briefing": "表决前未讲清",
    "review.missing": "审查结论不全",
    "review.aspect": "审查内容不全",
    "review.returned": "审查退回",
    "review.failed": "审查不合格",
    "inquiry.unanswered": "复函未到齐",
    "inquiry.concern": "复函有疑问",
    "inquiry.vetoed": "复函不同意",
    "training.missing": "尚未培训",
    "training.short": "培训不足",
    "training.exam": "培训考核未过",
    "assessment.count": "考察次数不够",
    "assessment.item": "考察内容不全",
    "assessment.mark": "考察得分不够",
    "assessment.overdue": "考察逾期",
    "appointment.count": "人选不足",
    "appointment.unqualified": "人选不合条件",
    "appointment.unsuitable": "人选不宜担任",
    "consent.missing": "上级尚未同意",
    "consent.refused": "上级不同意",
    "filing.missing": "尚未备案",
    "recording.late": "补记逾期",
    "recording.missing": "尚未补记",
    "signoff.missing": "签认不全",
    "visit.missing": "尚未回访",
    "visit.aspect": "回访内容不全",
    "serial.missing": "尚未编号",
    "serial.exhausted": "编号用完",
    "serial.duplicate": "编号重复",
    "step.record": "尚未记录",
    "check.error": "插件检查出错",
}


def reason_title(code: str) -> str:
    """A few words for a finding's code; one that a plugin brings is named after its facet."""
    kind = FACETS.get(code.partition(".")[0])
    return _REASONS.get(code) or (f"{kind.title}未满足" if kind is not None else code)


def reasons_said(codes: Sequence[str]) -> str:
    """The reasons of a case in a line; that nothing is recorded yet is only said where nothing else is lacking."""
    told = [code for code in codes if code != "step.record"] or codes
    return "、".join(dict.fromkeys(reason_title(code) for code in told))


def reasons_known() -> dict[str, str]:
    """The reasons that a list can be narrowed to."""
    return dict(_REASONS)


_EVENTS = {
    "taken-over": ("接续了", "的纸质档案"),
    "recorded": ("记录了", "的{step}"),
    "returned": ("把", "退回到{step}"),
    "facts": ("更新了", "的本人情况"),
    "noted": ("给", "的档案写了备注"),
    "carried": ("转入了", "的档案"),
    "turned": ("按日期重新核对了", "的档案，办理情况有变化"),
}


def event_words(kind: str, procedure: str, step: str | None) -> tuple[str, str]:
    """What somebody did, around the name of the person it was done for: (记录了, 的“公示”)."""
    if kind == "opened":
        before, after = opening(procedure)
        return f"{before}了", after
    before, after = _EVENTS.get(kind, (f"{KINDS.get(kind, kind)}：", ""))
    return before, after.format(step=f"“{step_title(step)}”" if step else "一个环节")


def short_levels(levels: Sequence[str]) -> str:
    """支部、党委; lowest first."""
    return "、".join(SHORT_LEVELS[one] for one in SHORT_LEVELS if one in levels)
