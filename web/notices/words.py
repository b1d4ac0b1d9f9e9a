"""A notice in words, and where it leads."""

from __future__ import annotations

from uuid import UUID

import msgspec

from core.notices.model import KINDS, Notice
from dangwu import titles
from web.kit.procedures import step_title

_DECIDED = {
    "approve": "批准了", "return": "退回了", "correction-granted": "同意更正", "correction-refused": "没有同意更正",
    "done": "已生成", "refused": "没有生成", "lost": "没有生成", "asked": "须另一人同意",
    "password": "密码", "second-factor": "动态口令",
}  # fmt: skip


class Said(msgspec.Struct, frozen=True):
    """A notice with its title, what it is about, and where its subject stands ("" where one may not look)."""

    notice: Notice
    title: str
    what: str
    href: str


def said(notice: Notice) -> Said:
    """One in words."""
    title, what = KINDS.get(notice.kind, notice.kind), what_of(notice.kind, notice.what)
    return Said(notice, title, what, address_of(notice) if notice.seen else "")


def what_of(kind: str, what: str) -> str:
    """What it is about: a step, a duty, a letter, what was decided of which plan."""
    decided, _, rest = what.partition(":")
    match kind:
        case "duty" | "duty-behind":
            return titles.family(what)
        case "letter" | "letter-due" | "letter-answered":
            return f"介绍信 {what}"
        case "answered":
            return f"{_DECIDED.get(decided, decided)}“{step_title(rest)}”的记录"
        case "plan":
            return f"{_DECIDED.get(decided, decided)}“{rest}”"
        case "export":
            return f"{rest}{_DECIDED.get(decided, decided)}"
        case "export-asked" | "branch-ending" | "branch-over":
            return what
        case "reset":
            return f"{_DECIDED.get(decided, decided)}已由他人重置，不是您本人要求的，请马上与组织部管理员联系"
        case "quota":
            return f"{rest}{'已到上限' if decided == 'full' else '已用到八成'}"
        case "ledger":
            return f"{what}与封存时不同，可能有人改动过日志，请马上查看"
        case _:
            return step_title(what) if what else ""


def address_of(notice: Notice) -> str:
    """The address of what a notice is about."""
    return leads_to(notice.kind, notice.subject, notice.unit_id)


def leads_to(kind: str, subject: UUID | None, unit_id: UUID | None) -> str:
    """The same by its kind, its subject and its unit."""
    match kind:
        case "duty" | "duty-behind":
            return f"/duties/{unit_id}"
        case "branch-ending" | "branch-over":
            return f"/units/{unit_id}"
        case "letter":
            return f"/transfers/offers/{subject}"
        case "plan":
            return f"/plans/{subject}"
        case "export" | "export-asked":
            return "/exports"
        case "minimise-asked":
            return "/people/minimise"
        case "reset":
            return "/me"
        case "ledger":
            return "/accounts/log/seal"
        case "quota":
            return "/jobs/usage"
        case _:
            return f"/cases/{subject}"
