"""Words of case pages: levels, states, what happened, and short words for why a case stands still."""

from __future__ import annotations

from collections.abc import Sequence

from core import actor
from core.casework.standing.events import KINDS
from dangwu import BLOCKED, FAILED, OPEN, WAITING, titles
from web.kit.procedures import opening, step_title

LEVELS = {one: titles.level(one) for one in actor.LEVELS}
"""The platform's levels; what the person does himself, the branch writes down."""

SHORT_LEVELS = titles.SHORT_LEVELS
STATUSES = titles.STATUSES
STATES = {state: titles.STATES[state] for state in (OPEN, WAITING, FAILED, BLOCKED)}
"""States that a step at hand of a running case can have."""


def reasons_said(codes: Sequence[str]) -> str:
    """The reasons of a case in a line; that nothing is recorded yet is only said where nothing else is lacking."""
    told = [code for code in codes if code != "step.record"] or codes
    return "、".join(dict.fromkeys(titles.reason(code) for code in told))


_EVENTS = {
    "taken-over": ("接续了", "的纸质档案"),
    "recorded": ("记录了", "的{step}"),
    "supplemented": ("补充了", "的{step}材料"),
    "corrected": ("更正了", "的{step}记录"),
    "struck": ("撤销了", "误记的{step}记录"),
    "correction-asked": ("请求更正", "的{step}记录"),
    "correction-granted": ("同意更正", "的{step}记录"),
    "correction-refused": ("没有同意更正", "的{step}记录"),
    "returned": ("把", "退回到{step}"),
    "exempted": ("同意", "的{step}例外办理"),
    "ended": ("终止了", "的办理"),
    "reopened": ("恢复了", "的办理"),
    "facts": ("更新了", "的本人情况"),
    "noted": ("给", "的档案写了备注"),
    "carried": ("转入了", "的档案"),
    "turned": ("按日期核对，", "的办理情况有变化"),
}


def event_words(kind: str, procedure: str, step: str | None) -> tuple[str, str]:
    """What somebody did, around the name of the person it was done for: (记录了, 的“公示”)."""
    if kind == "opened":
        before, after = opening(procedure)
        return before, after
    before, after = _EVENTS.get(kind, (f"{KINDS.get(kind, kind)}：", ""))
    return before, after.format(step=f"“{step_title(step)}”" if step else "一个环节")


def short_levels(levels: Sequence[str]) -> str:
    """支部、党委; lowest first."""
    return "、".join(SHORT_LEVELS[one] for one in SHORT_LEVELS if one in levels)
