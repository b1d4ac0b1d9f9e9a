"""Values of notices: what somebody can be told, how it is found, and what stands in his inbox."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

KINDS: dict[str, str] = {
    "review": "等您审查",
    "turn": "轮到您办",
    "request": "更正请求等您答复",
    "returned": "被退回",
    "due": "临近最迟日期",
    "overdue": "已过最迟日期",
    "duty": "职责临近到期",
    "case-behind": "下级办理逾期",
    "duty-behind": "下级职责逾期",
    "branch-ending": "临时党支部临近到期",
    "branch-over": "临时党支部到期没有撤销",
    "letter": "县外来信等待受理",
    "letter-due": "介绍信临近失效",
    "letter-answered": "介绍信已有答复",
    "answered": "更正请求已有答复",
    "plan": "年度计划已有结论",
    "export": "导出的文件已有结果",
    "export-asked": "导出名单等您同意",
    "minimise-asked": "精简名单等您签字",
    "reset": "您的登录方式被重置",
    "ledger": "日志核对发现问题",
    "quota": "用量接近上限",
}
"""Kind of notice → its title, in the order in which a mail counts them."""

OF_CASES = frozenset(
    {
        "review", "turn", "request", "returned", "due", "overdue", "case-behind", "letter-due", "letter-answered", "answered",
    }
)  # fmt: skip
"""The kinds whose subject is a case."""

ALWAYS = frozenset({"reset", "ledger"})
"""The kinds that nobody can do without: they say that somebody may be at his account, or at the ledger."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody is to be told, once for each `occasion`.

    `subject` is what it leads to: a case (OF_CASES), a letter, a plan; of the other kinds None. `what` names a step, a family of
    duties, a plan or a file; never a person. `day` is by when, `by_name` who did it.
    """

    kind: str
    occasion: str
    subject: UUID | None = None
    unit_id: UUID | None = None
    what: str = ""
    day: date | None = None
    by_name: str = ""


class Notice(msgspec.Struct, frozen=True):
    """One that stands in an inbox; `person_name` is "" unless it is about a case that its owner may see now (`seen`)."""

    id: UUID
    kind: str
    subject: UUID | None
    unit_id: UUID | None
    unit_name: str
    what: str
    day: date | None
    by_name: str
    at: datetime
    read_at: datetime | None
    person_name: str
    seen: bool
