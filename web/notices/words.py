"""A notice in words, and where it leads."""

from __future__ import annotations

import msgspec

from core.notices.model import KINDS, Notice
from dangwu import titles
from web.kit.procedures import step_title

_DECIDED = {
    "approve": "批准了", "return": "退回了", "correction-granted": "同意更正", "correction-refused": "没有同意更正",
    "done": "已生成", "refused": "没有生成", "lost": "没有生成", "password": "密码", "second-factor": "动态口令",
}  # fmt: skip


class Said(msgspec.Struct, frozen=True):
    """A notice with its title, what it is about, and where its subject stands ("" where one may not look)."""

    notice: Notice
    title: str
    what: str
    href: str


def said(notice: Notice) -> Said:
    """One in words."""
    return Said(
        notice, KINDS.get(notice.kind, notice.kind), _what(notice), leads_to(notice) if notice.seen else ""
    )


def _what(notice: Notice) -> str:
    decided, _, rest = notice.what.partition(":")
    match notice.kind:
        case "duty":
            return titles.family(notice.what)
        case "letter" | "letter-due" | "letter-answered":
            return f"介绍信 {notice.what}"
        case "answered":
            return f"{_DECIDED.get(decided, decided)}“{step_title(rest)}”的记录"
        case "plan":
            return f"{_DECIDED.get(decided, decided)}“{rest}”"
        case "export":
            return f"{rest}{_DECIDED.get(decided, decided)}"
        case "reset":
            return f"{_DECIDED.get(decided, decided)}已由他人重置，不是您本人要求的，请马上与组织部管理员联系"
        case _:
            return f"“{step_title(notice.what)}”" if notice.what else ""


def leads_to(notice: Notice) -> str:
    """The address of what it is about."""
    match notice.kind:
        case "duty":
            return f"/duties/{notice.unit_id}"
        case "letter":
            return f"/transfers/offers/{notice.subject}"
        case "plan":
            return f"/plans/{notice.subject}"
        case "export":
            return "/exports"
        case "reset":
            return "/me"
        case _:
            return f"/cases/{notice.subject}"
